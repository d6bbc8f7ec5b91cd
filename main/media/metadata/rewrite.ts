import type { MetadataBlocks } from './credit.ts';
import { isNeededForPixels, jpegParts } from './jpeg.ts';
import { asBuffer } from './place-text.ts';
import { PNG_PIXEL_CHUNKS, PNG_SIGNATURE_BYTES, pngChunk, pngChunks } from './png.ts';
import { WEBP_PIXEL_CHUNKS, webpChunks } from './webp.ts';

type MetadataRewrite = (bytes: Uint8Array, blocks: MetadataBlocks) => Uint8Array | null;

const NOTHING: MetadataBlocks = { exif: null, xmp: null, iptc: null };
/** bytes of a JPEG segment's content; what is longer is left out. */
const MAX_SEGMENT = 65_000;

const REWRITES: Readonly<Record<string, MetadataRewrite>> = {
  'image/jpeg': rewriteJpeg,
  'image/png': rewritePng,
  'image/webp': rewriteWebp,
  'image/gif': rewriteGif,
};

/**
 * A picture of the same pixels, bit for bit, with all its metadata replaced by `blocks`, or dropped where null. Null
 * when the format has no rewriting here or the file's structure is broken. WebP and PNG have no place for IPTC.
 */
export function rewriteMetadata(
  bytes: Uint8Array,
  mediaType: string,
  blocks: MetadataBlocks | null,
): Uint8Array | null {
  return REWRITES[mediaType]?.(bytes, blocks ?? NOTHING) ?? null;
}

function rewriteJpeg(bytes: Uint8Array, blocks: MetadataBlocks): Uint8Array | null {
  const { parts, end } = jpegParts(bytes);
  if (end === null) return null;
  const kept: Uint8Array[] = [];
  for (const part of parts) {
    const isMetadata = (part.marker >= 0xe0 && part.marker <= 0xef) || part.marker === 0xfe;
    if (!isMetadata || isNeededForPixels(part.marker, part.payload))
      kept.push(bytes.subarray(part.start, part.end));
  }
  // JFIF asks to come first, EXIF too; every reader takes EXIF right behind JFIF.
  const jfif = parts[0]?.marker === 0xe0 && kept.length > 0 ? 1 : 0;
  kept.splice(jfif, 0, ...segments(blocks));
  return Buffer.concat([bytes.subarray(0, 2), ...kept, Buffer.from([0xff, 0xd9])]);
}

function segments({ exif, xmp, iptc }: MetadataBlocks): Buffer[] {
  const wanted = [
    [0xe1, 'Exif\0\0', exif],
    [0xe1, 'http://ns.adobe.com/xap/1.0/\0', xmp],
    [0xed, 'Photoshop 3.0\0', iptc],
  ] as const;
  return wanted.flatMap(([marker, name, data]) => {
    if (!data || data.length > MAX_SEGMENT) return [];
    const head = Buffer.from(`\xff\0\0\0${name}`, 'latin1');
    head[1] = marker;
    head.writeUInt16BE(2 + name.length + data.length, 2);
    return [Buffer.concat([head, data])];
  });
}

function rewritePng(bytes: Uint8Array, { exif, xmp }: MetadataBlocks): Uint8Array | null {
  const { chunks, end } = pngChunks(bytes);
  if (end === null) return null;
  const kept = chunks.filter((chunk) => PNG_PIXEL_CHUNKS.has(chunk.type)).map((chunk) => chunk.whole);
  if (xmp)
    kept.splice(
      1,
      0,
      pngChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1'), xmp])),
    );
  if (exif) kept.splice(1, 0, pngChunk('eXIf', exif));
  return Buffer.concat([bytes.subarray(0, PNG_SIGNATURE_BYTES), ...kept]);
}

const VP8X = { icc: 0x20, alpha: 0x10, exif: 0x08, xmp: 0x04 } as const;

