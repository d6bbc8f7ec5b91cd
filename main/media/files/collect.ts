import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readThumbnailEntries } from './thumbnail-index.ts';
import type { CollectOptions } from '../types.ts';

/** ms. Younger files may belong to a message that is being written this moment. */
const GRACE = 60 * 60 * 1000;

interface Found {
  sha256: string;
  path: string;
  bytes: number;
  /** ms since the epoch. */
  usedAt: number;
}

/** Sum of all stored files, in bytes; temporary ones are not counted. */
export async function usageOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const file of await listFiles(folder)) bytes += file.bytes;
  return bytes;
}

/** See MediaStore.collect. */
export async function collectFiles(
  folder: string,
  keep: (sha256: string) => boolean,
  opts: CollectOptions,
): Promise<{ removed: number; bytes: number }> {
  const result = { removed: 0, bytes: 0 };
  const before = Math.max(Date.now() - GRACE, opts.before ?? 0);
  await removeLeftovers(join(folder, 'tmp'), before);
  const thumbnails = await keptThumbnails(folder, keep, before);
  const kept: Found[] = [];
  for (const file of await listFiles(folder)) {
    const wanted = keep(file.sha256) || thumbnails.has(file.sha256);
    if (!wanted && file.usedAt < before && (await take(folder, file))) count(result, file);
    else kept.push(file);
  }
  let total = kept.reduce((sum, file) => sum + file.bytes, 0);
  kept.sort((a, b) => a.usedAt - b.usedAt);
  for (const file of kept) {
    if (total <= opts.quotaBytes) break;
    // What is neither kept nor old yet is somebody's work under way: not a candidate.
    const mayGo = keep(file.sha256) ? opts.evictable(file.sha256) : thumbnails.has(file.sha256);
    if (!mayGo || !(await take(folder, file))) continue;
    count(result, file);
    total -= file.bytes;
  }
  return result;
}

function count(result: { removed: number; bytes: number }, file: Found): void {
  result.removed += 1;
  result.bytes += file.bytes;
}

/**
 * Removes a file unless it was used since it was listed. It is moved aside first and looked at again, so that
 * an add of the same content either is seen here (and the file goes back) or finds nothing and writes its own.
 */
async function take(folder: string, file: Found): Promise<boolean> {
  const aside = join(folder, 'tmp', `going-${file.sha256}`);
  try {
    await rename(file.path, aside);
    if ((await stat(aside)).mtimeMs > file.usedAt) {
      await rename(aside, file.path);
      return false;
    }
    await rm(aside, { force: true });
    return true;
  } catch (error) {
    // Gone already, or open in another program on Windows: the next round finds it again.
    if (isOneOf(error, ['ENOENT', 'EBUSY', 'EPERM', 'EACCES'])) return false;
    throw error;
  }
}

function isOneOf(error: unknown, codes: string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? '');
}

async function removeLeftovers(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found && found.mtimeMs < before) await rm(path, { force: true });
  }
}

/** The thumbnails of sources that are still kept; index entries of other sources are removed. */
async function keptThumbnails(
  folder: string,
  keep: (sha256: string) => boolean,
  before: number,
): Promise<Set<string>> {
  const kept = new Set<string>();
  for (const entry of await readThumbnailEntries(folder)) {
    if (keep(entry.source) || entry.madeAt >= before) kept.add(entry.thumbnail.sha256);
    else await rm(entry.path, { force: true });
  }
  return kept;
}

async function listFiles(folder: string): Promise<Found[]> {
  const found: Found[] = [];
  for (const start of await readdir(folder)) {
    if (!/^[0-9a-f]{2}$/.test(start)) continue;
    for (const rest of await readdir(join(folder, start))) {
      const path = join(folder, start, rest);
      const facts = await stat(path).catch(() => null);
      if (facts?.isFile())
        found.push({ sha256: start + rest, path, bytes: facts.size, usedAt: facts.mtimeMs });
    }
  }
  return found;
}
