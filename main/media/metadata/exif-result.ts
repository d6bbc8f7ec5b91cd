import { Tiff, tiffPlaces } from './tiff.ts';
import type { TiffEntry } from './tiff.ts';

/** What a picture that was encoded anew is, for the EXIF entries that would be wrong otherwise. */
export interface ResultFacts {
  /** px */
  readonly width: number;
  readonly height: number;
}

const TAG = {
  orientation: 0x0112,
  exif: 0x8769,
  colourSpace: 0xa001,
  width: 0xa002,
  height: 0xa003,
} as const;
const THUMBNAIL = { at: 0x0201, bytes: 0x0202 } as const;

/**
 * A copy of a whole EXIF block for pixels that were encoded anew: upright, sRGB, of this size, and without its own
 * small picture, which would still show what was cut off. Null where there is no TIFF structure.
 */
export function exifOfResult(block: Uint8Array, places: boolean, facts: ResultFacts): Uint8Array | null {
  const copy = Buffer.from(block);
  const tiff = Tiff.read(copy);
  if (!tiff) return null;
  if (!places) tiffPlaces(copy, true);
  const first = tiff.first();
  set(tiff, first.entries, TAG.orientation, 1);
  for (const pointer of first.entries.filter(({ tag }) => tag === TAG.exif)) {
    for (const at of tiff.offsets(pointer)) {
      const { entries } = tiff.ifd(at);
      set(tiff, entries, TAG.colourSpace, 1);
      set(tiff, entries, TAG.width, facts.width);
      set(tiff, entries, TAG.height, facts.height);
    }
  }
  return withoutThumbnail(tiff, first.at + 2 + first.entries.length * 12);
}

/** Short (3) and long (4) values of one element stand in the entry itself (TIFF 6.0 section 2). */
function set(tiff: Tiff, entries: readonly TiffEntry[], tag: number, value: number): void {
  for (const entry of entries) {
    if (entry.tag !== tag || entry.count !== 1) continue;
    if (entry.type === 3) tiff.setU16(entry.at + 8, value);
    else if (entry.type === 4) tiff.setU32(entry.at + 8, value);
  }
}

/** IFD1 goes; where its picture was the end of the block, the block ends before it. */
function withoutThumbnail(tiff: Tiff, linkAt: number): Uint8Array {
  const { bytes } = tiff;
  const next = tiff.u32(linkAt);
  if (next === 0 || linkAt + 4 > bytes.length) return bytes;
  const { entries } = tiff.ifd(next);
  const valueOf = (tag: number) =>
    entries.filter((entry) => entry.tag === tag).map((e) => tiff.u32(e.at + 8))[0];
  const [start, length] = [valueOf(THUMBNAIL.at), valueOf(THUMBNAIL.bytes)];
  tiff.setU32(linkAt, 0);
  for (const { data } of entries) data.fill(0);
  bytes.fill(0, next, Math.min(bytes.length, next + 2 + entries.length * 12 + 4));
  if (start === undefined || length === undefined) return bytes;
  bytes.fill(0, start, start + length);
  return start > linkAt && start + length >= bytes.length ? bytes.subarray(0, start) : bytes;
}