function rewriteWebp(bytes: Uint8Array, { exif, xmp }: MetadataBlocks): Uint8Array | null {
  const { chunks, end } = webpChunks(bytes);
  if (end === null) return null;
  const kept: Buffer[] = chunks
    .filter((chunk) => WEBP_PIXEL_CHUNKS.has(chunk.type))
    .map((chunk) => Buffer.from(chunk.whole));
  const hasHeader = chunks.find((chunk) => WEBP_PIXEL_CHUNKS.has(chunk.type))?.type === 'VP8X';
  if (!hasHeader && (exif || xmp)) {
    const header = extendedHeader(chunks[0]?.type ?? '', chunks[0]?.data ?? Buffer.alloc(0));
    if (!header) return null;
    kept.unshift(header);
  }
  const first = kept[0];
  if (first && (hasHeader || exif || xmp)) {
    first[8] = ((first[8] ?? 0) & ~(VP8X.exif | VP8X.xmp)) | (exif ? VP8X.exif : 0) | (xmp ? VP8X.xmp : 0);
  }
  if (exif) kept.push(riffChunk('EXIF', exif));
  if (xmp) kept.push(riffChunk('XMP ', xmp));
  const body = Buffer.concat(kept);
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  head.writeUInt32LE(4 + body.length, 4);
  return Buffer.concat([head, body]);
}

function riffChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, 0, 'latin1');
  chunk.writeUInt32LE(data.length, 4);
  chunk.set(data, 8);
  return chunk;
}

/** VP8X for a simple file: canvas and alpha as its bit stream says (RFC 6386 9.1; RFC 9649 section 3.4). */
function extendedHeader(type: string, data: Buffer): Buffer | null {
  const header = Buffer.alloc(10);
  if (type === 'VP8 ' && data.length >= 10) {
    header.writeUIntLE((data.readUInt16LE(6) & 0x3fff) - 1, 4, 3);
    header.writeUIntLE((data.readUInt16LE(8) & 0x3fff) - 1, 7, 3);
  } else if (type === 'VP8L' && data.length >= 5) {
    const bits = data.readUInt32LE(1);
    header.writeUIntLE(bits & 0x3fff, 4, 3);
    header.writeUIntLE((bits >>> 14) & 0x3fff, 7, 3);
    if ((bits >>> 28) & 1) header[0] = VP8X.alpha;
  } else return null;
  return riffChunk('VP8X', header);
}

/** Drops comments and all application extensions but the loop counts (GIF89a sections 24 and 26). */
function rewriteGif(bytes: Uint8Array): Uint8Array | null {
  const buffer = asBuffer(bytes);
  if (buffer.length < 13) return null;
  let at = 13 + colourTable(buffer[10] ?? 0);
  const kept: Uint8Array[] = [buffer.subarray(0, at)];
  while (at < buffer.length) {
    const start = at;
    const kind = buffer[at];
    if (kind === 0x3b) return Buffer.concat([...kept, Buffer.from([0x3b])]);
    if (kind === 0x21) at = blocksEnd(buffer, at + 2);
    else if (kind === 0x2c) at = blocksEnd(buffer, at + 11 + colourTable(buffer[at + 9] ?? 0));
    else return null;
    if (at > buffer.length) return null;
    if (kind === 0x2c || isPlayback(buffer, start)) kept.push(buffer.subarray(start, at));
  }
  return null;
}

function colourTable(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

function blocksEnd(buffer: Buffer, from: number): number {
  let at = from;
  for (let size = buffer[at]; size; size = buffer[at]) at += 1 + size;
  return at + 1;
}

/** Graphic control, plain text, and the two names loop counts go by. */
function isPlayback(buffer: Buffer, at: number): boolean {
  const label = buffer[at + 1];
  if (label === 0xf9 || label === 0x01) return true;
  return label === 0xff && /^(NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(buffer.toString('latin1', at + 3, at + 14));
}
