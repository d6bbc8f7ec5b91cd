import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MediaError, fromFileError, throwIfCancelled } from '../errors.ts';
import { SNIFF_BYTES, sniff } from '../sniff.ts';
import type { AddStreamOptions, ByteRange, MediaStore, OpenedFile, StoredFile } from '../types.ts';
import { collectFiles, usageOf } from './collect.ts';
import { forgetFile } from './forget.ts';

/** The time of last use is written down at most this often, in ms. */
const TOUCH_EVERY = 60 * 60 * 1000;
/** bytes of a file in memory while it is copied in. */
const PIECE = 1 << 19;
const HEX64 = /^[0-9a-f]{64}$/;

export interface ContentStore extends MediaStore {
  /** Writes bytes in. `durable: false` skips fsync, for what can be made again. */
  addBytes(bytes: Uint8Array, opts?: { durable?: boolean }): Promise<StoredFile>;
  /** bytes of a file, null when there is none. Counts as a use. */
  size(sha256: string): number | null;
}

/**
 * Content-addressed files. All state is the folder itself, so the main thread and the image worker each open
 * their own store on it and stay in step. A file's mtime is the time of its last use.
 */
export async function openContentStore(folder: string): Promise<ContentStore> {
  await mkdir(join(folder, 'tmp'), { recursive: true, mode: 0o700 }).catch(rethrow);
  const held = new Map<string, number>();
  return {
    addFile: (path, opts = {}) => addStream(folder, piecesOf(path), opts, true),
    addStream: (stream, opts = {}) => addStream(folder, stream, opts, true),
    addBytes: (bytes, opts = {}) => addStream(folder, [bytes], {}, opts.durable ?? true),
    path: (sha256) => (used(folder, sha256) ? pathOf(folder, sha256) : null),
    size: (sha256) => used(folder, sha256),
    has: (sha256) => used(folder, sha256) !== null,
    open: (sha256, range) => openFile(folder, sha256, range),
    remove: async (sha256) => {
      if (HEX64.test(sha256)) await rm(pathOf(folder, sha256), { force: true }).catch(rethrow);
    },
    forget: async (sha256, usedBefore) => {
      if (!HEX64.test(sha256) || held.has(sha256)) return;
      await forgetFile(folder, { sha256, usedBefore }, (one) => pathOf(folder, one)).catch(rethrow);
    },
    hold: (sha256) => hold(held, sha256),
    usage: () => usageOf(folder).catch(rethrow),
    collect: (keep, opts) =>
      collectFiles(folder, (sha256) => held.has(sha256) || keep(sha256), opts).catch(rethrow),
  };
}

/** Counted: two may be at work with the same content. */
function hold(held: Map<string, number>, sha256: string): () => void {
  held.set(sha256, (held.get(sha256) ?? 0) + 1);
  let holding = true;
  return () => {
    if (!holding) return;
    holding = false;
    const left = (held.get(sha256) ?? 1) - 1;
    if (left > 0) held.set(sha256, left);
    else held.delete(sha256);
  };
}

function rethrow(error: unknown): never {
  throw fromFileError(error);
}

function pathOf(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256.slice(2));
}

/** Size in bytes of a stored file, whose use is noted; null when there is none. */
function used(folder: string, sha256: string): number | null {
  if (!HEX64.test(sha256)) return null;
  const path = pathOf(folder, sha256);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return null;
  if (Date.now() - found.mtimeMs > TOUCH_EVERY) {
    // A lost note of use only makes the file leave the cache earlier; it may also just have been collected.
    touch(path).catch(() => false);
  }
  return found.size;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

function openFile(folder: string, sha256: string, range: ByteRange | undefined): OpenedFile {
  const size = used(folder, sha256);
  if (size === null) throw new MediaError('file-missing');
  const start = range?.start ?? 0;
  const end = Math.min(range?.end ?? size - 1, size - 1);
  if (range && (!Number.isInteger(start) || start < 0 || start > end))
    throw new RangeError('outside the file');
  const nodeStream = createReadStream(pathOf(folder, sha256), size === 0 ? {} : { start, end });
  // Node's own ReadableStream type and the DOM's describe the same class.
  const stream = Readable.toWeb(nodeStream) as unknown as ReadableStream<Uint8Array>;
  return { stream, bytes: size === 0 ? 0 : end - start + 1 };
}

/**
 * A file through one buffer, which is good until the next piece is asked for: a new one for each would wait for the
 * collector by the hundred megabytes, since it does not see what lies outside its heap.
 */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafeSlow(PIECE);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, PIECE, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Temporary file, hash on the way, fsync, rename: a reader never sees half a file, nor does a power cut. */
async function addStream(
  folder: string,
  chunks: Chunks,
  opts: AddStreamOptions,
  durable: boolean,
): Promise<StoredFile> {
  const temporary = join(folder, 'tmp', randomUUID());
  try {
    throwIfCancelled(opts.signal);
    const handle = await open(temporary, 'wx', 0o600);
    const written = await writeAll(handle, chunks, opts, durable).finally(() => handle.close());
    return await settle(folder, temporary, written, durable);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fromFileError(error);
  }
}

interface Written {
  sha256: string;
  bytes: number;
  mediaType: string;
}

async function writeAll(
  handle: FileHandle,
  chunks: Chunks,
  opts: AddStreamOptions,
  durable: boolean,
): Promise<Written> {
  const hash = createHash('sha256');
  let head = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of chunks) {
    throwIfCancelled(opts.signal);
    bytes += chunk.length;
    if (opts.maxBytes !== undefined && bytes > opts.maxBytes) {
      throw new MediaError('image-too-large', { maxBytes: opts.maxBytes });
    }
    if (head.length < SNIFF_BYTES) head = Buffer.concat([head, chunk.subarray(0, SNIFF_BYTES)]);
    hash.update(chunk);
    await handle.writeFile(chunk);
    opts.onProgress?.(bytes);
  }
  throwIfCancelled(opts.signal);
  if (durable) await handle.sync();
  return { sha256: hash.digest('hex'), bytes, mediaType: sniff(head) };
}

/** Gives the temporary file its final name, or drops it where the same content is there already. */
async function settle(
  folder: string,
  temporary: string,
  written: Written,
  durable: boolean,
): Promise<StoredFile> {
  const path = pathOf(folder, written.sha256);
  if (await isThere(path, written.bytes)) {
    await rm(temporary, { force: true });
    return { ...written, path };
  }
  const parent = join(folder, written.sha256.slice(0, 2));
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await rename(temporary, path);
  if (durable) await syncFolder(parent);
  return { ...written, path };
}

/** Touched first: a clean-up that is about to take the file sees that and leaves it (see collect.ts). */
async function isThere(path: string, bytes: number): Promise<boolean> {
  try {
    await touch(path);
    // A power cut can leave a file that was not synced empty: then it is written again.
    return (await stat(path)).size === bytes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows has no handle on a folder that could be synced, and journals names by itself.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
