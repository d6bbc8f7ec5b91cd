import { asBuffer, iptcPlaces, photoshopPlaces, xmpPlaces } from './place-text.ts';

/** The TIFF 6.0 structure that EXIF uses (CIPA DC-008 section 4.6), read with distrust: every offset is checked. */

const TAG = {
  xmp: 700,
  iptc: 33723,
  photoshop: 34377,
  exif: 0x8769,
  gps: 0x8825,
  interoperability: 0xa005,
  subImages: 0x014a,
  makerNote: 0x927c,
} as const;

/** GeoTIFF 1.1 and GDAL: where a map or an aerial picture lies. */
const GEO_TAGS: ReadonlySet<number> = new Set([33550, 33922, 34264, 34735, 34736, 34737, 42112]);

/** Latitude, longitude, altitude, destination and area. Version, date and map datum alone tell no place. */
const GPS_PLACES: ReadonlySet<number> = new Set([2, 4, 6, 20, 22, 28]);

const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
/** Real files have fewer than ten; a hostile one is not followed for ever. */
const MAX_IFDS = 64;

export interface TiffEntry {
  tag: number;
  type: number;
  count: number;
  /** The value's bytes in the file's own byte order; a view, not a copy. */
  data: Buffer;
  /** Where the entry's 12 bytes are, from the TIFF header. */
  at: number;
}

export interface Ifd {
  entries: TiffEntry[];
  at: number;
}

export class Tiff {
  readonly bytes: Buffer;
  readonly littleEndian: boolean;

  private constructor(bytes: Buffer, littleEndian: boolean) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
  }

  /** Null when the bytes don't start with a TIFF header. */
  static read(bytes: Uint8Array): Tiff | null {
    const buffer = asBuffer(bytes);
    const mark = buffer.toString('latin1', 0, 4);
    if (buffer.length < 14 || (mark !== 'II*\0' && mark !== 'MM\0*')) return null;
    return new Tiff(buffer, mark === 'II*\0');
  }

  u16(at: number): number {
    if (at + 2 > this.bytes.length) return 0;
    return this.littleEndian ? this.bytes.readUInt16LE(at) : this.bytes.readUInt16BE(at);
  }

  u32(at: number): number {
    if (at + 4 > this.bytes.length) return 0;
    return this.littleEndian ? this.bytes.readUInt32LE(at) : this.bytes.readUInt32BE(at);
  }

  setU16(at: number, value: number): void {
    if (this.littleEndian) this.bytes.writeUInt16LE(value, at);
    else this.bytes.writeUInt16BE(value, at);
  }

  setU32(at: number, value: number): void {
    if (this.littleEndian) this.bytes.writeUInt32LE(value, at);
    else this.bytes.writeUInt32BE(value, at);
  }

  ifd(at: number): Ifd {
    const entries: TiffEntry[] = [];
    const room = Math.floor((this.bytes.length - at - 2) / 12);
    const count = at < 8 ? 0 : Math.min(this.u16(at), Math.max(room, 0));
    for (let index = 0; index < count; index += 1) entries.push(this.entry(at + 2 + index * 12));
    return { entries, at };
  }

  private entry(at: number): TiffEntry {
    const type = this.u16(at + 2);
    const count = this.u32(at + 4);
    const size = (TYPE_BYTES[type] ?? 0) * count;
    const start = size <= 4 ? at + 8 : this.u32(at + 8);
    return { tag: this.u16(at), type, count, data: this.bytes.subarray(start, start + size), at };
  }

  /** Offsets that an entry holds (one, or several for sub-images). */
  offsets(entry: TiffEntry): number[] {
    const found: number[] = [];
    const start = entry.data.byteOffset - this.bytes.byteOffset;
    for (let at = 0; at + 4 <= entry.data.length && found.length < MAX_IFDS; at += 4)
      found.push(this.u32(start + at));
    return found;
  }

  first(): Ifd {
    return this.ifd(this.u32(4));
  }

  /** Every IFD but GPS ones: the chain, EXIF, interoperability and sub-images, each once. */
  all(): Ifd[] {
    const waiting = [this.u32(4)];
    const seen = new Map<number, Ifd>();
    for (let at = waiting.shift(); at !== undefined && seen.size < MAX_IFDS; at = waiting.shift()) {
      if (at < 8 || at + 2 > this.bytes.length || seen.has(at)) continue;
      const ifd = this.ifd(at);
      seen.set(at, ifd);
      waiting.push(this.u32(at + 2 + ifd.entries.length * 12));
      for (const entry of ifd.entries) {
        if (entry.tag === TAG.exif || entry.tag === TAG.interoperability || entry.tag === TAG.subImages) {
          waiting.push(...this.offsets(entry));
        }
      }
    }
    return [...seen.values()];
  }
}

