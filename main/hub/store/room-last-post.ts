import { sql } from './database.ts';
import type { Db } from './database.ts';

/** What somebody wrote last in a room. */
export interface LastPost {
  /** ms */
  readonly at: number;
  /** Its sender's id of it; '' where nothing belongs to it any more. */
  readonly messageId: string;
}

export function findLastPost(db: Db, room: number, user: string): LastPost | null {
  const query = 'SELECT at, message_id AS messageId FROM room_last_post WHERE room = ? AND user = ?';
  return sql<LastPost>(db, query).get(room, user) ?? null;
}

export function saveLastPost(db: Db, room: number, user: string, last: LastPost): void {
  const insert = 'INSERT OR REPLACE INTO room_last_post (room, user, at, message_id) VALUES (?, ?, ?, ?)';
  sql(db, insert).run(room, user, last.at, last.messageId);
}
