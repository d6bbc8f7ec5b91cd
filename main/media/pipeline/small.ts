import { rgbaToThumbHash } from 'thumbhash';
import { MediaError } from '../errors.ts';
import { ownBytes } from '../sharp-build.ts';
import type { Sharp } from '../sharp-build.ts';
import type { Crop, Placeholder } from '../types.ts';
import { withRoom } from './memory-gate.ts';
import { OPEN, decodeError, decodedBytes, readSource } from './source.ts';
import type { Source } from './source.ts';

/** bytes of an avatar's file: more is refused or cut by servers that keep it in a PEP item (XEP-0084). */
const MAX_AVATAR = 65_536;
/** Characters of a `data:` address in a stanza. */
const MAX_DATA_ADDRESS = 2_048;

/** First frame, upright, sRGB, at most `edge` px: JPEG, or WebP with transparency. */
export async function makeThumbnail(sharp: Sharp, source: Source, edge: number): Promise<Uint8Array> {
  const pipeline = sharp(source.bytes, OPEN)
    .autoOrient()
    .resize(edge, edge, { fit: 'inside', withoutEnlargement: true });
  if (source.metadata.hasAlpha) pipeline.webp({ quality: 80, effort: 2 });
  // Large ones are looked at closely.
  else pipeline.jpeg({ quality: edge > 1000 ? 92 : 80 });
  return withRoom(decodedBytes(source), () => pipeline.toBuffer())
    .then(ownBytes)
    .catch((error: unknown) => {
      throw decodeError(error, source.mediaType);
    });
}

/** A square of `edge` px, of the centre unless told, PNG with transparency, else JPEG. */
export async function makeAvatar(sharp: Sharp, path: string, edge: number, crop?: Crop): Promise<Uint8Array> {
  const source = await readSource(sharp, path);
  try {
    for (let side = edge; side >= 16; side = Math.floor(side / 2)) {
      const picture = sharp(source.bytes, OPEN)
        .autoOrient()
        .extract(square(source, crop))
        .resize(side, side, { fit: 'cover' })
        .toColourspace('srgb');
      const tries = source.metadata.hasAlpha
        ? [() => picture.clone().png({ compressionLevel: 9 }), () => picture.clone().png({ palette: true })]
        : [88, 75, 60].map((quality) => () => picture.clone().jpeg({ quality }));
      for (const attempt of tries) {
        const bytes = ownBytes(await withRoom(decodedBytes(source), () => attempt().toBuffer()));
        if (bytes.length <= MAX_AVATAR) return bytes;
      }
    }
  } catch (error) {
    throw decodeError(error, source.mediaType);
  }
  throw new MediaError('media-failed', { reason: 'no-smaller' });
}

/** The part to be cut out, px of the upright picture: never outside of it, at least one pixel. */
export function square({ width, height }: Source, crop: Crop = { x: 0.5, y: 0.5, side: 1 }) {
  const side = Math.max(1, Math.min(width, height, Math.round(crop.side * Math.min(width, height))));
  const within = (middle: number, length: number) =>
    Math.round(Math.min(length - side, Math.max(0, middle * length - side / 2)));
  return { left: within(crop.x, width), top: within(crop.y, height), width: side, height: side };
}

/** What is shown before the photo is there: ThumbHash of 100 px, and a picture of at most 48 px. */
export async function makePlaceholder(sharp: Sharp, path: string): Promise<Placeholder> {
  const source = await readSource(sharp, path);
  try {
    const decode = () =>
      sharp(source.bytes, OPEN)
        .autoOrient()
        .resize(100, 100, { fit: 'inside' })
        .toColourspace('srgb')
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
    const tiny = await withRoom(decodedBytes(source), decode);
    const { width, height } = tiny.info;
    const rgba = ownBytes(tiny.data);
    const thumbhash = Buffer.from(rgbaToThumbHash(width, height, rgba)).toString('base64');
    return {
      thumbhash,
      thumbnail: await dataAddress(sharp, rgba, width, height, source.metadata.hasAlpha),
    };
  } catch (error) {
    throw decodeError(error, source.mediaType);
  }
}

async function dataAddress(
  sharp: Sharp,
  rgba: Buffer,
  width: number,
  height: number,
  alpha: boolean,
): Promise<string> {
  for (const edge of [48, 32, 24, 16, 8]) {
    const small = sharp(rgba, { raw: { width, height, channels: 4 } }).resize(edge, edge, { fit: 'inside' });
    const encoder = alpha ? small.webp({ quality: 50 }) : small.removeAlpha().jpeg({ quality: 55 });
    const bytes = ownBytes(await encoder.toBuffer());
    const address = `data:image/${alpha ? 'webp' : 'jpeg'};base64,${bytes.toString('base64')}`;
    if (address.length <= MAX_DATA_ADDRESS) return address;
  }
  throw new MediaError('media-failed', { reason: 'no-smaller' });
}