/**
 * Does the TIFF structure tell a place? With `edit`, GPS IFDs and their values are zeroed and their entries
 * taken out, and so are maker notes, whose undocumented forms may repeat the place. The size stays.
 */
export function tiffPlaces(bytes: Uint8Array, edit: boolean): boolean {
  const tiff = Tiff.read(bytes);
  if (!tiff) return false;
  let found = false;
  for (const ifd of tiff.all()) {
    const going: TiffEntry[] = [];
    for (const entry of ifd.entries) {
      if (entryTellsPlace(tiff, entry, edit)) found = true;
      if (entry.tag === TAG.gps || entry.tag === TAG.makerNote || GEO_TAGS.has(entry.tag)) going.push(entry);
    }
    if (edit && going.length > 0) removeEntries(tiff, ifd, going);
  }
  return found;
}

function entryTellsPlace(tiff: Tiff, entry: TiffEntry, edit: boolean): boolean {
  if (entry.tag === TAG.xmp) return xmpPlaces(entry.data, edit);
  if (entry.tag === TAG.iptc) return iptcPlaces(entry.data, edit);
  if (entry.tag === TAG.photoshop) return photoshopPlaces(entry.data, edit);
  if (entry.tag === TAG.gps) return gpsPlaces(tiff, entry, edit);
  return GEO_TAGS.has(entry.tag);
}

function gpsPlaces(tiff: Tiff, pointer: TiffEntry, edit: boolean): boolean {
  let found = false;
  for (const at of tiff.offsets(pointer)) {
    const ifd = tiff.ifd(at);
    for (const entry of ifd.entries) {
      if (GPS_PLACES.has(entry.tag) && entry.data.some((byte) => byte !== 0)) found = true;
      if (edit) entry.data.fill(0);
    }
    if (edit) tiff.bytes.fill(0, ifd.at, ifd.at + 2 + ifd.entries.length * 12);
  }
  return found;
}

/** Takes entries out of an IFD: the later ones and the link to the next IFD move up, zeros fill the end. */
export function removeEntries(tiff: Tiff, ifd: Ifd, going: TiffEntry[]): void {
  const end = ifd.at + 2 + ifd.entries.length * 12 + 4;
  for (const entry of going.toReversed()) {
    entry.data.fill(0);
    tiff.bytes.copyWithin(entry.at, entry.at + 12, end);
    tiff.bytes.fill(0, Math.min(end, tiff.bytes.length) - 12, end);
  }
  tiff.setU16(ifd.at, ifd.entries.length - going.length);
}

/** Four bytes of pixels may look like a TIFF header; what follows them never looks like a list of entries. */
export function isExif(bytes: Uint8Array): boolean {
  const entries = Tiff.read(bytes)?.first().entries ?? [];
  const ascending = entries.every((entry, i) => i === 0 || entry.tag >= (entries[i - 1]?.tag ?? 0));
  return entries.length > 0 && ascending && entries.every(({ type }) => type >= 1 && type <= 13);
}

/** Camera raw files are TIFFs whose first image is only a reduced preview, or DNGs by their version tag. */
export function isCameraRaw(bytes: Uint8Array): boolean {
  const tiff = Tiff.read(bytes);
  if (!tiff) return false;
  return tiff.first().entries.some((entry) => {
    const start = entry.data.byteOffset - tiff.bytes.byteOffset;
    return entry.tag === 0xc612 || (entry.tag === 0xfe && (tiff.u32(start) & 1) === 1);
  });
}
