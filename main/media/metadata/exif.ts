import { Tiff } from './tiff.ts';
import type { TiffEntry } from './tiff.ts';

/** The few EXIF entries that stay with a photo, as raw bytes, so that names in any script survive. */
export interface KeptExif {
  littleEndian: boolean;
  /** Artist, Copyright, DateTime. */
  image: RawEntry[];
  /** DateTimeOriginal and DateTimeDigitized, their offsets and parts of a second. */
  exif: RawEntry[];
  /** The whole GPS IFD. */
  gps: RawEntry[];
}

export interface RawEntry {
  tag: number;
  type: number;
  count: number;
  data: Uint8Array;
}

const IMAGE_TAGS: ReadonlySet<number> = new Set([0x0132, 0x013b, 0x8298]);
const EXIF_TAGS: ReadonlySet<number> = new Set([
  0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292,
]);
/** Author, copyright and the dates, wherever they stand. */
export const CREDIT_TAGS: ReadonlySet<number> = new Set([...IMAGE_TAGS, ...EXIF_TAGS]);
const ORIENTATION = 0x0112;
/** bytes. Longer values are no name and no date. */
const MAX_VALUE = 4096;

/** Author, copyright and date of a TIFF structure, and the place if it is asked for. Null when it has none. */
export function keptExif(bytes: Uint8Array, keepLocation: boolean): KeptExif | null {
  const tiff = Tiff.read(bytes);
  if (!tiff) return null;
  const first = tiff.first().entries;
  const pick = (entries: TiffEntry[], tags: ReadonlySet<number> | null) =>
    entries.filter((entry) => (tags === null || tags.has(entry.tag)) && isWhole(entry)).map(copy);
  const under = (tag: number) =>
    first.filter((entry) => entry.tag === tag).flatMap((entry) => tiff.offsets(entry).slice(0, 1));
  const exif = under(0x8769).flatMap((at) => pick(tiff.ifd(at).entries, EXIF_TAGS));
  const gps = keepLocation ? under(0x8825).flatMap((at) => pick(tiff.ifd(at).entries, null)) : [];
  const kept = { littleEndian: tiff.littleEndian, image: pick(first, IMAGE_TAGS), exif, gps };
  return kept.image.length + kept.exif.length + kept.gps.length > 0 ? kept : null;
}

function isWhole(entry: TiffEntry): boolean {
  return entry.data.length > 0 && entry.data.length <= MAX_VALUE && entry.data.some((byte) => byte !== 0);
}

function copy(entry: TiffEntry): RawEntry {
  return { tag: entry.tag, type: entry.type, count: entry.count, data: Uint8Array.from(entry.data) };
}

/**
 * A TIFF structure with these entries and, unless it is 1, an orientation. Null when there is nothing to say.
 * Layout: header, IFD0, EXIF IFD, GPS IFD, each followed by its longer values.
 */
export function buildExif(kept: KeptExif | null, orientation: number): Uint8Array | null {
  const little = kept?.littleEndian ?? true;
  const image = [...(kept?.image ?? [])];
  if (orientation > 1) image.push(shortEntry(ORIENTATION, orientation, little));
  const parts = [
    { tag: 0x8769, entries: kept?.exif ?? [] },
    { tag: 0x8825, entries: kept?.gps ?? [] },
  ].filter((part) => part.entries.length > 0);
  if (image.length + parts.length === 0) return null;

  const rootSize = ifdSize([...image, ...parts.map((part) => longEntry(part.tag, 0, little))]);
  let at = 8 + rootSize;
  const tail: Uint8Array[] = [];
  for (const part of parts) {
    image.push(longEntry(part.tag, at, little));
    const block = ifdBlock(part.entries, at, little);
    tail.push(block);
    at += block.length;
  }
  const header = Buffer.from(little ? 'II*\0\0\0\0\0' : 'MM\0*\0\0\0\0', 'latin1');
  write32(header, 4, 8, little);
  return Buffer.concat([header, ifdBlock(image, 8, little), ...tail]);
}

function write16(buffer: Buffer, at: number, value: number, little: boolean): void {
  if (little) buffer.writeUInt16LE(value, at);
  else buffer.writeUInt16BE(value, at);
}

function write32(buffer: Buffer, at: number, value: number, little: boolean): void {
  if (little) buffer.writeUInt32LE(value, at);
  else buffer.writeUInt32BE(value, at);
}

function shortEntry(tag: number, value: number, little: boolean): RawEntry {
  const data = Buffer.alloc(2);
  write16(data, 0, value, little);
  return { tag, type: 3, count: 1, data };
}

function longEntry(tag: number, value: number, little: boolean): RawEntry {
  const data = Buffer.alloc(4);
  write32(data, 0, value, little);
  return { tag, type: 4, count: 1, data };
}

const even = (size: number) => size + (size % 2);

function ifdSize(entries: RawEntry[]): number {
  const values = entries.reduce(
    (sum, entry) => sum + (entry.data.length > 4 ? even(entry.data.length) : 0),
    0,
  );
  return 2 + entries.length * 12 + 4 + values;
}

/** One IFD that will lie `at` bytes from the TIFF header, entries in ascending order as TIFF 6.0 asks. */
function ifdBlock(entries: RawEntry[], at: number, little: boolean): Buffer {
  const block = Buffer.alloc(ifdSize(entries));
  write16(block, 0, entries.length, little);
  let valueAt = 2 + entries.length * 12 + 4;
  entries
    .toSorted((a, b) => a.tag - b.tag)
    .forEach((entry, index) => {
      const start = 2 + index * 12;
      write16(block, start, entry.tag, little);
      write16(block, start + 2, entry.type, little);
      write32(block, start + 4, entry.count, little);
      if (entry.data.length <= 4) block.set(entry.data, start + 8);
      else {
        write32(block, start + 8, at + valueAt, little);
        block.set(entry.data, valueAt);
        valueAt += even(entry.data.length);
      }
    });
  return block;
}
