import { sql } from './database.ts';
import type { Db } from './database.ts';

/** Remembers how many stanzas of a stream were handled (XEP-0198 §4). */
export function saveStream(db: Db, id: string, user: string, handled: number): void {
  sql(db, 'INSERT OR REPLACE INTO stream (id, user, handled, at) VALUES (?, ?, ?, ?)').run(
    id,
    user,
    handled,
    Date.now(),
  );
}

/** How many stanzas of a former stream of this account were handled; null when it is not known. */
export function findHandled(db: Db, id: string, user: string): number | null {
  const query = 'SELECT handled FROM stream WHERE id = ? AND user = ?';
  return sql<{ handled: number }>(db, query).get(id, user)?.handled ?? null;
}

/** Forgets streams last seen before a time (ms): nobody will ask for them any more. */
export function forgetStreams(db: Db, before: number): void {
  sql(db, 'DELETE FROM stream WHERE at < ?').run(before);
}
