import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Media } from '../../media/index.ts';
import { sniff, SNIFF_BYTES } from '../../media/sniff.ts';
import type { AttachmentRow, IncidentFile } from '../../store/index.ts';
import type { Absence, EvidenceFile } from './evidence.ts';

/** What is known of a file of a message. */
export type KeptFile = Pick<
  AttachmentRow,
  'name' | 'mediaType' | 'bytes' | 'url' | 'remoteSha256' | 'localSha256'
>;

/** Bytes of all files of one report. A ZIP without the extension for large ones ends at four times as much. */
export const MAX_FILES = 1024 ** 3;

/**
 * Endings by what the bytes say. Everything else ends in `.bin`, so that nothing in a report can be run, or shown as
 * a page, by a double click.
 */
const ENDINGS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
  'image/heic': 'heic',
  'image/tiff': 'tif',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'application/pdf': 'pdf',
};

/** What a stored file is now: measured, not remembered. Null: it is not there. */
export async function measure(
  media: Media,
  sha256: string,
): Promise<{ path: string; sha256: string; bytes: number; mediaType: string } | null> {
  const path = media.store.path(sha256);
  if (path === null) return null;
  try {
    const { size } = await stat(path);
    return { path, sha256: await hashOf(path), bytes: size, mediaType: await typeOf(path) };
  } catch (error) {
    // Gone or unreadable this moment: evidence says so, and is kept all the same.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function typeOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return sniff(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** Names the files of one report as they come, the same bytes once. `include`: whether they are wanted in it. */
export function fileKeeper(o: { media: Media; include: boolean }) {
  const kept = new Map<string, IncidentFile>();
  let total = 0;

  const without = (f: KeptFile, absent: Absence): EvidenceFile => ({
    name: f.name,
    mediaType: f.mediaType,
    bytes: f.bytes,
    url: f.url,
    claimedSha256: f.remoteSha256,
    file: null,
    sha256: f.localSha256,
    absent,
  });
  const keep = async (f: KeptFile): Promise<EvidenceFile> => {
    if (f.localSha256 === null) return without(f, 'never-fetched');
    if (!o.include) return without(f, 'left-out');
    const now = await measure(o.media, f.localSha256);
    if (now === null) return without(f, 'missing');
    if (now.sha256 !== f.localSha256) return without(f, 'damaged');
    let file = kept.get(now.sha256);
    if (!file) {
      if (total + now.bytes > MAX_FILES) return without(f, 'too-large');
      total += now.bytes;
      const number = String(kept.size + 1).padStart(3, '0');
      const name = `media/${number}.${ENDINGS[now.mediaType] ?? 'bin'}`;
      kept.set(now.sha256, (file = { name, sha256: now.sha256, bytes: now.bytes, mediaType: now.mediaType }));
    }
    return {
      name: f.name,
      mediaType: file.mediaType,
      bytes: file.bytes,
      url: f.url,
      claimedSha256: f.remoteSha256,
      file: file.name,
      sha256: file.sha256,
      absent: null,
    };
  };
  return { keep, files: () => [...kept.values()] };
}
