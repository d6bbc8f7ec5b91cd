import { MediaError } from '../errors.ts';
import { buildExif, keptExif } from '../metadata/exif.ts';
import type { KeptExif } from '../metadata/exif.ts';
import { hasLocation, withoutLocation } from '../metadata/location.ts';
import { rewriteMetadata } from '../metadata/rewrite.ts';
import type { Sharp } from '../sharp-build.ts';
import type { EncodeOptions } from '../types.ts';
import { smallestEncoding } from './candidates.ts';
import type { Encoding } from './candidates.ts';
import { withRoom } from './memory-gate.ts';
import { decodeError, decodedBytes, readSource } from './source.ts';
import type { Source } from './source.ts';

/** px of the long edge; Original has no limit, and its quality only counts where its bytes can't be kept. */
const LIMITS = {
  standard: { edge: 2048, quality: 82 },
  high: { edge: 4096, quality: 88 },
  original: { edge: Infinity, quality: 95 },
} as const;

/** A new encoding has to be this much smaller, or the input's own bytes are kept: less loss, sharper pixels. */
const WORTHWHILE = 0.9;

export interface EncodedBytes extends Encoding {
  unchanged: boolean;
}

/** What would be sent, never more bytes than the input; see docs/decisions/photo-encoding.md. */
export async function encode(sharp: Sharp, path: string, options: EncodeOptions): Promise<EncodedBytes> {
  const source = await readSource(sharp, path);
  try {
    const encoded = options.quality === 'original' ? await original(sharp, source, options) : null;
    return encoded ?? (await fitted(sharp, source, options));
  } catch (error) {
    throw decodeError(error, source.mediaType);
  }
}

function sameSize(source: Source, data: Uint8Array): EncodedBytes {
  const { mediaType, width, height, bytes } = source;
  return { data, mediaType, width, height, unchanged: bytes.equals(data) };
}

/** The input's pixels bit for bit; null when its place can't be taken out without encoding it anew. */
async function original(sharp: Sharp, source: Source, options: EncodeOptions): Promise<EncodedBytes | null> {
  const clean = options.keepLocation ? source.bytes : await cleaned(sharp, source);
  return clean ? sameSize(source, clean) : null;
}

/** Without its place, and still the same picture to a decoder. */
async function cleaned(sharp: Sharp, source: Source): Promise<Uint8Array | null> {
  if (!hasLocation(source.bytes, source.mediaType)) return source.bytes;
  const clean = withoutLocation(source.bytes, source.mediaType);
  if (!clean) return null;
  const { width, height } = await sharp(clean).metadata();
  return width === source.metadata.width && height === source.metadata.height ? clean : null;
}

async function fitted(sharp: Sharp, source: Source, options: EncodeOptions): Promise<EncodedBytes> {
  const limit = LIMITS[options.quality];
  const kept = keptOf(source, options.keepLocation);
  const same = await stripped(sharp, source, kept, options.keepLocation);
  const fits = Math.max(source.width, source.height) <= limit.edge;
  // An animation that fits stays as it is: every frame encoded anew would lose, and hardly ever save.
  if (fits && source.frames > 1 && same) return sameSize(source, same);
  const exif = buildExif(kept, 1);
  const room = Math.floor(
    (fits && same ? same.length * WORTHWHILE : source.bytes.length) - (exif?.length ?? 0) - 64,
  );
  const encoded = await withRoom(decodedBytes(source), () =>
    smallestEncoding(sharp, source, { ...limit, room, patient: !fits || !same }),
  );
  if (!encoded) {
    if (same) return sameSize(source, same);
    throw new MediaError('media-failed', { reason: 'no-smaller' });
  }
  return {
    ...encoded,
    data: rewriteMetadata(encoded.data, encoded.mediaType, exif) ?? encoded.data,
    unchanged: false,
  };
}

function keptOf(source: Source, keepLocation: boolean): KeptExif | null {
  const exif = source.metadata.exif;
  const start = exif?.toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0;
  // TIFF files keep these entries in their own first IFD.
  const body = exif ? exif.subarray(start) : source.mediaType === 'image/tiff' ? source.bytes : null;
  return body ? keptExif(body, keepLocation) : null;
}

/** The input's pixels with only author, copyright, date and orientation beside them; never longer than it was. */
async function stripped(
  sharp: Sharp,
  source: Source,
  kept: KeptExif | null,
  keepLocation: boolean,
): Promise<Uint8Array | null> {
  const { bytes, mediaType, orientation } = source;
  const full = rewriteMetadata(bytes, mediaType, buildExif(kept, orientation));
  if (full && full.length <= bytes.length) return full;
  const least = rewriteMetadata(bytes, mediaType, buildExif(null, orientation));
  if (least && least.length <= bytes.length) return least;
  return keepLocation ? bytes : cleaned(sharp, source);
}
