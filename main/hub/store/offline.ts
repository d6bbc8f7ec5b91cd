import { sql } from './database.ts';
import type { Db } from './database.ts';

export interface OfflineMessage {
  id: number;
  at: number;
  xml: string;
}

/** Keeps a message for somebody who is not there; `at` is when it was sent, in ms. */
export function addOffline(db: Db, user: string, at: number, xml: string): number {
  const insert = 'INSERT INTO offline (user, at, xml) VALUES (?, ?, ?)';
  return Number(sql(db, insert).run(user, at, xml).lastInsertRowid);
}

export function listOffline(db: Db, user: string): OfflineMessage[] {
  return sql<OfflineMessage>(db, 'SELECT id, at, xml FROM offline WHERE user = ? ORDER BY id').all(user);
}

export function countOffline(db: Db, user: string): number {
  return sql<{ n: number }>(db, 'SELECT count(*) AS n FROM offline WHERE user = ?').get(user)?.n ?? 0;
}

export function deleteOffline(db: Db, id: number): void {
  sql(db, 'DELETE FROM offline WHERE id = ?').run(id);
}
