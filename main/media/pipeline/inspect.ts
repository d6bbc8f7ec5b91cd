import { hasLocation } from '../metadata/location.ts';
import type { Sharp } from '../sharp-build.ts';
import type { ImageFacts } from '../types.ts';
import { MAX_DECODED_ANIMATION } from './limits.ts';
import { withRoom } from './memory-gate.ts';
import { OPEN, decodeError, decodedBytes, readSource } from './source.ts';
import type { Source } from './source.ts';

/** Facts of a picture that was decoded to its last line once. */
export async function inspect(sharp: Sharp, path: string): Promise<ImageFacts> {
  const source = await readSource(sharp, path);
  await withRoom(decodedBytes(source), () => decodeWhole(sharp, source)).catch((error: unknown) => {
    throw decodeError(error, source.mediaType);
  });
  const { mediaType, width, height, bytes, frames, orientation, metadata } = source;
  return {
    mediaType,
    width,
    height,
    bytes: bytes.length,
    frames,
    alpha: metadata.hasAlpha,
    hasLocation: hasLocation(bytes, mediaType),
    colourProfile: metadata.icc ? profileName(metadata.icc) : null,
    orientation,
  };
}

/** Small output keeps this cheap: a JPEG's coefficients are read to the end, but only an eighth is computed. */
async function decodeWhole(sharp: Sharp, source: Source): Promise<void> {
  const { bytes, frames, width, height } = source;
  const small = (options: object) =>
    sharp(bytes, { ...OPEN, ...options })
      .resize(64, 64, { fit: 'inside', kernel: 'nearest', fastShrinkOnLoad: true })
      .raw()
      .toBuffer();
  if (frames === 1) await small({});
  else if (frames * width * height <= MAX_DECODED_ANIMATION) {
    await small({ pages: -1, limitInputPixels: MAX_DECODED_ANIMATION });
  } else {
    // A frame of a GIF is built on those before it, so the last one needs them all, one at a time.
    await small({ page: frames - 1 });
  }
}

/** The description of an ICC profile (ICC.1:2022 section 9.2.41): `desc` of version 2, `mluc` of version 4. */
export function profileName(icc: Buffer): string {
  const count = icc.length >= 132 ? Math.min(icc.readUInt32BE(128), 100) : 0;
  for (let at = 132; at < 132 + count * 12 && at + 12 <= icc.length; at += 12) {
    if (icc.toString('latin1', at, at + 4) !== 'desc') continue;
    const start = icc.readUInt32BE(at + 4);
    const name = descriptionText(icc.subarray(start, start + icc.readUInt32BE(at + 8)));
    if (name) return name;
  }
  return 'unnamed';
}

function descriptionText(tag: Buffer): string {
  const kind = tag.toString('latin1', 0, 4);
  if (kind === 'desc' && tag.length >= 12) {
    return tag.toString('latin1', 12, Math.min(12 + tag.readUInt32BE(8), tag.length)).replace(/\0.*$/s, '');
  }
  if (kind === 'mluc' && tag.length >= 28) {
    const start = tag.readUInt32BE(24);
    const text = tag.subarray(start, Math.min(start + tag.readUInt32BE(20), tag.length));
    return new TextDecoder('utf-16be').decode(text).replace(/\0.*$/s, '');
  }
  return '';
}
