import { buildExif } from '../metadata/exif.ts';
import { carriesMore, trimmedInPlace, type Strict } from '../metadata/carried.ts';
import { creditOf, type MetadataBlocks } from '../metadata/credit.ts';
import { exifOfResult, type ResultFacts } from '../metadata/exif-result.ts';
import { hasLocation, withoutLocation } from '../metadata/location.ts';
import { photoshopPlaces, xmpPlaces } from '../metadata/place-text.ts';
import { rewriteMetadata } from '../metadata/rewrite.ts';
import { ownBytes } from '../sharp-build.ts';
import type { Sharp } from '../sharp-build.ts';
import type { EncodeOptions } from '../types.ts';
import type { Source } from './source.ts';

type Profile = EncodeOptions['metadata'];

/**
 * The file with only what the profile keeps, no pixel touched, and no longer than it was; the file itself where
 * nothing has to go. Null where that can't be done without encoding it anew.
 */
export async function keptAsItIs(sharp: Sharp, source: Source, profile: Profile): Promise<Uint8Array | null> {
  const { bytes, mediaType } = source;
  if (profile === 'all') return bytes;
  if (profile === 'all-but-location') {
    if (!hasLocation(bytes, mediaType)) return bytes;
    return stillSame(sharp, source, withoutLocation(bytes, mediaType));
  }
  if (!carriesMore(bytes, mediaType, profile)) return bytes;
  for (const trimmed of trims(source, profile)) {
    if (trimmed && trimmed.length <= bytes.length) return stillSame(sharp, source, trimmed);
  }
  return null;
}

/** In the order of preference: a credit that does not fit is left out. */
function trims(source: Source, profile: Strict): (Uint8Array | null)[] {
  const { bytes, mediaType, orientation } = source;
  const credit = profile === 'credit' ? creditOf(blocksOf(source), false) : null;
  const rewrite = (kept: typeof credit) => {
    const exif = buildExif(kept, orientation);
    return rewriteMetadata(bytes, mediaType, { exif, xmp: null, iptc: null });
  };
  return [rewrite(credit), rewrite(null), trimmedInPlace(bytes, mediaType, profile)];
}

/** Still the same picture to a decoder. */
async function stillSame(sharp: Sharp, source: Source, bytes: Uint8Array | null): Promise<Uint8Array | null> {
  if (!bytes) return null;
  const { width, height } = await sharp(bytes).metadata();
  return width === source.metadata.width && height === source.metadata.height ? bytes : null;
}

/** What goes beside pixels that were encoded anew: upright, in sRGB, of this size. */
export function blocksForResult(source: Source, profile: Profile, facts: ResultFacts): MetadataBlocks | null {
  if (profile === 'none') return null;
  const blocks = blocksOf(source);
  if (profile === 'credit') return { exif: buildExif(creditOf(blocks, false), 1), xmp: null, iptc: null };
  const places = profile === 'all';
  // A TIFF's own entries are about how it is stored: of them only what is known is taken along.
  const own = source.mediaType === 'image/tiff' ? null : blocks.exif;
  return {
    exif: own ? exifOfResult(own, places, facts) : buildExif(creditOf(blocks, places), 1),
    xmp: blocks.xmp && (places ? blocks.xmp : without(blocks.xmp, xmpPlaces)),
    iptc: blocks.iptc && (places ? blocks.iptc : without(blocks.iptc, photoshopPlaces)),
  };
}

/** bytes the blocks take at most, with what their container adds. */
export const roomFor = (blocks: MetadataBlocks | null): number =>
  [blocks?.exif, blocks?.xmp, blocks?.iptc].reduce((sum, block) => sum + (block ? block.length + 64 : 0), 64);

function without(block: Uint8Array, blank: typeof xmpPlaces): Uint8Array {
  const copy = Uint8Array.from(block);
  blank(copy, true);
  return copy;
}

function blocksOf({ metadata, mediaType, bytes }: Source): MetadataBlocks {
  const after = (block: Buffer | undefined, mark: string) => {
    if (!block || block.length === 0) return null;
    const own = ownBytes(block);
    return own.toString('latin1', 0, mark.length) === mark ? own.subarray(mark.length) : own;
  };
  return {
    // TIFF files keep these entries in their own first IFD.
    exif: after(metadata.exif, 'Exif\0\0') ?? (mediaType === 'image/tiff' ? bytes : null),
    xmp: after(metadata.xmp, 'http://ns.adobe.com/xap/1.0/\0'),
    iptc: after(metadata.iptc, 'Photoshop 3.0\0'),
  };
}
