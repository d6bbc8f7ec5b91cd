import { crc32, inflateSync } from 'node:zlib';
import { loosePlaces } from './loose.ts';
import { asBuffer, xmpTellsPlace } from './place-text.ts';
import { tiffPlaces } from './tiff.ts';

/** Chunks of PNG (W3C PNG third edition, sections 5 and 11). */

export const PNG_SIGNATURE_BYTES = 8;
/** bytes. A text chunk that inflates to more is no description of a photo. */
const MAX_TEXT = 16 * 1024 * 1024;

export interface PngChunk {
  type: string;
  data: Buffer;
  /** With length, type and check sum. */
  whole: Buffer;
}

export interface PngChunks {
  chunks: PngChunk[];
  /** Where IEND is over; null when it never comes. */
  end: number | null;
}

/** Cuts a PNG into its chunks. */
export function pngChunks(bytes: Uint8Array): PngChunks {
  const buffer = asBuffer(bytes);
  const chunks: PngChunk[] = [];
  let at = PNG_SIGNATURE_BYTES;
  while (at + 12 <= buffer.length) {
    const end = at + 12 + buffer.readUInt32BE(at);
    if (end > buffer.length) break;
    const type = buffer.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: buffer.subarray(at + 8, end - 4), whole: buffer.subarray(at, end) });
    at = end;
    if (type === 'IEND') return { chunks, end };
  }
  return { chunks, end: null };
}

/** A chunk with its length and check sum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  whole.set(data, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}

/** Chunks that decide how pixels look; all of them stay when metadata goes. */
export const PNG_PIXEL_CHUNKS: ReadonlySet<string> = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI sBIT pHYs bKGD hIST sPLT acTL fcTL fdAT'.split(
    ' ',
  ),
);

/** Does a PNG tell a place, also behind its end? */
export function pngTellsPlace(bytes: Uint8Array): boolean {
  const { chunks, end } = pngChunks(bytes);
  if (chunks.some(chunkTellsPlace)) return true;
  return end !== null && end < bytes.length && loosePlaces(bytes.subarray(end), false);
}

/** The PNG without places: EXIF is blanked, texts that tell one are dropped, so is what lies behind the end. */
export function pngWithoutPlaces(bytes: Uint8Array): Uint8Array {
  const { chunks } = pngChunks(bytes);
  const parts: Uint8Array[] = [bytes.subarray(0, PNG_SIGNATURE_BYTES)];
  for (const chunk of chunks) {
    if (!chunkTellsPlace(chunk)) parts.push(chunk.whole);
    else if (chunk.type === 'eXIf') {
      const data = Buffer.from(chunk.data);
      tiffPlaces(exifBody(data), true);
      parts.push(pngChunk('eXIf', data));
    }
  }
  return Buffer.concat(parts);
}

/** Some writers put JPEG's "Exif\0\0" before the TIFF header. */
function exifBody(data: Buffer): Buffer {
  return data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data;
}

function chunkTellsPlace(chunk: PngChunk): boolean {
  if (chunk.type === 'eXIf') return tiffPlaces(exifBody(chunk.data), false);
  if (PNG_PIXEL_CHUNKS.has(chunk.type)) return false;
  const text = /^[tzi]TXt$|^tEXt$/.test(chunk.type) ? textOf(chunk) : chunk.data;
  return xmpTellsPlace(text) || loosePlaces(text, false) || loosePlaces(rawProfile(text), false);
}

/** Keyword and text of tEXt, zTXt and iTXt; what can't be inflated can be read by nobody else either. */
function textOf(chunk: PngChunk): Buffer {
  const { data } = chunk;
  const keyword = data.indexOf(0);
  if (keyword < 0) return data;
  if (chunk.type === 'tEXt') return data;
  if (chunk.type === 'zTXt') return inflated(data, keyword + 2);
  const compressed = data[keyword + 1] === 1;
  const language = data.indexOf(0, keyword + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  return compressed && translated >= 0 ? inflated(data, translated + 1) : data;
}

function inflated(data: Buffer, from: number): Buffer {
  try {
    return inflateSync(data.subarray(from), { maxOutputLength: MAX_TEXT });
  } catch {
    // Broken or a bomb: libpng refuses it as well, so there is no text to look at.
    return Buffer.alloc(0);
  }
}

/** ImageMagick's "Raw profile type …": name, length, then the block in hexadecimal. */
function rawProfile(text: Buffer): Buffer {
  const form = /\n\s*\w+\s*\n\s*\d+\s*\n([0-9a-fA-F\s]+)/.exec(text.toString('latin1'));
  return Buffer.from(form?.[1]?.replace(/\s/g, '') ?? '', 'hex');
}
