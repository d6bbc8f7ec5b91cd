import { readFileSync, statSync } from 'node:fs';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { EXIF, XMP, photo, standard, testMedia } from './testing/pictures.ts';

const pictures = testMedia();

const raw = (bytes: Uint8Array) => sharp(bytes, { animated: true }).raw().toBuffer();

describe('original', () => {
  test('without a place it is the input, bit for bit', async () => {
    for (const kind of ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const) {
      const bytes = await sharp(await photo(300, 200))
        .toFormat(kind)
        .toBuffer();
      const sent = await pictures.media.encode(
        await pictures.file(`o.${kind}`, bytes),
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
      const path = await pictures.file(`place.${kind}`, bytes);
      expect((await pictures.media.inspect(path)).hasLocation).toBe(true);
      const sent = await pictures.media.encode(path, standard('all-but-location', 'original'));
      const clean = readFileSync(sent.file.path);
      expect(sent).toMatchObject({ unchanged: false, mediaType: `image/${kind}`, width: 300, height: 200 });
      expect(clean.length).toBeLessThanOrEqual(bytes.length);
      expect(await raw(clean)).toEqual(await raw(bytes));
      expect((await pictures.media.inspect(sent.file.path)).hasLocation).toBe(false);
      expect(clean.includes(Buffer.from('GPSLatitude'))).toBe(false);
      // The numerators of the position, in either byte order.
      for (const number of [123457, 765433]) {
        const little = Buffer.alloc(4);
        little.writeUInt32LE(number);
        expect(clean.includes(little) || clean.includes(Buffer.from(little).reverse())).toBe(false);
      }
      if (kind !== 'webp')
        expect(((await exifr.parse(clean)) as { latitude?: number } | undefined)?.latitude).toBeUndefined();
      const kept = await pictures.media.encode(path, standard('all', 'original'));
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
    const path = await pictures.file('motion.jpg', Buffer.concat([outer, inner, film]));
    expect((await pictures.media.inspect(path)).hasLocation).toBe(true);
    const sent = await pictures.media.encode(path, standard('all-but-location', 'original'));
    const clean = readFileSync(sent.file.path);
    expect(clean.length).toBe(statSync(path).size);
    expect(clean.includes('+48.8584')).toBe(false);
    expect(await exifr.gps(clean.subarray(outer.length))).toBeUndefined();
    expect(clean.subarray(0, outer.length)).toEqual(outer);
  });
});
