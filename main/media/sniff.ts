/**
 * What the first bytes say a file is. Names and declared types are never believed, and sharp is shown nothing
 * that is not on this list: its loaders for SVG and PDF run whole document engines.
 */

/** Enough for the longest frame of MP3 and the beginning of the next one. */
export const SNIFF_BYTES = 1536;
/** Enough for every signature below. */
const SIGNATURE_BYTES = 64;

/** Still and animated pictures that can be decoded here. */
export const DECODABLE: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/tiff',
]);

type Signature = readonly [offset: number, bytes: string, mediaType: string];

const SIGNATURES: readonly Signature[] = [
  [0, '\xff\xd8\xff', 'image/jpeg'],
  [0, '\x89PNG\r\n\x1a\n', 'image/png'],
  [0, 'GIF87a', 'image/gif'],
  [0, 'GIF89a', 'image/gif'],
  [0, 'II*\0', 'image/tiff'],
  [0, 'MM\0*', 'image/tiff'],
  [0, 'II+\0', 'image/x-bigtiff'],
  [0, 'MM\0+', 'image/x-bigtiff'],
  [0, 'BM', 'image/bmp'],
  [0, '\0\0\x01\0', 'image/x-icon'],
  [0, '8BPS', 'image/vnd.adobe.photoshop'],
  [0, '\xff\x0a', 'image/jxl'],
  [0, '\0\0\0\x0cJXL ', 'image/jxl'],
  [0, '\0\0\0\x0cjP  ', 'image/jp2'],
  [0, 'FUJIFILMCCD-RAW', 'image/x-raw'],
  [0, 'IIRO', 'image/x-raw'],
  [0, 'IIU\0', 'image/x-raw'],
  [0, '%PDF-', 'application/pdf'],
  [0, 'PK\x03\x04', 'application/zip'],
  [0, 'OggS', 'audio/ogg'],
  [0, 'ID3', 'audio/mpeg'],
  [0, 'fLaC', 'audio/flac'],
  [0, '\x1a\x45\xdf\xa3', 'video/webm'],
];

/** Names for the words shown; the key is what `sniff` returns. */
export const UNSUPPORTED_PICTURES: Readonly<Record<string, string>> = {
  'image/heic': 'HEIC',
  'image/x-bigtiff': 'BigTIFF',
  'image/bmp': 'BMP',
  'image/x-icon': 'ICO',
  'image/vnd.adobe.photoshop': 'PSD',
  'image/jxl': 'JPEG XL',
  'image/jp2': 'JPEG 2000',
  'image/x-raw': 'RAW',
};

/** The media type measured from the first bytes, `application/octet-stream` where they say nothing. */
export function sniff(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SIGNATURE_BYTES)).toString(
    'latin1',
  );
  if (text.startsWith('RIFF')) return riffType(text);
  if (text.slice(4, 8) === 'ftyp') return brandType(text);
  // Canon's CR2 is a TIFF whose first image is only a preview.
  if (/^(II\*\0|MM\0\*)....CR/s.test(text)) return 'image/x-raw';
  const found = SIGNATURES.find(([offset, bytes]) => text.startsWith(bytes, offset));
  if (found) return found[2];
  return isMp3(head) ? 'audio/mpeg' : 'application/octet-stream';
}

/** kbit/s by the four bits of a header (ISO 11172-3 and 13818-3 section 2.4.2.3, Layer III). */
const RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLES = [44_100, 48_000, 32_000];

/** Without an ID3 tag there is nothing but frames: two in a row, so that eleven bits alone make no music of a file. */
function isMp3(head: Uint8Array): boolean {
  const length = frameLength(head, 0);
  return length !== null && frameLength(head, length) !== null;
}

/** Bytes of the frame of Layer III that begins here; null when none does. */
function frameLength(head: Uint8Array, at: number): number | null {
  const [sync = 0, kind = 0, rates = 0] = head.subarray(at, at + 3);
  // Sync, and Layer III; version 01 is none.
  if (sync !== 0xff || (kind & 0xe6) !== 0xe2 || (kind & 0x18) === 0x08) return null;
  const first = (kind & 0x18) === 0x18;
  const rate = (first ? RATES_1 : RATES_2)[rates >> 4] ?? 0;
  const samples = SAMPLES[(rates >> 2) & 3];
  if (rate === 0 || samples === undefined) return null;
  const perSecond = samples / (first ? 1 : (kind & 0x18) === 0x10 ? 2 : 4);
  return Math.floor(((first ? 144 : 72) * rate * 1000) / perSecond) + ((rates >> 1) & 1);
}

function riffType(text: string): string {
  const form = text.slice(8, 12);
  if (form === 'WEBP') return 'image/webp';
  if (form === 'WAVE') return 'audio/wav';
  if (form === 'AVI ') return 'video/x-msvideo';
  return 'application/octet-stream';
}

/** ISO base media files (ISO 14496-12 section 4.3) tell by their brands. */
function brandType(text: string): string {
  const size = Math.min(Math.max(text.slice(0, 4).charCodeAt(3), 16), SIGNATURE_BYTES);
  const major = text.slice(8, 12);
  const brands = [major, ...(text.slice(16, size).match(/.{4}/gs) ?? [])];
  if (major === 'crx ') return 'image/x-raw';
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return 'image/avif';
  if (brands.some((brand) => /^(hei[cmsx]|hev[cmsx]|mif1|msf1)$/.test(brand))) return 'image/heic';
  if (major === 'qt  ') return 'video/quicktime';
  if (major.startsWith('M4A')) return 'audio/mp4';
  return 'video/mp4';
}
