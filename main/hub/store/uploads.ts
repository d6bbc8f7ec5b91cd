import { sql } from './database.ts';
import type { Db } from './database.ts';

export interface Upload {
  token: string;
  user: string;
  name: string;
  type: string;
  bytes: number;
  state: 'open' | 'busy' | 'done';
}

const COLUMNS = 'token, user, name, type, bytes, state';

export function addUpload(db: Db, upload: Upload): void {
  const { token, user, name, type, bytes, state } = upload;
  const insert = `INSERT INTO upload (${COLUMNS}, at) VALUES (?, ?, ?, ?, ?, ?, ?)`;
  sql(db, insert).run(token, user, name, type, bytes, state, Date.now());
}

export function findUpload(db: Db, token: string): Upload | null {
  return sql<Upload>(db, `SELECT ${COLUMNS} FROM upload WHERE token = ?`).get(token) ?? null;
}

/** Moves a slot from one state to the next; false when somebody else did already. */
export function advanceUpload(db: Db, token: string, from: Upload['state'], to: Upload['state']): boolean {
  const update = 'UPDATE upload SET state = ?, at = ? WHERE token = ? AND state = ?';
  return sql(db, update).run(to, Date.now(), token, from).changes === 1;
}

export function countOpenUploads(db: Db, user: string): number {
  const query = `SELECT count(*) AS n FROM upload WHERE user = ? AND state = 'open'`;
  return sql<{ n: number }>(db, query).get(user)?.n ?? 0;
}

export function listTokens(db: Db, user: string): string[] {
  const rows = sql<{ token: string }>(db, 'SELECT token FROM upload WHERE user = ?').all(user);
  return rows.map((row) => row.token);
}

/** Forgets slots nobody used since a time (ms). */
export function deleteStaleSlots(db: Db, before: number): void {
  sql(db, `DELETE FROM upload WHERE state = 'open' AND at < ?`).run(before);
}

/** After a crash a transfer can't be going on: such slots can be used again. */
export function reopenInterrupted(db: Db): void {
  sql(db, `UPDATE upload SET state = 'open' WHERE state = 'busy'`).run();
}
