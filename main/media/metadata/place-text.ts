import { Buffer } from 'node:buffer';

/**
 * Places written as text: XMP properties, IPTC-IIM records, ISO 6709 positions in film atoms.
 * Everything is blanked in place, byte for byte, so that offsets elsewhere in the file stay right.
 */

/**
 * Qualified names of XMP properties that tell where: EXIF for XMP (exif:GPS…), photoshop:City/State/Country,
 * Iptc4xmpCore:Location, Iptc4xmpExt:LocationShown/LocationCreated and their parts, makers' own latitudes.
 */
const PLACE_NAME =
  '[\\w-]+:(?:gps\\w+|(?:rel)?(?:latitude|longitude|altitude|absolutealtitude|relativealtitude)\\w*|location\\w*|sublocation|city|state|provincestate|country\\w*|worldregion)';
const XMP_PLACE = new RegExp(`${PLACE_NAME}[\\s=>/]`, 'i');
const PLACE_ATTRIBUTE = new RegExp(`\\s${PLACE_NAME}\\s*=\\s*(?:"[^"]*"|'[^']*')`, 'gi');
const PLACE_ELEMENT = new RegExp(`<(${PLACE_NAME})(?:\\s[^>]*)?(?:/>|>[^]*?</\\1\\s*>)`, 'gi');
/** bytes. A longer packet that tells a place is blanked as a whole. */
const MAX_PACKET = 100_000;

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

/** As `xmpTellsPlace`; with `edit` those properties become blanks, or the whole packet where one is left over. */
export function xmpPlaces(packet: Uint8Array, edit: boolean): boolean {
  const found = xmpTellsPlace(packet);
  if (found && edit) {
    blankProperties(packet);
    if (xmpTellsPlace(packet)) packet.fill(0x20);
  }
  return found;
}

/** Takes the properties that tell a place out of a packet, as attributes and as elements; the rest stays. */
function blankProperties(packet: Uint8Array): void {
  if (packet.length > MAX_PACKET) return;
  for (const form of [PLACE_ATTRIBUTE, PLACE_ELEMENT]) {
    const text = asBuffer(packet).toString('latin1');
    for (const match of text.matchAll(form)) packet.fill(0x20, match.index, match.index + match[0].length);
  }
}

interface Record {
  readonly record: number;
  readonly dataset: number;
  readonly data: Buffer;
}

/** IPTC-IIM records (1C, record, dataset, length, data). */
function* records(bytes: Uint8Array): Generator<Record> {
  const buffer = asBuffer(bytes);
  let at = 0;
  while (at + 5 <= buffer.length && buffer[at] === 0x1c) {
    const length = buffer.readUInt16BE(at + 3);
    // Extended lengths (IIM section 1.5.2) are for data far bigger than names; nothing after one is read.
    if (length & 0x8000) return;
    const data = buffer.subarray(at + 5, at + 5 + length);
    yield { record: buffer[at + 1] ?? 0, dataset: buffer[at + 2] ?? 0, data };
    at += 5 + length;
  }
}

/** Places in IPTC-IIM records. */
export function iptcPlaces(bytes: Uint8Array, edit: boolean): boolean {
  let found = false;
  for (const { record, dataset, data } of records(bytes)) {
    const place = record === 2 && IPTC_PLACES.has(dataset);
    if (place && data.some((byte) => byte !== 0x20 && byte !== 0)) {
      found = true;
      if (edit) data.fill(0x20);
    }
  }
  return found;
}

/** Photoshop's image resource blocks ("8BIM", number, name, size, data). */
function* resources(bytes: Uint8Array): Generator<{ id: number; data: Buffer }> {
  const buffer = asBuffer(bytes);
  let at = 0;
  while (at + 12 <= buffer.length && buffer.toString('latin1', at, at + 4) === '8BIM') {
    const nameLength = (buffer[at + 6] ?? 0) + 1;
    const sizeAt = at + 6 + nameLength + (nameLength % 2);
    if (sizeAt + 4 > buffer.length) return;
    const size = buffer.readUInt32BE(sizeAt);
    yield { id: buffer.readUInt16BE(at + 4), data: buffer.subarray(sizeAt + 4, sizeAt + 4 + size) };
    at = sizeAt + 4 + size + (size % 2);
  }
}

/** All texts of one dataset of record 2 in Photoshop's image resource blocks. */
export function iptcText(blocks: Uint8Array, dataset: number): string[] {
  const found: string[] = [];
  for (const { id, data } of resources(blocks)) {
    if (id !== 0x0404) continue;
    for (const one of records(data))
      if (one.record === 2 && one.dataset === dataset) found.push(textOf(one.data));
  }
  return found.filter(Boolean);
}

/** UTF-8 where it is that, else Latin-1, as IPTC texts are written. */
function textOf(data: Buffer): string {
  const text = data.toString('utf8');
  return (text.includes('\ufffd') ? data.toString('latin1') : text).replaceAll('\0', '').trim();
}

/** Photoshop's image resource blocks: the IPTC records are number 0x0404. */
export function photoshopPlaces(blocks: Uint8Array, edit: boolean): boolean {
  let found = false;
  for (const { id, data } of resources(blocks)) {
    if (id === 0x0404) found = iptcPlaces(data, edit) || found;
    else if (id === 0x0424) found = xmpPlaces(data, edit) || found;
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
