import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a private folder and the ones above it. By hand, because `recursive` never returns where the system
 * says ENOENT for a folder whose parent exists, as in /proc.
 * @throws what mkdir throws (EACCES, ENOENT, ENOTDIR, EROFS)
 */
export function ensureFolder(folder: string, mayMakeParent = true): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return; // a file of that name shows itself at the first use of the folder
    if (code !== 'ENOENT' || !mayMakeParent || dirname(folder) === folder) throw error;
    ensureFolder(dirname(folder));
    ensureFolder(folder, false);
  }
}
