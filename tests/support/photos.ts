import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';
import { temporaryFolder } from './folders.ts';

/** The small files that come with the project; tests/fixtures/README.md says what each is. */
export const fixture = (name: string): string => join(import.meta.dirname, '..', 'fixtures', name);

/** GPS position and other facts that a camera writes, as sharp wants them. */
export const cameraExif = {
  IFD0: { Make: 'Postcard', Model: 'Test camera', Copyright: 'A. Photographer' },
  IFD2: { DateTimeOriginal: '2026:05:04 10:11:12' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '48/1 51/1 29/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '2/1 17/1 40/1',
  },
};

export interface PhotoOptions {
  /** px, as stored; a 24 MP camera picture without them. */
  readonly width?: number;
  readonly height?: number;
  /** EXIF orientation 1 to 8. */
  readonly orientation?: number;
  /** Another seed is another picture. */
  readonly seed?: number;
}

/**
 * A JPEG with the properties of a camera's: sensor noise over smooth light (so that it neither compresses to
 * nothing nor is pure noise), EXIF with a GPS position, and an orientation. Gives its path.
 */
export async function cameraPhoto(options: PhotoOptions = {}): Promise<string> {
  const { width = 6000, height = 4000, orientation = 1, seed = 1 } = options;
  const path = join(folder(), `camera-${width}x${height}-${orientation}-${seed}.jpg`);
  if (existsSync(path)) return path;
  await sharp(pixels(width, height, seed), { raw: { width, height, channels: 3 } })
    .withExif(cameraExif)
    .withMetadata({ orientation })
    .jpeg({ quality: 92 })
    .toFile(path);
  return path;
}

let made: string | null = null;
const folder = (): string => (made ??= temporaryFolder('photos'));

/** Interleaved RGB: a gradient, with noise of a fixed seed. */
function pixels(width: number, height: number, seed: number): Buffer {
  const data = Buffer.allocUnsafe(width * height * 3);
  let noise = (seed * 2_654_435_761) >>> 0 || 1;
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      // xorshift32: the same picture on every machine.
      noise ^= noise << 13;
      noise ^= noise >>> 17;
      noise ^= noise << 5;
      const grain = (noise & 15) - 8;
      data[at++] = clamp((x * 223) / width + 16 + grain);
      data[at++] = clamp((y * 223) / height + 16 + grain);
      data[at++] = clamp(((x + y + seed * 97) * 223) / (width + height) + grain) & 0xff;
    }
  }
  return data;
}

const clamp = (value: number) => Math.max(0, Math.min(255, Math.round(value)));

/** A file with these bytes or this text, under a name of its own. Gives its path. */
export function file(name: string, content: string | Buffer): string {
  const inside = join(folder(), 'files');
  mkdirSync(inside, { recursive: true });
  const path = join(inside, name);
  writeFileSync(path, content);
  return path;
}

/**
 * A valid PNG of a few kilobytes that would take `width × height × 4` bytes when decoded: one bit a pixel, all
 * alike, and its rows missing after the first thousand.
 */
export function pictureBomb(width: number, height: number): string {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const row = Buffer.alloc(1 + Math.ceil(width / 8));
  const rows = Buffer.concat(Array.from({ length: Math.min(height, 1000) }, () => row));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return file(`bomb-${width}x${height}.png`, Buffer.concat([signature, ...chunks]));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** So many different 24 MP photos, cheaply: one picture, with a comment of its own in each. Gives their paths. */
export async function manyCameraPhotos(count: number): Promise<string[]> {
  const base = await cameraPhoto({ seed: 11 });
  const bytes = readFileSync(base);
  return Array.from({ length: count }, (_, number) => {
    // A comment makes another file of it (JPEG, ITU T.81 B.2.4.5), whose pixels are worked on all the same.
    const text = Buffer.from(`photo ${number}`);
    const comment = Buffer.from([0xff, 0xfe, 0, text.length + 2]);
    return file(
      `many-${number}.jpg`,
      Buffer.concat([bytes.subarray(0, 2), comment, text, bytes.subarray(2)]),
    );
  });
}
