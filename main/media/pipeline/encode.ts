import { isNeutral } from '../../../contract/photo-recipe.ts';
import { MediaError } from '../errors.ts';
import { rewriteMetadata } from '../metadata/rewrite.ts';
import type { Sharp } from '../sharp-build.ts';
import type { EncodeOptions } from '../types.ts';
import { encodePixels, smallestEncoding } from './candidates.ts';
import type { Encoding, Target } from './candidates.ts';
import { editedPixels } from './edited.ts';
import { withRoom } from './memory-gate.ts';
import { blocksForResult, keptAsItIs, roomFor } from './metadata.ts';
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
/** bytes an edited picture may always have: a tiny drawing becomes a photo by being changed. */
const EDITED_ROOM = 64 * 1024;

export interface EncodedBytes extends Encoding {
  unchanged: boolean;
}

/** What would be sent, never more bytes than the input; see docs/decisions/photo-encoding.md. */
export async function encode(sharp: Sharp, path: string, options: EncodeOptions): Promise<EncodedBytes> {
  const source = await readSource(sharp, path);
  try {
    if (options.recipe && !isNeutral(options.recipe)) return await edited(sharp, source, options);
    const same = await keptAsItIs(sharp, source, options.metadata);
    if (options.quality === 'original' && same) return sameSize(source, same);
    return await fitted(sharp, source, options, same);
  } catch (error) {
    throw decodeError(error, source.mediaType);
  }
}

function sameSize(source: Source, data: Uint8Array): EncodedBytes {
  const { mediaType, width, height, bytes } = source;
  return { data, mediaType, width, height, unchanged: bytes.equals(data) };
}

/** Within the pixels of the quality; `same`, the input's own pixels, where that is no gain. */
async function fitted(
  sharp: Sharp,
  source: Source,
  options: EncodeOptions,
  same: Uint8Array | null,
): Promise<EncodedBytes> {
  const fits = Math.max(source.width, source.height) <= LIMITS[options.quality].edge;
  // An animation that fits stays as it is: every frame encoded anew would lose, and hardly ever save.
  if (fits && source.frames > 1 && same) return sameSize(source, same);
  const most = fits && same ? same.length * WORTHWHILE : source.bytes.length;
  const target = targetOf(source, options, most, !fits || !same);
  const encoded = await withRoom(decodedBytes(source), () => smallestEncoding(sharp, source, target));
  if (encoded) return finished(source, options, encoded);
  if (same) return sameSize(source, same);
  throw new MediaError('media-failed', { reason: 'no-smaller' });
}

/** Changed as the recipe says. The input can't be sent instead. */
async function edited(sharp: Sharp, source: Source, options: EncodeOptions): Promise<EncodedBytes> {
  const { recipe } = options;
  if (!recipe) throw new TypeError('no recipe');
  const target = targetOf(source, options, Math.max(source.bytes.length, EDITED_ROOM), true);
  const encoded = await withRoom(2 * decodedBytes(source), async () => {
    const pixels = await editedPixels(sharp, source, recipe, target);
    return encodePixels(sharp, source, pixels, target);
  });
  if (encoded) return finished(source, options, encoded);
  throw new MediaError('media-failed', { reason: 'no-smaller' });
}

function targetOf(source: Source, options: EncodeOptions, most: number, patient: boolean): Target {
  const beside = roomFor(blocksForResult(source, options.metadata, source));
  const { sharpen } = options;
  return { ...LIMITS[options.quality], room: Math.floor(most - beside), patient, sharpen };
}

function finished(source: Source, options: EncodeOptions, encoded: Encoding): EncodedBytes {
  const blocks = blocksForResult(source, options.metadata, encoded);
  const data = rewriteMetadata(encoded.data, encoded.mediaType, blocks) ?? encoded.data;
  return { ...encoded, data, unchanged: false };
}
