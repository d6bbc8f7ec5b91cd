import { loosePlaces } from './loose.ts';
import { asBuffer, xmpPlaces } from './place-text.ts';
import { tiffPlaces } from './tiff.ts';

/** RIFF chunks of WebP (RFC 9649 section 2). */

export interface WebpChunk {
  type: string;
  data: Buffer;
  /** With header and padding. */
  whole: Buffer;
}

export interface WebpChunks {
  chunks: WebpChunk[];
  /** Where the RIFF form is over; null when the file is shorter than it says. */
  end: number | null;
}

export function webpChunks(bytes: Uint8Array): WebpChunks {
  const buffer = asBuffer(bytes);
  const end = 8 + buffer.readUInt32LE(4);
  const chunks: WebpChunk[] = [];
  let at = 12;
  while (at + 8 <= Math.min(end, buffer.length)) {
    const size = buffer.readUInt32LE(at + 4);
    const next = at + 8 + size + (size % 2);
    const type = buffer.toString('latin1', at, at + 4);
    chunks.push({ type, data: buffer.subarray(at + 8, at + 8 + size), whole: buffer.subarray(at, next) });
    at = next;
  }
  return { chunks, end: end > buffer.length ? null : end };
}

/** Chunks that decide how pixels look. */
export const WEBP_PIXEL_CHUNKS: ReadonlySet<string> = new Set([
  'VP8 ',
  'VP8L',
  'VP8X',
  'ALPH',
  'ANIM',
  'ANMF',
  'ICCP',
]);

/** Does a WebP tell a place, also behind its end? With `edit` blanked in place; the size stays. */
export function webpPlaces(bytes: Uint8Array, edit: boolean): boolean {
  const { chunks, end } = webpChunks(bytes);
  let found = false;
  for (const { type, data } of chunks) {
    if (WEBP_PIXEL_CHUNKS.has(type)) continue;
    if (type === 'EXIF') found = tiffPlaces(exifBody(data), edit) || found;
    else if (type === 'XMP ') found = xmpPlaces(data, edit) || found;
    else found = loosePlaces(data, edit) || found;
  }
  if (end !== null && end < bytes.length) found = loosePlaces(bytes.subarray(end), edit) || found;
  return found;
}

function exifBody(data: Buffer): Buffer {
  return data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data;
}
