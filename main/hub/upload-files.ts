import { readdir, rm } from 'node:fs/promises';
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ensureFolder } from './folder.ts';
import { LIMITS } from './limits.ts';
import { deleteStaleSlots, findUpload, listTokens, reopenInterrupted } from './store/uploads.ts';
import type { HubCore } from './core.ts';

const folderOf = (core: HubCore): string => join(core.folder, 'upload');

/** Where a finished upload is; the token is the hub's own, never a name from outside. */
export function uploadFile(core: HubCore, token: string): string {
  return join(folderOf(core), token);
}

/** Makes the folder and removes what a crash or a removed account left in it. */
export async function prepareUploads(core: HubCore): Promise<void> {
  ensureFolder(folderOf(core));
  reopenInterrupted(core.db);
  forgetUnusedSlots(core);
  for (const name of await readdir(folderOf(core))) {
    if (findUpload(core.db, name)?.state !== 'done') await rm(join(folderOf(core), name), { force: true });
  }
}

/** Forgets slots that were asked for and never used. */
export function forgetUnusedSlots(core: HubCore): void {
  deleteStaleSlots(core.db, Date.now() - LIMITS.slotMs);
}

/** Removes an account's files. */
export function eraseFiles(core: HubCore, user: string): void {
  for (const token of listTokens(core.db, user)) {
    try {
      unlinkSync(uploadFile(core, token));
    } catch (error) {
      // A slot that was never used has no file; anything else is cleaned up at the next start.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        core.log(`A file could not be removed: ${String(error)}`);
      }
    }
  }
}
