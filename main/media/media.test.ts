import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { pngChunk } from './metadata/png.ts';
import { MediaError, openMedia } from './index.ts';
import { EXIF, photo, standard, testMedia } from './testing/pictures.ts';

const pictures = testMedia();

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
    expect(
      await code(pictures.media.inspect(await pictures.file('text.jpg', Buffer.from('Dear diary')))),
    ).toBe('not-an-image');
    expect(await code(pictures.media.inspect(await pictures.file('a.svg', Buffer.from('<svg/>'))))).toBe(
      'not-an-image',
    );
    expect(
      await code(pictures.media.encode(await pictures.file('a.png', Buffer.from('%PDF-1.7')), standard())),
    ).toBe('not-an-image');
    expect(await code(pictures.media.inspect(pictures.folder))).toBe('not-an-image');
  });

  test('nothing, an absent file, HEIC and BMP have their own codes', async () => {
    expect(await code(pictures.media.inspect(await pictures.file('empty.jpg', Buffer.alloc(0))))).toBe(
      'image-broken',
    );
    expect(await code(pictures.media.inspect(join(pictures.folder, 'absent.jpg')))).toBe('file-missing');
    const heic = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0heicmif1', 'latin1');
    await expect(pictures.media.inspect(await pictures.file('a.heic', heic))).rejects.toMatchObject({
      code: 'image-unsupported',
      detail: { format: 'HEIC' },
    });
    expect(await code(pictures.media.inspect(await pictures.file('a.bmp', Buffer.from('BM00000000'))))).toBe(
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
      expect(await code(pictures.media.inspect(await pictures.file(`cut-${share}-${index}`, cut)))).toBe(
        'image-broken',
      );
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
    const path = await pictures.file('bomb.png', bomb);
    const ways = [
      () => pictures.media.inspect(path),
      () => pictures.media.encode(path, standard()),
      () => pictures.media.thumbnail(path),
    ];
    for (const refused of ways) {
      await expect(refused()).rejects.toMatchObject({ code: 'image-too-large', detail: { width: 50_000 } });
    }
  });

  test('a cancelled job is rejected at once, running or waiting, and the others go on', async () => {
    const path = await pictures.file('cancel.png', await photo(3000, 2000));
    const controller = new AbortController();
    const jobs = Array.from({ length: 5 }, () =>
      code(pictures.media.encode(path, standard(), controller.signal)),
    );
    const other = pictures.media.inspect(path);
    controller.abort();
    expect(await Promise.all(jobs)).toEqual(Array(5).fill('cancelled'));
    expect((await other).width).toBe(3000);
    expect(await code(pictures.media.inspect(path, AbortSignal.abort()))).toBe('cancelled');
  });
});

describe('facts', () => {
  test('upright size, frames, alpha, profile and place', async () => {
    const png = await photo(600, 400);
    const jpeg = sharp(png).withMetadata({ orientation: 6 }).withIccProfile('p3');
    const path = await pictures.file('facts.jpg', await jpeg.withExifMerge(EXIF).jpeg().toBuffer());
    expect(await pictures.media.inspect(path)).toMatchObject({
      mediaType: 'image/jpeg',
      width: 400,
      height: 600,
      frames: 1,
      alpha: false,
      hasLocation: true,
      colourProfile: expect.stringMatching(/p3/i) as string,
      orientation: 6,
    });
    expect(
      await pictures.media.inspect(await pictures.file('alpha.png', await photo(64, 64, 4))),
    ).toMatchObject({
      mediaType: 'image/png',
      alpha: true,
      hasLocation: false,
      colourProfile: null,
    });
  });

  test.each(['gif', 'webp'] as const)('an animated %s counts its frames', async (kind) => {
    const path = await pictures.file(`anim.${kind}`, await animation(kind, 80, 60, 5));
    expect(await pictures.media.inspect(path)).toMatchObject({ frames: 5, width: 80, height: 60 });
  });
});

