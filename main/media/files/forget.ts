import { renameSync, statSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { THUMBNAILS } from './thumbnail-index.ts';

/**
 * Removes a file and everything that was made of it, whoever else has the same thumbnail: it is made again when it
 * is wanted. One that was used later is left. `pathOf`: where a file of the store is; `usedBefore`: Unix time, ms.
 */
export async function forgetFile(
  folder: string,
  { sha256, usedBefore }: { sha256: string; usedBefore: number },
  pathOf: (sha256: string) => string,
): Promise<void> {
  const aside = join(folder, 'tmp', `going-${sha256}`);
  // In one turn: whoever asks for it afterwards is told that it has gone.
  const used = statSync(pathOf(sha256), { throwIfNoEntry: false })?.mtimeMs;
  if (used !== undefined && used > usedBefore) return;
  if (used !== undefined) renameSync(pathOf(sha256), aside);
  const entries = join(folder, THUMBNAILS, sha256.slice(0, 2));
  for (const name of await readdir(entries).catch(noneYet)) {
    if (!name.startsWith(`${sha256}-`)) continue;
    const entry = join(entries, name);
    const thumbnail = thumbnailOf(await readFile(entry, 'utf8'));
    if (thumbnail !== null) await rm(pathOf(thumbnail), { force: true });
    await rm(entry, { force: true });
  }
  await rm(aside, { force: true });
}

/** null for an entry that a power cut left incomplete. */
function thumbnailOf(entry: string): string | null {
  const [, found] = /"sha256":"([0-9a-f]{64})"/.exec(entry) ?? [];
  return found ?? null;
}

function noneYet(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
