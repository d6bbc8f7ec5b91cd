import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import exifr from 'exifr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MetadataProfile } from '../../contract/photos.ts';
import { pngChunk } from './metadata/png.ts';
import { MediaError, openMedia } from './index.ts';
import type { Media, Quality } from './index.ts';

let folder: string;
let media: Media;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-media-'));
  media = await openMedia({ folder: join(folder, 'files') });
});

afterAll(async () => {
  await media.close();
  await rm(folder, { recursive: true });
});

/** Soft noise: compresses like a photo. */
async function photo(width: number, height: number, channels: 3 | 4 = 3): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  const create = { width: Math.ceil(width / 8), height: Math.ceil(height / 8), channels: 3, noise } as const;
  const rough = await sharp({ create: { ...create, background: '#000' } })
    .png()
    .toBuffer();
  const smooth = sharp(await sharp(rough).resize(width, height, { fit: 'fill' }).png().toBuffer());
  if (channels === 3) return smooth.png({ compressionLevel: 1 }).toBuffer();
  const { data, info } = await smooth.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  for (let at = 3; at < data.length; at += 4) data[at] = (at >> 8) % 256;
  return sharp(data, { raw: info }).png({ compressionLevel: 1 }).toBuffer();
}

const GPS = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '52/1 31/1 123457/10000',
  GPSLongitudeRef: 'E',
  GPSLongitude: '13/1 24/1 765433/10000',
};
const EXIF = { IFD0: { Artist: 'Ada', Copyright: 'Ada 2024', Model: 'Box 1' }, IFD3: GPS };
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="52,31.2057N"/></rdf:RDF></x:xmpmeta>`;

async function file(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function code(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof MediaError ? error.code : `no MediaError: ${String(error)}`;
}

const raw = (bytes: Uint8Array) => sharp(bytes, { animated: true }).raw().toBuffer();

describe('what is refused', () => {
  test('a text named .jpg, an SVG and a PDF are no pictures', async () => {
    expect(await code(media.inspect(await file('text.jpg', Buffer.from('Dear diary'))))).toBe('not-an-image');
    expect(await code(media.inspect(await file('a.svg', Buffer.from('<svg/>'))))).toBe('not-an-image');
    expect(await code(media.encode(await file('a.png', Buffer.from('%PDF-1.7')), standard()))).toBe(
      'not-an-image',
    );
    expect(await code(media.inspect(folder))).toBe('not-an-image');
  });

  test('nothing, an absent file, HEIC and BMP have their own codes', async () => {
    expect(await code(media.inspect(await file('empty.jpg', Buffer.alloc(0))))).toBe('image-broken');
    expect(await code(media.inspect(join(folder, 'absent.jpg')))).toBe('file-missing');
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1');
    await expect(media.inspect(await file('a.heic', heic))).rejects.toMatchObject({
      code: 'image-unsupported',
      detail: { format: 'HEIC' },
    });
    expect(await code(media.inspect(await file('a.bmp', Buffer.from('BM00000000'))))).toBe(
      'image-unsupported',
    );
  });

  test.each([0.05, 0.5, 0.95, 0.999])('pictures cut at %f of their length are broken', async (share) => {
    const png = await photo(900, 700);
    const all = [
      png,
      await sharp(png).jpeg().toBuffer(),
      await sharp(png).jpeg({ progressive: true }).toBuffer(),
    ];
    for (const [index, whole] of all.entries()) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      expect(await code(media.inspect(await file(`cut-${share}-${index}`, cut)))).toBe('image-broken');
    }
  });

  test('a PNG of 50,000 × 50,000 px is refused by its header, before any decoding', async () => {
    const header = Buffer.alloc(13);
    header.writeUInt32BE(50_000, 0);
    header.writeUInt32BE(50_000, 4);
    header.set([8, 2], 8);
    const zeros = (await import('node:zlib')).deflateSync(Buffer.alloc(1 << 24));
    const parts = [pngChunk('IHDR', header), pngChunk('IDAT', zeros), pngChunk('IEND', Buffer.alloc(0))];
    const bomb = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
    const path = await file('bomb.png', bomb);
    const ways = [
      () => media.inspect(path),
      () => media.encode(path, standard()),
      () => media.thumbnail(path),
    ];
    for (const refused of ways) {
      await expect(refused()).rejects.toMatchObject({ code: 'image-too-large', detail: { width: 50_000 } });
    }
  });

  test('a cancelled job is rejected at once, running or waiting, and the others go on', async () => {
    const path = await file('cancel.png', await photo(3000, 2000));
    const controller = new AbortController();
    const jobs = Array.from({ length: 5 }, () => code(media.encode(path, standard(), controller.signal)));
    const other = media.inspect(path);
    controller.abort();
    expect(await Promise.all(jobs)).toEqual(Array(5).fill('cancelled'));
    expect((await other).width).toBe(3000);
    expect(await code(media.inspect(path, AbortSignal.abort()))).toBe('cancelled');
  });
});

function standard(metadata: MetadataProfile = 'credit', quality: Quality = 'standard') {
  return { quality, metadata, sharpen: false };
}

describe('facts', () => {
  test('upright size, frames, alpha, profile and place', async () => {
    const png = await photo(600, 400);
    const jpeg = sharp(png).withMetadata({ orientation: 6 }).withIccProfile('p3');
    const path = await file('facts.jpg', await jpeg.withExifMerge(EXIF).jpeg().toBuffer());
    expect(await media.inspect(path)).toMatchObject({
      mediaType: 'image/jpeg',
      width: 400,
      height: 600,
      frames: 1,
      alpha: false,
      hasLocation: true,
      colourProfile: expect.stringMatching(/p3/i) as string,
      orientation: 6,
    });
    expect(await media.inspect(await file('alpha.png', await photo(64, 64, 4)))).toMatchObject({
      mediaType: 'image/png',
      alpha: true,
      hasLocation: false,
      colourProfile: null,
    });
  });

  test.each(['gif', 'webp'] as const)('an animated %s counts its frames', async (kind) => {
    const path = await file(`anim.${kind}`, await animation(kind, 80, 60, 5));
    expect(await media.inspect(path)).toMatchObject({ frames: 5, width: 80, height: 60 });
  });
});

async function animation(
  kind: 'gif' | 'webp',
  width: number,
  height: number,
  frames: number,
): Promise<Buffer> {
  const all = await photo(width, height * frames);
  const { data, info } = await sharp(all).raw().toBuffer({ resolveWithObject: true });
  const raw = { width, height: info.height, channels: info.channels, pageHeight: height };
  const pipeline = sharp(data, { raw });
  return kind === 'gif' ? pipeline.gif().toBuffer() : pipeline.webp({ quality: 95 }).toBuffer();
}

describe('standard and high', () => {
  test('upright, fitted, sRGB, without place but with author', async () => {
    const source = sharp(await photo(3000, 2000))
      .withIccProfile('p3')
      .withMetadata({ orientation: 6 });
    const path = await file('s.jpg', await source.withExifMerge(EXIF).jpeg({ quality: 95 }).toBuffer());
    const sent = await media.encode(path, standard());
    expect(sent).toMatchObject({ width: 1365, height: 2048, mediaType: 'image/jpeg', unchanged: false });
    expect(sent.bytes).toBeLessThan(statSync(path).size);
    const bytes = readFileSync(sent.file.path);
    const facts = await sharp(bytes).metadata();
    expect(facts).toMatchObject({ width: 1365, height: 2048, space: 'srgb', hasProfile: false });
    expect(await exifr.parse(bytes)).toEqual({ Artist: 'Ada', Copyright: 'Ada 2024' });
    expect(await exifr.gps(bytes)).toBeUndefined();
    // Before the pixels, which may have any three bytes in a row.
    const head = bytes.subarray(0, bytes.indexOf(Buffer.from([0xff, 0xda])));
    expect(head.includes(Buffer.from('GPS'))).toBe(false);
    expect((await media.encode(path, standard('credit', 'high'))).width).toBe(2000);
  });

  test('the place stays when it is asked for', async () => {
    const path = await file(
      'keep.jpg',
      await sharp(await photo(3000, 2000))
        .withExif(EXIF)
        .jpeg()
        .toBuffer(),
    );
    const sent = await media.encode(path, standard('all'));
    const place = await exifr.gps(readFileSync(sent.file.path));
    expect(place.latitude).toBeCloseTo(52.52, 2);
    expect(sent.width).toBe(2048);
  });

  test('transparency survives, as WebP or PNG', async () => {
    const sent = await media.encode(await file('t.png', await photo(2600, 1600, 4)), standard());
    expect(sent.mediaType).toBe('image/webp');
    expect((await sharp(sent.file.path).metadata()).hasAlpha).toBe(true);
  });

  test('a drawing of few colours stays lossless', async () => {
    const red = { create: { width: 400, height: 300, channels: 3, background: '#c00' } } as const;
    const large = sharp(red).extend({ right: 400, bottom: 300, background: '#fff' });
    const png = await large.png({ compressionLevel: 0 }).toBuffer();
    const sent = await media.encode(await file('drawing.png', png), standard());
    expect(sent.mediaType).toBe('image/png');
    expect(await raw(readFileSync(sent.file.path))).toEqual(await raw(png));
  });

  test('CMYK, 16 bits and palettes become plain sRGB', async () => {
    const png = await photo(2200, 500);
    const cmyk = await sharp(png).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const deep = await sharp(png).toColourspace('rgb16').png().toBuffer();
    const palette = await sharp(png).png({ palette: true }).toBuffer();
    for (const [index, bytes] of [cmyk, deep, palette].entries()) {
      const sent = await media.encode(await file(`odd-${index}`, bytes), standard());
      const facts = await sharp(sent.file.path).metadata();
      expect(facts).toMatchObject({ width: 2048, space: 'srgb', depth: 'uchar' });
      expect(sent.bytes).toBeLessThanOrEqual(bytes.length);
    }
  });

  test.each([3, 10, 30, 60, 90])('never more bytes than a JPEG of quality %i had', async (quality) => {
    for (const [width, height] of [
      [300, 200],
      [2500, 1500],
    ] as const) {
      for (const orientation of [1, 6]) {
        const bytes = await sharp(await photo(width, height))
          .withMetadata({ orientation })
          .jpeg({ quality })
          .toBuffer();
        const path = await file(`q-${quality}-${width}-${orientation}.jpg`, bytes);
        for (const kind of ['standard', 'high', 'original'] as const) {
          const sent = await media.encode(path, standard('credit', kind));
          expect(sent.bytes).toBeLessThanOrEqual(bytes.length);
          const upright = orientation === 6 ? height / width : width / height;
          expect(sent.width / sent.height).toBeCloseTo(upright, 1);
          if (kind === 'standard') expect(Math.max(sent.width, sent.height)).toBeLessThanOrEqual(2048);
        }
      }
    }
  });

  test.each(['gif', 'webp'] as const)(
    'an animated %s that fits keeps its frames bit for bit',
    async (kind) => {
      const bytes = await animation(kind, 120, 90, 4);
      const sent = await media.encode(await file(`keep.${kind}`, bytes), standard());
      expect(sent).toMatchObject({ width: 120, height: 90, mediaType: `image/${kind}` });
      expect(await raw(readFileSync(sent.file.path))).toEqual(await raw(bytes));
    },
  );

  test('an animation that is too big is resized and still moves', async () => {
    const bytes = await animation('gif', 2400, 60, 3);
    const sent = await media.encode(await file('big.gif', bytes), standard());
    expect(sent).toMatchObject({ width: 2048, height: 51, mediaType: 'image/webp' });
    expect((await sharp(sent.file.path).metadata()).pages).toBe(3);
  });
});

describe('original', () => {
  test('without a place it is the input, bit for bit', async () => {
    for (const kind of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const bytes = await sharp(await photo(300, 200))
        .toFormat(kind)
        .toBuffer();
      const sent = await media.encode(
        await file(`o.${kind}`, bytes),
        standard('all-but-location', 'original'),
      );
      expect(sent).toMatchObject({ unchanged: true, bytes: bytes.length, mediaType: `image/${kind}` });
    }
  });

  test.each(['jpeg', 'png', 'webp', 'tiff', 'avif'] as const)(
    '%s loses its place and no pixel',
    async (kind) => {
      const pipeline = sharp(await photo(300, 200))
        .withExif(EXIF)
        .withXmp(XMP)
        .withIccProfile('p3');
      const bytes = await pipeline.toFormat(kind).toBuffer();
      const path = await file(`place.${kind}`, bytes);
      expect((await media.inspect(path)).hasLocation).toBe(true);
      const sent = await media.encode(path, standard('all-but-location', 'original'));
      const clean = readFileSync(sent.file.path);
      expect(sent).toMatchObject({ unchanged: false, mediaType: `image/${kind}`, width: 300, height: 200 });
      expect(clean.length).toBeLessThanOrEqual(bytes.length);
      expect(await raw(clean)).toEqual(await raw(bytes));
      expect((await media.inspect(sent.file.path)).hasLocation).toBe(false);
      expect(clean.includes(Buffer.from('GPSLatitude'))).toBe(false);
      // The numerators of the position, in either byte order.
      for (const number of [123457, 765433]) {
        const little = Buffer.alloc(4);
        little.writeUInt32LE(number);
        expect(clean.includes(little) || clean.includes(Buffer.from(little).reverse())).toBe(false);
      }
      if (kind !== 'webp')
        expect(((await exifr.parse(clean)) as { latitude?: number } | undefined)?.latitude).toBeUndefined();
      const kept = await media.encode(path, standard('all', 'original'));
      expect(kept.unchanged).toBe(true);
    },
  );

  test('a second picture and a film behind the end tell no place either', async () => {
    const inner = await sharp(await photo(64, 64))
      .withExif(EXIF)
      .jpeg()
      .toBuffer();
    const film = Buffer.from(
      '\0\0\0\x18ftypmp42\0\0\0\0mp42\0\0\0\x1e\xa9xyz\0\x12\x15\xc7+48.8584+002.2945/',
      'latin1',
    );
    const outer = await sharp(await photo(300, 200))
      .jpeg()
      .toBuffer();
    const path = await file('motion.jpg', Buffer.concat([outer, inner, film]));
    expect((await media.inspect(path)).hasLocation).toBe(true);
    const sent = await media.encode(path, standard('all-but-location', 'original'));
    const clean = readFileSync(sent.file.path);
    expect(clean.length).toBe(statSync(path).size);
    expect(clean.includes('+48.8584')).toBe(false);
    expect(await exifr.gps(clean.subarray(outer.length))).toBeUndefined();
    expect(clean.subarray(0, outer.length)).toEqual(outer);
  });
});

describe('small ones', () => {
  test('thumbnails are made once for a source and an edge', async () => {
    const stored = await media.store.addFile(
      await file(
        'thumb.jpg',
        await sharp(await photo(1600, 900))
          .jpeg()
          .toBuffer(),
      ),
    );
    const first = await media.thumbnail(stored.sha256);
    expect(await sharp(first.path).metadata()).toMatchObject({ width: 640, height: 360 });
    expect(await media.thumbnail(stored.sha256)).toEqual(first);
    expect(await media.thumbnail(stored.path)).toEqual(first);
    expect((await media.thumbnail(stored.sha256, 100)).sha256).not.toBe(first.sha256);
    writeFileSync(first.path, '');
    expect(await media.thumbnail(stored.sha256)).toEqual(first);
    expect(statSync(first.path).size).toBe(first.bytes);
  });

  test('avatars are small squares, placeholders tiny', async () => {
    for (const channels of [3, 4] as const) {
      const path = await file(`a${channels}.png`, await photo(900, 500, channels));
      const avatar = await media.avatar(path);
      expect(await sharp(avatar.path).metadata()).toMatchObject({ width: 256, height: 256 });
      expect(avatar.bytes).toBeLessThanOrEqual(65_536);
      const { thumbhash, thumbnail } = await media.placeholder(path);
      expect(thumbhash.length).toBeLessThanOrEqual(40);
      expect(thumbnail).toMatch(/^data:image\/(webp|jpeg);base64,/);
      expect(thumbnail.length).toBeLessThanOrEqual(2048);
    }
  });

  test('an avatar is the part that was chosen, of the picture as it is shown', async () => {
    const path = fileURLToPath(new URL('../../tests/fixtures/turned-gps.jpg', import.meta.url));
    const colours = async (crop: { x: number; y: number; side: number }) => {
      const { channels } = await sharp((await media.avatar(path, 64, crop)).path).stats();
      return channels.slice(0, 3).map(({ mean }) => Math.round(mean / 64) * 64);
    };
    const upright = await sharp(path).autoOrient().toBuffer();
    const { width, height } = await sharp(upright).metadata();
    const side = Math.round(Math.min(width, height) / 4);
    const corners = [0, 1].flatMap((x) => [0, 1].map((y) => ({ x, y })));
    for (const { x, y } of corners) {
      const cut = { left: x * (width - side), top: y * (height - side), width: side, height: side };
      const { channels } = await sharp(await sharp(upright).extract(cut).toBuffer()).stats();
      const expected = channels.slice(0, 3).map(({ mean }) => Math.round(mean / 64) * 64);
      expect(await colours({ x, y, side: 0.25 }), `${x} ${y}`).toEqual(expected);
    }
  });
});

test('the WebAssembly build does the same', async () => {
  const wasm = await openMedia({ folder: join(folder, 'wasm'), build: 'wasm' });
  const path = await file(
    'w.jpg',
    await sharp(await photo(4000, 3000))
      .withExif(EXIF)
      .jpeg()
      .toBuffer(),
  );
  expect(await wasm.inspect(path)).toEqual(await media.inspect(path));
  const sent = await Promise.all([1, 2, 3].map(() => wasm.encode(path, standard())));
  expect(sent[0]).toMatchObject({ width: 2048, height: 1536, mediaType: 'image/jpeg' });
  expect(new Set(sent.map((one) => one.file.sha256)).size).toBe(1);
  await wasm.close();
});

describe('metadata profiles', () => {
  const DATED = {
    IFD0: { Artist: 'Ada', Copyright: 'Ada 2024', Make: 'Boxes', Model: 'Box 1' },
    IFD2: { DateTimeOriginal: '2024:05:06 07:08:09', LensModel: 'Glass 2' },
    IFD3: GPS,
  };
  /** What the EXIF block of a picture of any kind says. */
  const read = async (path: string): Promise<Record<string, unknown>> => {
    const { exif } = await sharp(path).metadata();
    if (!exif) return {};
    const block = exif.subarray(0, 4).toString('latin1') === 'Exif' ? exif.subarray(6) : exif;
    return ((await exifr.parse(block, { gps: true })) ?? {}) as Record<string, unknown>;
  };

  test('a wide-gamut or 16-bit original is sent bit for bit, as long as nothing has to be taken out', async () => {
    const deep = await sharp(await photo(300, 200))
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    const wide = (kind: 'jpeg' | 'png' | 'webp' | 'avif') =>
      photo(300, 200).then((bytes) => sharp(bytes).withIccProfile('p3').toFormat(kind).toBuffer());
    const all = [deep, await wide('jpeg'), await wide('png'), await wide('webp'), await wide('avif')];
    for (const [at, bytes] of all.entries()) {
      const sent = await media.encode(await file(`wide-${at}`, bytes), standard('credit', 'original'));
      expect(sent.unchanged).toBe(true);
      expect(readFileSync(sent.file.path).equals(bytes)).toBe(true);
    }
  });

  test.each(['standard', 'original'] as const)('%s keeps what its profile says, no more', async (quality) => {
    for (const kind of ['jpeg', 'png', 'webp', 'avif'] as const) {
      const bytes = await sharp(await photo(2400, 300))
        .withExif(DATED)
        .toFormat(kind)
        .toBuffer();
      const path = await file(`profiles.${kind}`, bytes);
      expect(await read(path), kind).toMatchObject({ Artist: 'Ada', LensModel: 'Glass 2' });
      const sent = async (metadata: MetadataProfile) =>
        read((await media.encode(path, standard(metadata, quality))).file.path);
      const credit = await sent('credit');
      expect(credit, kind).toMatchObject({ Artist: 'Ada', Copyright: 'Ada 2024' });
      expect(credit['DateTimeOriginal'], kind).toBeInstanceOf(Date);
      for (const name of ['Model', 'Make', 'LensModel', 'latitude'])
        expect(credit[name], `${kind} ${name}`).toBeUndefined();
      const placeless = await sent('all-but-location');
      expect(placeless, kind).toMatchObject({ Artist: 'Ada', Model: 'Box 1', LensModel: 'Glass 2' });
      expect(placeless['latitude'], kind).toBeUndefined();
      expect((await sent('all'))['latitude'], kind).toBeCloseTo(52.52, 1);
      const none = await sent('none');
      for (const name of ['Artist', 'Copyright', 'DateTimeOriginal', 'Model', 'latitude'])
        expect(none[name], `${kind} ${name}`).toBeUndefined();
    }
  });
});
