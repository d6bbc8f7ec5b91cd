import { readFileSync } from 'node:fs';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { MetadataProfile } from '../../contract/photos.ts';
import { GPS, photo, standard, testMedia } from './testing/pictures.ts';

const pictures = testMedia();

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
      const sent = await pictures.media.encode(
        await pictures.file(`wide-${at}`, bytes),
        standard('credit', 'original'),
      );
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
      const path = await pictures.file(`profiles.${kind}`, bytes);
      expect(await read(path), kind).toMatchObject({ Artist: 'Ada', LensModel: 'Glass 2' });
      const sent = async (metadata: MetadataProfile) =>
        read((await pictures.media.encode(path, standard(metadata, quality))).file.path);
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
