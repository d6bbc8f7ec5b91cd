import { MediaError } from '../errors.ts';
import { ownBytes } from '../sharp-build.ts';
import type { Sharp } from '../sharp-build.ts';
import type { Crop } from '../types.ts';
import { withRoom } from './memory-gate.ts';
import { square } from './small.ts';
import { OPEN, decodeError, decodedBytes, readSource } from './source.ts';

/** Tried one after the other until the file is small enough. */
const QUALITIES = [90, 80, 65, 45];

/** What a sticker is made of: a square of the first frame, upright, sRGB, PNG with transparency. */
export async function cutSquare(sharp: Sharp, path: string, edge: number, crop: Crop): Promise<Uint8Array> {
  const source = await readSource(sharp, path);
  const cut = () =>
    sharp(source.bytes, OPEN)
      .autoOrient()
      .extract(square(source, crop))
      .resize(edge, edge, { fit: 'fill' })
      .toColourspace('srgb')
      .ensureAlpha()
      .png({ compressionLevel: 3 })
      .toBuffer();
  return withRoom(decodedBytes(source), cut)
    .then(ownBytes)
    .catch((error: unknown) => {
      throw decodeError(error, source.mediaType);
    });
}

/** Encodes a drawn picture anew, so that nothing but its pixels leaves. Error: media-failed where it stays too big. */
export async function makeSticker(
  sharp: Sharp,
  path: string,
  edge: number,
  maxBytes: number,
): Promise<Uint8Array> {
  const source = await readSource(sharp, path);
  try {
    const background = { r: 0, g: 0, b: 0, alpha: 0 };
    const picture = sharp(source.bytes, OPEN)
      .autoOrient()
      .resize(edge, edge, { fit: 'contain', background })
      .toColourspace('srgb');
    for (const quality of QUALITIES) {
      const encode = () => picture.clone().webp({ quality, alphaQuality: 90, effort: 4 }).toBuffer();
      const bytes = ownBytes(await withRoom(decodedBytes(source), encode));
      if (bytes.length <= maxBytes) return bytes;
    }
  } catch (error) {
    throw decodeError(error, source.mediaType);
  }
  throw new MediaError('media-failed', { reason: 'no-smaller' });
}
