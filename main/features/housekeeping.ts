import type { Media } from '../media/index.ts';
import { evictable, localFilesInUse, markEvicted, messageById, type WritableDb } from '../store/index.ts';
import type { Changes } from './changes.ts';

const FIRST_MS = 60_000;
const EVERY_MS = 6 * 3_600_000;

/** Clears away files that nothing refers to, and keeps pictures within their quota. What only we have stays. */
export function keepHouse(o: {
  db: WritableDb;
  media: Media;
  changes: Changes;
  /** Bytes. */
  quota(): number;
  log(line: string): void;
}): { stop(): void } {
  const sweep = async () => {
    const kept = localFilesInUse(o.db);
    const free = evictable(o.db);
    const before = [...free];
    await o.media.store.collect((sha256) => kept.has(sha256), {
      quotaBytes: o.quota(),
      evictable: (sha256) => free.has(sha256),
    });
    for (const sha256 of before) {
      if (o.media.store.has(sha256)) continue;
      for (const id of markEvicted(o.db, sha256)) {
        const message = messageById(o.db, id);
        if (message) o.changes.message(message.conversationId, id);
      }
    }
  };
  const run = () => void sweep().catch((error: unknown) => o.log(`clearing away failed: ${String(error)}`));
  const first = setTimeout(run, FIRST_MS);
  const timer = setInterval(run, EVERY_MS);
  first.unref();
  timer.unref();
  return {
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
