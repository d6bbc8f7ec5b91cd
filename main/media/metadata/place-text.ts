import { Buffer } from 'node:buffer';

/**
 * Places written as text: XMP properties, IPTC-IIM records, ISO 6709 positions in film atoms.
 * Everything is blanked in place, byte for byte, so that offsets elsewhere in the file stay right.
 */

/**
 * Qualified names of XMP properties that tell where: EXIF for XMP (exif:GPS…), photoshop:City/State/Country,
 * Iptc4xmpCore:Location, Iptc4xmpExt:LocationShown/LocationCreated and their parts, makers' own latitudes.
 */
const XMP_PLACE =
  /[\w-]+:(gps\w+|(rel)?(latitude|longitude|altitude|absolutealtitude|relativealtitude)\w*|location\w*|sublocation|city|state|provincestate|country\w*|worldregion)[\s=>/]/i;

/** +48.8584+002.2945/ as in `©xyz` and com.apple.quicktime.location.ISO6709. */
const ISO_6709 = /[+-]\d{2}\.\d{2,8}[+-]\d{3}\.\d{2,8}/;

/** IPTC-IIM 4.2 section 6, record 2: content location code and name, city, sublocation, state, country. */
const IPTC_PLACES: ReadonlySet<number> = new Set([26, 27, 90, 92, 95, 100, 101]);

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Does this XMP packet tell a place? UTF-16 packets are read by leaving their zero bytes out. */
export function xmpTellsPlace(packet: Uint8Array): boolean {
  return XMP_PLACE.test(asBuffer(packet).toString('latin1').replaceAll('\0', ''));
}

/** As `xmpTellsPlace`; with `edit` the whole packet becomes blanks, since its grammar allows too many forms. */
export function xmpPlaces(packet: Uint8Array, edit: boolean): boolean {
  const found = xmpTellsPlace(packet);
  if (found && edit) packet.fill(0x20);
  return found;
}

/** Places in IPTC-IIM records (1C 02 record length data). */
export function iptcPlaces(records: Uint8Array, edit: boolean): boolean {
  const buffer = asBuffer(records);
  let found = false;
  let at = 0;
  while (at + 5 <= buffer.length && buffer[at] === 0x1c) {
    const length = buffer.readUInt16BE(at + 3);
    // Extended lengths (IIM section 1.5.2) are for data far bigger than names; nothing after one is read.
    if (length & 0x8000) break;
    const data = buffer.subarray(at + 5, at + 5 + length);
    const place = buffer[at + 1] === 2 && IPTC_PLACES.has(buffer[at + 2] ?? 0);
    if (place && data.some((byte) => byte !== 0x20 && byte !== 0)) {
      found = true;
      if (edit) data.fill(0x20);
    }
    at += 5 + length;
  }
  return found;
}

/** Photoshop's image resource blocks: the IPTC records are number 0x0404. */
export function photoshopPlaces(blocks: Uint8Array, edit: boolean): boolean {
  const buffer = asBuffer(blocks);
  let found = false;
  let at = 0;
  while (at + 12 <= buffer.length && buffer.toString('latin1', at, at + 4) === '8BIM') {
    const nameLength = (buffer[at + 6] ?? 0) + 1;
    const sizeAt = at + 6 + nameLength + (nameLength % 2);
    if (sizeAt + 4 > buffer.length) break;
    const size = buffer.readUInt32BE(sizeAt);
    const data = buffer.subarray(sizeAt + 4, sizeAt + 4 + size);
    const id = buffer.readUInt16BE(at + 4);
    if (id === 0x0404) found = iptcPlaces(data, edit) || found;
    else if (id === 0x0424) found = xmpPlaces(data, edit) || found;
    at = sizeAt + 4 + size + (size % 2);
  }
  return found;
}

/** Positions in the ISO 6709 form anywhere in the bytes; they become zeros with `edit`. */
export function isoPositions(bytes: Uint8Array, edit: boolean): boolean {
  const text = asBuffer(bytes).toString('latin1');
  let found = false;
  for (const match of text.matchAll(new RegExp(ISO_6709, 'g'))) {
    found = true;
    if (edit) bytes.fill(0x30, match.index, match.index + match[0].length);
  }
  return found;
}
