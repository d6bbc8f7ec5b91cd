import { loosePlaces } from './loose.ts';
import { asBuffer, photoshopPlaces, xmpPlaces, xmpTellsPlace } from './place-text.ts';
import { tiffPlaces } from './tiff.ts';

/** The marker segments of ITU-T T.81 Annex B; what EXIF, XMP, ICC and Photoshop put into them. */

const EXIF = 'Exif\0\0';
const XMP = 'http://ns.adobe.com/xap/1.0/\0';
const XMP_MORE = 'http://ns.adobe.com/xmp/extension/\0';
/** GUID, full length and offset come before the text of an extended part (XMP part 3 section 1.1.3.1). */
const XMP_MORE_HEADER = XMP_MORE.length + 40;
const PHOTOSHOP = 'Photoshop 3.0\0';

export interface JpegPart {
  /** 0xC0…0xFE of a segment; 0 for entropy-coded data between two. */
  marker: number;
  /** With marker and length. */
  start: number;
  end: number;
  /** What follows the length. */
  payload: Buffer;
}

export interface JpegParts {
  parts: JpegPart[];
  /** Where the first picture's end (EOI) is over; null when it never comes. */
  end: number | null;
}

/** Cuts a JPEG into its parts, up to the end of its first picture. */
export function jpegParts(bytes: Uint8Array): JpegParts {
  const buffer = asBuffer(bytes);
  const parts: JpegPart[] = [];
  let at = 2;
  while (at + 2 <= buffer.length) {
    if (buffer[at] !== 0xff) return { parts, end: null };
    const marker = buffer[at + 1] ?? 0;
    if (marker === 0xd9) return { parts, end: at + 2 };
    // Fill bytes, TEM and stray restart markers carry no length.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else {
      if (at + 4 > buffer.length) return { parts, end: null };
      const end = Math.min(at + 2 + buffer.readUInt16BE(at + 2), buffer.length);
      parts.push({ marker, start: at, end, payload: buffer.subarray(at + 4, end) });
      at = end;
      if (marker === 0xda) {
        at = scanEnd(buffer, at);
        parts.push({ marker: 0, start: end, end: at, payload: buffer.subarray(end, at) });
      }
    }
  }
  return { parts, end: null };
}

/** Entropy-coded data end at a marker that is neither a stuffed zero nor a restart. */
function scanEnd(buffer: Buffer, from: number): number {
  for (let at = buffer.indexOf(0xff, from); at >= 0; at = buffer.indexOf(0xff, at + 1)) {
    const next = buffer[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return buffer.length;
}

export function startsWith(payload: Buffer, text: string): boolean {
  return payload.toString('latin1', 0, text.length) === text;
}

/** Does a JPEG tell a place, anywhere up to its last byte? With `edit` blanked in place; the size stays. */
export function jpegPlaces(bytes: Uint8Array, edit: boolean): boolean {
  const { parts, end } = jpegParts(bytes);
  let found = false;
  for (const part of parts) if (segmentPlaces(part, edit)) found = true;
  const more = parts.filter((part) => part.marker === 0xe1 && startsWith(part.payload, XMP_MORE));
  found =
    splitPlaces(
      more.map((part) => part.payload.subarray(XMP_MORE_HEADER)),
      edit,
    ) || found;
  if (end !== null && end < bytes.length) found = loosePlaces(bytes.subarray(end), edit) || found;
  return found;
}

function segmentPlaces({ marker, payload }: JpegPart, edit: boolean): boolean {
  const isText = marker === 0xfe;
  if (!isText && (marker < 0xe0 || marker > 0xef)) return false;
  if (marker === 0xe1 && startsWith(payload, EXIF)) return tiffPlaces(payload.subarray(EXIF.length), edit);
  if (marker === 0xe1 && startsWith(payload, XMP)) return xmpPlaces(payload.subarray(XMP.length), edit);
  if (marker === 0xe1 && startsWith(payload, XMP_MORE)) return false;
  if (marker === 0xed && startsWith(payload, PHOTOSHOP)) {
    return photoshopPlaces(payload.subarray(PHOTOSHOP.length), edit);
  }
  if (isNeededForPixels(marker, payload)) return false;
  // Comments, C2PA boxes, makers' own segments: one that tells a place is blanked whole.
  const found = loosePlaces(payload, false) || xmpTellsPlace(payload);
  if (found && edit) payload.fill(0);
  return found;
}

/** JFIF, the ICC profile and Adobe's colour transform: without them the pixels look different. */
export function isNeededForPixels(marker: number, payload: Buffer): boolean {
  if (marker === 0xe0) return startsWith(payload, 'JFIF\0');
  if (marker === 0xe2) return startsWith(payload, 'ICC_PROFILE\0');
  return marker === 0xee && startsWith(payload, 'Adobe');
}

/** A name may be cut by the border of two parts, so they are looked at as one. */
function splitPlaces(texts: Buffer[], edit: boolean): boolean {
  const found = texts.length > 0 && xmpTellsPlace(Buffer.concat(texts));
  if (found && edit) for (const text of texts) text.fill(0x20);
  return found;
}