describe('standard and high', () => {
  test('upright, fitted, sRGB, without place but with author', async () => {
    const source = sharp(await photo(3000, 2000))
      .withIccProfile('p3')
      .withMetadata({ orientation: 6 });
    const path = await pictures.file(
      's.jpg',
      await source.withExifMerge(EXIF).jpeg({ quality: 95 }).toBuffer(),
    );
    const sent = await pictures.media.encode(path, standard());
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
    expect((await pictures.media.encode(path, standard('credit', 'high'))).width).toBe(2000);
  });

  test('the place stays when it is asked for', async () => {
    const path = await pictures.file(
      'keep.jpg',
      await sharp(await photo(3000, 2000))
        .withExif(EXIF)
        .jpeg()
        .toBuffer(),
    );
    const sent = await pictures.media.encode(path, standard('all'));
    const place = await exifr.gps(readFileSync(sent.file.path));
    expect(place.latitude).toBeCloseTo(52.52, 2);
    expect(sent.width).toBe(2048);
  });

  test('transparency survives, as WebP or PNG', async () => {
    const sent = await pictures.media.encode(
      await pictures.file('t.png', await photo(2600, 1600, 4)),
      standard(),
    );
    expect(sent.mediaType).toBe('image/webp');
    expect((await sharp(sent.file.path).metadata()).hasAlpha).toBe(true);
  });

  test('a drawing of few colours stays lossless', async () => {
    const red = { create: { width: 400, height: 300, channels: 3, background: '#c00' } } as const;
    const large = sharp(red).extend({ right: 400, bottom: 300, background: '#fff' });
    const png = await large.png({ compressionLevel: 0 }).toBuffer();
    const sent = await pictures.media.encode(await pictures.file('drawing.png', png), standard());
    expect(sent.mediaType).toBe('image/png');
    expect(await raw(readFileSync(sent.file.path))).toEqual(await raw(png));
  });

  test('CMYK, 16 bits and palettes become plain sRGB', async () => {
    const png = await photo(2200, 500);
    const cmyk = await sharp(png).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
    const deep = await sharp(png).toColourspace('rgb16').png().toBuffer();
    const palette = await sharp(png).png({ palette: true }).toBuffer();
    for (const [index, bytes] of [cmyk, deep, palette].entries()) {
      const sent = await pictures.media.encode(await pictures.file(`odd-${index}`, bytes), standard());
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
        const path = await pictures.file(`q-${quality}-${width}-${orientation}.jpg`, bytes);
        for (const kind of ['standard', 'high', 'original'] as const) {
          const sent = await pictures.media.encode(path, standard('credit', kind));
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
      const sent = await pictures.media.encode(await pictures.file(`keep.${kind}`, bytes), standard());
      expect(sent).toMatchObject({ width: 120, height: 90, mediaType: `image/${kind}` });
      expect(await raw(readFileSync(sent.file.path))).toEqual(await raw(bytes));
    },
  );

  test('an animation that is too big is resized and still moves', async () => {
    const bytes = await animation('gif', 2400, 60, 3);
    const sent = await pictures.media.encode(await pictures.file('big.gif', bytes), standard());
    expect(sent).toMatchObject({ width: 2048, height: 51, mediaType: 'image/webp' });
    expect((await sharp(sent.file.path).metadata()).pages).toBe(3);
  });
});

test('the WebAssembly build does the same', async () => {
  const wasm = await openMedia({ folder: join(pictures.folder, 'wasm'), build: 'wasm' });
  const path = await pictures.file(
    'w.jpg',
    await sharp(await photo(4000, 3000))
      .withExif(EXIF)
      .jpeg()
      .toBuffer(),
  );
  expect(await wasm.inspect(path)).toEqual(await pictures.media.inspect(path));
  const sent = await Promise.all([1, 2, 3].map(() => wasm.encode(path, standard())));
  expect(sent[0]).toMatchObject({ width: 2048, height: 1536, mediaType: 'image/jpeg' });
  expect(new Set(sent.map((one) => one.file.sha256)).size).toBe(1);
  await wasm.close();
});
