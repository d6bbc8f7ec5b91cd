import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const projectRoot = dirname(dirname(import.meta.dirname));

const made = new Set<string>();

/**
 * A folder of its own, gone when the process ends (unless POSTCARD_KEEP_TEMP is set). All of a run stand in the one
 * of POSTCARD_TEST_TEMP where that is set: whoever set it removes it, also after a process that was killed.
 */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(process.env['POSTCARD_TEST_TEMP'] ?? tmpdir(), `postcard-${name}-`));
  made.add(folder);
  return folder;
}

/** Removes a folder of `temporaryFolder` before the process ends. */
export function removeFolder(folder: string): void {
  if (!made.delete(folder)) throw new Error(`${folder} was not made here`);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

process.once('exit', () => {
  if (process.env['POSTCARD_KEEP_TEMP']) return;
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
