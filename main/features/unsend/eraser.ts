import type { Media } from '../../media/index.ts';
import {
  addErasure,
  dropBackups,
  erasureDone,
  localFilesInUse,
  pendingErasure,
  scrub,
  type Erasure,
  type WritableDb,
} from '../../store/index.ts';

/** Takes what was unsent off the disk; what a crash or a full disk interrupted is gone on with. */
export interface Eraser {
  run(): void;
  /** What a stream still held of an unsent message has been overwritten: off the disk with it. */
  scrub(): void;
  /** Resolves once nothing is under way. */
  close(): Promise<void>;
}

/** ms until a disk that refused is tried again. */
const TRY_AGAIN = 10_000;

export function createEraser(o: {
  db: WritableDb;
  media: Media;
  backupFolder: string;
  log(line: string): void;
}): Eraser {
  const { db, media } = o;
  let working: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;
  /** Asked for while it was at work: the last look may have been before. */
  let asked = false;
  let closed = false;

  const erase = async (due: Erasure) => {
    for (const [sha256, at] of Object.entries(due.files))
      if (!localFilesInUse(db).has(sha256)) await media.store.forget(sha256, at);
    const inUse = localFilesInUse(db);
    if (due.usedBefore !== null)
      await media.store.collect((sha256) => inUse.has(sha256), {
        quotaBytes: Infinity,
        evictable: () => false,
        before: due.usedBefore,
      });
    if (closed) return;
    dropBackups(o.backupFolder, due.since);
    scrub(db);
    erasureDone(db, due);
  };
  const all = async () => {
    for (let due = pendingErasure(db); due !== null && !closed; due = pendingErasure(db)) await erase(due);
  };
  const run = () => {
    asked = true;
    if (working || closed) return;
    asked = false;
    working = all()
      .catch((error: unknown) => {
        o.log(`what was unsent is still to be erased: ${String(error)}`);
        timer = closed ? null : setTimeout(run, TRY_AGAIN);
      })
      .finally(() => {
        working = null;
        if (asked) run();
      });
  };

  return {
    run,
    scrub: () => {
      addErasure(db, { files: {}, since: Number.MAX_SAFE_INTEGER, usedBefore: null });
      // After the stream has noted what it still holds.
      setTimeout(run, 0);
    },
    close: async () => {
      closed = true;
      if (timer) clearTimeout(timer);
      await working;
    },
  };
}
