import { mutesEnding, type WritableDb } from '../store/index.ts';
import type { Changes } from './changes.ts';

/** When a mute ends, lists and the badge follow. */
export interface Mutes {
  /** A mute was set or ended. */
  changed(): void;
  close(): void;
}

/** ms; the longest a timer is set for. A computer that slept is at most this late. */
const LOOK_AGAIN = 60_000;

export function keepMutes(o: { db: WritableDb; changes: Changes }): Mutes {
  let timer: NodeJS.Timeout | null = null;
  let looked = Date.now();
  const look = () => {
    if (timer !== null) clearTimeout(timer);
    const now = Date.now();
    const { ended, next } = mutesEnding(o.db, looked, now);
    looked = now;
    for (const id of ended) o.changes.conversation(id);
    timer = next === null ? null : setTimeout(look, Math.min(LOOK_AGAIN, Math.max(0, next - now)));
  };
  look();
  return { changed: look, close: () => void (timer !== null && clearTimeout(timer)) };
}
