import { jpegParts, isNeededForPixels, startsWith } from './jpeg.ts';
import { CREDIT_TAGS } from './exif.ts';
import { PNG_PIXEL_CHUNKS, pngChunks } from './png.ts';
import { rewriteMetadata } from './rewrite.ts';
import { Tiff, isExif, removeEntries, tiffPlaces } from './tiff.ts';
import { WEBP_PIXEL_CHUNKS, webpChunks } from './webp.ts';
import { asBuffer } from './place-text.ts';

/** Profiles that take metadata out; with `credit` author, copyright and date stay. */
export type Strict = 'none' | 'credit';

/** How the pixels are stored and meant, and padding: they tell nothing about anybody. */
const TECHNICAL: ReadonlySet<number> = new Set([
  0x0001, 0x0002, 0x00fe, 0x00ff, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x010a, 0x0111, 0x0112, 0x0115,
  0x0116, 0x0117, 0x0118, 0x0119, 0x011a, 0x011b, 0x011c, 0x0122, 0x0123, 0x0124, 0x0125, 0x0128, 0x012d,
  0x013d, 0x013e, 0x013f, 0x0140, 0x0141, 0x0142, 0x0143, 0x0144, 0x0145, 0x014c, 0x014d, 0x014e, 0x0150,
  0x0152, 0x0153, 0x0154, 0x0155, 0x0156, 0x015b, 0x0200, 0x0211, 0x0212, 0x0213, 0x0214, 0x8769, 0x8773,
  0x9000, 0x9101, 0xa000, 0xa001, 0xa002, 0xa003, 0xa005, 0xea1c,
]);

const stays = (tag: number, profile: Strict): boolean =>
  TECHNICAL.has(tag) || (profile === 'credit' && CREDIT_TAGS.has(tag));

/** Does a file carry anything that this profile takes out? True as well where its structure is broken. */
export function carriesMore(bytes: Uint8Array, mediaType: string, profile: Strict): boolean {
  if (mediaType === 'image/jpeg') return jpegCarriesMore(bytes, profile);
  if (mediaType === 'image/png') return pngCarriesMore(bytes, profile);
  if (mediaType === 'image/webp') return webpCarriesMore(bytes, profile);
  if (mediaType === 'image/gif') {
    const bare = rewriteMetadata(bytes, mediaType, null);
    return bare === null || !asBuffer(bytes).equals(bare);
  }
  const trimmed = trimmedInPlace(bytes, mediaType, profile);
  return trimmed === null || !asBuffer(bytes).equals(trimmed);
}

function exifCarriesMore(block: Uint8Array, profile: Strict): boolean {
  const start = asBuffer(block).toString('latin1', 0, 6) === 'Exif\0\0' ? 6 : 0;
  const tiff = Tiff.read(block.subarray(start));
  return !tiff || !tiff.all().every(({ entries }) => entries.every(({ tag }) => stays(tag, profile)));
}

function jpegCarriesMore(bytes: Uint8Array, profile: Strict): boolean {
  const { parts, end } = jpegParts(bytes);
  if (end !== bytes.length) return true;
  return parts.some(({ marker, payload }) => {
    const isMetadata = (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
    if (!isMetadata || isNeededForPixels(marker, payload)) return false;
    return !(marker === 0xe1 && startsWith(payload, 'Exif\0\0') && !exifCarriesMore(payload, profile));
  });
}

function pngCarriesMore(bytes: Uint8Array, profile: Strict): boolean {
  const { chunks, end } = pngChunks(bytes);
  if (end !== bytes.length) return true;
  return chunks.some(({ type, data }) =>
    type === 'eXIf' ? exifCarriesMore(data, profile) : !PNG_PIXEL_CHUNKS.has(type),
  );
}

function webpCarriesMore(bytes: Uint8Array, profile: Strict): boolean {
  const { chunks, end } = webpChunks(bytes);
  if (end !== bytes.length) return true;
  return chunks.some(({ type, data }) =>
    type === 'EXIF' ? exifCarriesMore(data, profile) : !WEBP_PIXEL_CHUNKS.has(type),
  );
}

/**
 * TIFF and AVIF, whose parts know each other by their offsets: what has to go is zeroed where it stands, so that
 * the size and the pixels stay. Null for other types.
 */
export function trimmedInPlace(bytes: Uint8Array, mediaType: string, profile: Strict): Uint8Array | null {
  if (mediaType !== 'image/tiff' && mediaType !== 'image/avif') return null;
  const copy = Buffer.from(bytes);
  if (mediaType === 'image/tiff') trimTiff(copy, profile);
  else {
    for (const mark of ['II*\0', 'MM\0*']) {
      for (let at = copy.indexOf(mark, 0, 'latin1'); at >= 0; at = copy.indexOf(mark, at + 4, 'latin1')) {
        if (isExif(copy.subarray(at))) trimTiff(copy.subarray(at), profile);
      }
    }
    blankPackets(copy);
  }
  return copy;
}

function trimTiff(bytes: Buffer, profile: Strict): void {
  tiffPlaces(bytes, true);
  const tiff = Tiff.read(bytes);
  if (!tiff) return;
  for (const ifd of tiff.all()) {
    const going = ifd.entries.filter(({ tag }) => !stays(tag, profile));
    if (going.length > 0) removeEntries(tiff, ifd, going);
  }
}

function blankPackets(bytes: Buffer): void {
  const close = '</x:xmpmeta>';
  for (let at = bytes.indexOf('<x:xmpmeta'); at >= 0; at = bytes.indexOf('<x:xmpmeta', at + 1)) {
    const end = bytes.indexOf(close, at);
    if (end < 0) return;
    bytes.fill(0x20, at, end + close.length);
  }
}
