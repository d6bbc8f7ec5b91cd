import { readFile, stat } from 'node:fs/promises';
import type { Metadata } from 'sharp';
import { MediaError, fromFileError } from '../errors.ts';
import { isCameraRaw } from '../metadata/tiff.ts';
import { ownBytes } from '../sharp-build.ts';
import type { Sharp } from '../sharp-build.ts';
import { DECODABLE, UNSUPPORTED_PICTURES, sniff } from '../sniff.ts';
import { MAX_DECODED_ANIMATION, MAX_FILE, MAX_PIXELS, checkSize } from './limits.ts';

/** A picture in memory, its header read and within the limits; nothing is decoded yet. */
export interface Source {
  bytes: Buffer;
  mediaType: string;
  /** px, after the EXIF orientation. */
  width: number;
  height: number;
  frames: number;
  orientation: number;
  metadata: Metadata;
}

/** 'error' finds truncated and damaged pictures, and lets pass what decoders only warn of. */
export const OPEN = { failOn: 'error', limitInputPixels: MAX_PIXELS, sequentialRead: true } as const;

/** Reads a picture. Errors: file-missing, not-an-image, image-broken, image-unsupported, image-too-large. */
export async function readSource(sharp: Sharp, path: string): Promise<Source> {
  const bytes = await readBytes(path);
  const mediaType = pictureType(bytes);
  const read = await sharp(bytes, { ...OPEN, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw decodeError(error, mediaType);
    });
  const metadata = withOwnBytes(read);
  const frames = mediaType === 'image/tiff' || mediaType === 'image/avif' ? 1 : (metadata.pages ?? 1);
  checkSize(metadata.width, metadata.height, frames);
  const { width, height } = metadata.autoOrient;
  return { bytes, mediaType, width, height, frames, orientation: metadata.orientation ?? 1, metadata };
}

/** bytes of its pixels once decoded, all frames that are decoded together counted. */
export function decodedBytes(source: Source): number {
  const { width, height, frames, metadata } = source;
  const pixels = Math.min(width * height * frames, Math.max(width * height, MAX_DECODED_ANIMATION));
  return pixels * metadata.channels * (metadata.depth === 'ushort' ? 2 : 1);
}

function withOwnBytes(metadata: Metadata): Metadata {
  const { exif, icc } = metadata;
  return { ...metadata, ...(exif && { exif: ownBytes(exif) }), ...(icc && { icc: ownBytes(icc) }) };
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new MediaError('not-an-image');
    if (facts.size > MAX_FILE)
      throw new MediaError('image-too-large', { bytes: facts.size, maxBytes: MAX_FILE });
    return await readFile(path);
  } catch (error) {
    throw fromFileError(error);
  }
}

function pictureType(bytes: Buffer): string {
  if (bytes.length === 0) throw new MediaError('image-broken', { bytes: 0 });
  const mediaType = sniff(bytes);
  const name = UNSUPPORTED_PICTURES[mediaType];
  if (name) throw new MediaError('image-unsupported', { format: name });
  if (!DECODABLE.has(mediaType)) throw new MediaError('not-an-image');
  if (mediaType === 'image/tiff' && isCameraRaw(bytes))
    throw new MediaError('image-unsupported', { format: 'RAW' });
  return mediaType;
}

/** What a failure of sharp means. Its messages are libvips' own and go no further than the cause. */
export function decodeError(error: unknown, mediaType: string): MediaError {
  if (error instanceof MediaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/timeout/i.test(message)) return new MediaError('media-failed', { reason: 'timeout' }, error);
  if (/out of memory|memory access out of bounds|cannot allocate/i.test(message)) {
    return new MediaError('media-failed', { reason: 'memory' }, error);
  }
  if (/pixel limit/i.test(message))
    return new MediaError('image-too-large', { maxPixels: MAX_PIXELS }, error);
  if (/unsupported|not built|no known/i.test(message)) {
    const format = mediaType.replace('image/', '').toUpperCase();
    return new MediaError('image-unsupported', { format }, error);
  }
  return new MediaError('image-broken', undefined, error);
}
