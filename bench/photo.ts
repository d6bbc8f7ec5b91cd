import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rgbaToThumbHash } from 'thumbhash';
import { openMedia } from '../main/media/index.ts';
import type { Media } from '../main/media/index.ts';
import { chooseBuild, loadSharp } from '../main/media/sharp-build.ts';
import type { Sharp } from '../main/media/sharp-build.ts';

/** One line of the results; see docs on performance for what each name means. */
export interface PhotoLine {
  name: string;
  value: number;
  unit: 'ms';
  peer: string;
  peerValue: number;
  ratio: number;
}

const ROUNDS = 9;

/** 12 MP that compress like a photo. */
async function samplePhoto(sharp: Sharp): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  const create = { width: 500, height: 375, channels: 3, noise, background: '#000' } as const;
  const rough = await sharp({ create }).png().toBuffer();
  const exif = { IFD0: { Artist: 'Ada' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 31/1 12/1' } };
  return sharp(rough).resize(4000, 3000, { kernel: 'cubic' }).withExif(exif).jpeg({ quality: 92 }).toBuffer();
}

/** The same work without the worker, the checks, the hash and the store. */
async function bare(sharp: Sharp, path: string, folder: string): Promise<void> {
  const bytes = await readFile(path);
  const resized = sharp(bytes).autoOrient().resize(2048, 2048, { fit: 'inside' });
  const sent = await resized.jpeg({ quality: 82 }).toBuffer();
  await writeFile(join(folder, 'sent'), sent);
  const thumbnail = await sharp(sent).resize(640, 640, { fit: 'inside' }).jpeg({ quality: 80 }).toBuffer();
  await writeFile(join(folder, 'thumbnail'), thumbnail);
  const tiny = sharp(sent).resize(100, 100, { fit: 'inside' }).ensureAlpha().raw();
  const { data, info } = await tiny.toBuffer({ resolveWithObject: true });
  rgbaToThumbHash(info.width, info.height, data);
  const { width, height } = info;
  const small = sharp(data, { raw: { width, height, channels: 4 } }).resize(48, 48, { fit: 'inside' });
  await small.removeAlpha().jpeg({ quality: 55 }).toBuffer();
}

async function ours(media: Media, path: string): Promise<string[]> {
  const { file } = await media.encode(path, { quality: 'standard', metadata: 'credit', sharpen: false });
  // Side by side, as a photo that is being sent has them made (features/photos.ts).
  const [thumbnail] = await Promise.all([media.thumbnail(file.sha256), media.placeholder(file.path)]);
  return [file.sha256, thumbnail.sha256];
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** 12 MP JPEG to Standard, thumbnail and placeholder, against bare sharp of the same build, in turns. */
export default async function photo(): Promise<PhotoLine[]> {
  const folder = await mkdtemp(join(tmpdir(), 'postcard-bench-photo-'));
  // The build that Electron has on Linux can be measured, too.
  const build = process.env['POSTCARD_BENCH_SHARP'] === 'wasm' ? 'wasm' : chooseBuild();
  const sharp = loadSharp(build);
  sharp.cache(false);
  const path = join(folder, 'photo.jpg');
  await writeFile(path, await samplePhoto(sharp));
  const media = await openMedia({ folder: join(folder, 'files'), build });
  const times = { ours: [] as number[], bare: [] as number[] };
  for (let round = -1; round < ROUNDS; round += 1) {
    const start = performance.now();
    const made = await ours(media, path);
    const middle = performance.now();
    await bare(sharp, path, folder);
    const end = performance.now();
    // The next round must not find its work done.
    for (const sha256 of made) await media.store.remove(sha256);
    // The first round loads code and starts the worker.
    if (round < 0) continue;
    times.ours.push(middle - start);
    times.bare.push(end - middle);
  }
  await media.close();
  await rm(folder, { recursive: true });
  const [value, peerValue] = [median(times.ours), median(times.bare)];
  const round = (number: number, by: number) => Math.round(number * by) / by;
  const ratio = round(value / peerValue, 100);
  return [
    {
      name: 'photo',
      value: round(value, 10),
      unit: 'ms',
      peer: `bare sharp (${build})`,
      peerValue: round(peerValue, 10),
      ratio,
    },
  ];
}
