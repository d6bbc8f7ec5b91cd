import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromFileError } from '../errors.ts';
import type { StoredFile } from '../types.ts';
import type { ContentStore } from './content-store.ts';

/** The folder of entries, one small JSON file for each source and edge: `thumbnails/<sha256>-<edge>`. */
export const THUMBNAILS = 'thumbnails';

export interface ThumbnailFacts {
  sha256: string;
  bytes: number;
  mediaType: string;
}

export interface ThumbnailEntry {
  source: string;
  path: string;
  /** ms since the epoch. */
  madeAt: number;
  thumbnail: ThumbnailFacts;
}

function entryPath(folder: string, source: string, edge: number): string {
  return join(folder, THUMBNAILS, source.slice(0, 2), `${source}-${edge}`);
}

/** The thumbnail a source has at an edge (px); null when there is none, or a power cut left it incomplete. */
export async function findThumbnail(
  folder: string,
  store: ContentStore,
  source: string,
  edge: number,
): Promise<StoredFile | null> {
  const facts = await readEntry(entryPath(folder, source, edge));
  if (!facts || store.size(facts.sha256) !== facts.bytes) return null;
  const path = store.path(facts.sha256);
  return path === null ? null : { ...facts, path };
}

/** Notes a thumbnail; the last of two at once wins, and both are right. */
export async function noteThumbnail(
  folder: string,
  source: string,
  edge: number,
  facts: ThumbnailFacts,
): Promise<void> {
  const path = entryPath(folder, source, edge);
  const temporary = join(folder, 'tmp', randomUUID());
  try {
    await mkdir(join(folder, THUMBNAILS, source.slice(0, 2)), { recursive: true, mode: 0o700 });
    await writeFile(temporary, JSON.stringify(facts), { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw fromFileError(error);
  }
}

/** Every entry that can be read; broken ones are removed, since a thumbnail can be made again. */
export async function readThumbnailEntries(folder: string): Promise<ThumbnailEntry[]> {
  const entries: ThumbnailEntry[] = [];
  const root = join(folder, THUMBNAILS);
  for (const start of await readdir(root).catch(noneYet)) {
    for (const name of await readdir(join(root, start)).catch(noneYet)) {
      const path = join(root, start, name);
      const thumbnail = await readEntry(path);
      if (thumbnail) {
        entries.push({ source: name.slice(0, 64), path, madeAt: (await stat(path)).mtimeMs, thumbnail });
      } else await rm(path, { force: true });
    }
  }
  return entries;
}

function noneYet(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}

async function readEntry(path: string): Promise<ThumbnailFacts | null> {
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as Partial<ThumbnailFacts> | null;
    const sound = /^[0-9a-f]{64}$/.test(value?.sha256 ?? '') && typeof value?.bytes === 'number';
    // Checked just above; the media type is the remaining field we always write.
    return sound ? (value as ThumbnailFacts) : null;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
