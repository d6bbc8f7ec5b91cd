/** What a picture's own header says about it; the size it claims in a message is never believed. */
export interface ImageSize {
  format: 'JPEG' | 'PNG' | 'WebP' | 'GIF';
  width: number;
  height: number;
}

/** Reads width and height in pixels from the beginning of a file; null when it is no picture we know. */
export function readImageSize(bytes: Buffer): ImageSize | null {
  try {
    return readPng(bytes) ?? readGif(bytes) ?? readWebp(bytes) ?? readJpeg(bytes);
  } catch (error) {
    if (error instanceof RangeError) return null; // the header is cut off
    throw error;
  }
}

function readPng(b: Buffer): ImageSize | null {
  if (b.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') return null;
  return { format: 'PNG', width: b.readUInt32BE(16), height: b.readUInt32BE(20) };
}

function readGif(b: Buffer): ImageSize | null {
  if (!/^GIF8[79]a$/.test(b.toString('latin1', 0, 6))) return null;
  return { format: 'GIF', width: b.readUInt16LE(6), height: b.readUInt16LE(8) };
}

function readWebp(b: Buffer): ImageSize | null {
  if (b.toString('latin1', 0, 4) !== 'RIFF' || b.toString('latin1', 8, 12) !== 'WEBP') return null;
  const kind = b.toString('latin1', 12, 16);
  if (kind === 'VP8X')
    return { format: 'WebP', width: b.readUIntLE(24, 3) + 1, height: b.readUIntLE(27, 3) + 1 };
  if (kind === 'VP8 ') {
    return { format: 'WebP', width: b.readUInt16LE(26) & 0x3fff, height: b.readUInt16LE(28) & 0x3fff };
  }
  if (kind !== 'VP8L') return null;
  const bits = b.readUInt32LE(21);
  return { format: 'WebP', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

/** Walks the segments to the frame header (ITU T.81 annex B). */
function readJpeg(b: Buffer): ImageSize | null {
  if (b.readUInt16BE(0) !== 0xffd8) return null;
  for (let at = 2; ;) {
    const marker = b.readUInt16BE(at);
    if (marker < 0xff00) return null;
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { format: 'JPEG', width: b.readUInt16BE(at + 7), height: b.readUInt16BE(at + 5) };
    at += 2 + b.readUInt16BE(at + 2);
  }
}
