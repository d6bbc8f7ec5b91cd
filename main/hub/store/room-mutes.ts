import { sql } from './database.ts';
import type { Db } from './database.ts';

/** When the next mute of any room ends, Unix ms; null where none does by itself. */
export const nextMuteEnd = (db: Db): number | null =>
  sql<{ at: number | null }>(
    db,
    'SELECT min(muted_until) AS at FROM room_person WHERE muted_until IS NOT NULL',
  ).get()?.at ?? null;

/** Whose mutes are over at `now` (Unix ms), by the name of the room. */
export const mutesOver = (db: Db, now: number): { room: string; user: string }[] =>
  sql<{ room: string; user: string }>(
    db,
    `SELECT r.name AS room, p.user FROM room_person p JOIN room r ON r.id = p.room
      WHERE p.muted_until <= ? ORDER BY p.muted_until`,
  ).all(now);
