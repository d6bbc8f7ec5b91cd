import { sql } from './database.ts';
import type { Db } from './database.ts';

/** What the hub keeps of a password (RFC 5802 §3): enough to check it, not enough to log in with. */
export interface Credential {
  salt: Buffer;
  iterations: number;
  storedKey: Buffer;
  serverKey: Buffer;
}

interface CredentialRow {
  salt: Buffer;
  iterations: number;
  stored_key: Buffer;
  server_key: Buffer;
}

export function accountExists(db: Db, user: string): boolean {
  return sql(db, 'SELECT 1 FROM account WHERE user = ?').get(user) !== undefined;
}

export function countAccounts(db: Db): number {
  return sql<{ n: number }>(db, 'SELECT count(*) AS n FROM account').get()?.n ?? 0;
}

/** Adds an account; false when the name is taken. Without a credential nobody can log in to it. */
export function createAccount(db: Db, user: string, credential: Credential | null): boolean {
  const insert = 'INSERT INTO account (user, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING';
  if (sql(db, insert).run(user, Date.now()).changes === 0) return false;
  if (credential) setCredential(db, user, credential);
  return true;
}

export function setCredential(db: Db, user: string, c: Credential): void {
  sql(
    db,
    'INSERT OR REPLACE INTO credential (user, salt, iterations, stored_key, server_key) VALUES (?, ?, ?, ?, ?)',
  ).run(user, c.salt, c.iterations, c.storedKey, c.serverKey);
}

export function findCredential(db: Db, user: string): Credential | null {
  const query = 'SELECT salt, iterations, stored_key, server_key FROM credential WHERE user = ?';
  const row = sql<CredentialRow>(db, query).get(user);
  return row
    ? { salt: row.salt, iterations: row.iterations, storedKey: row.stored_key, serverKey: row.server_key }
    : null;
}

/** Removes an account and all its rows; its uploaded files are the caller's to remove. */
export function deleteAccount(db: Db, user: string): void {
  sql(db, 'DELETE FROM account WHERE user = ?').run(user);
}

export function getSetting(db: Db, user: string, key: string): string | null {
  const query = 'SELECT value FROM setting WHERE user = ? AND key = ?';
  return sql<{ value: string }>(db, query).get(user, key)?.value ?? null;
}

/** Sets a setting; null removes it. */
export function setSetting(db: Db, user: string, key: string, value: string | null): void {
  if (value === null) sql(db, 'DELETE FROM setting WHERE user = ? AND key = ?').run(user, key);
  else sql(db, 'INSERT OR REPLACE INTO setting (user, key, value) VALUES (?, ?, ?)').run(user, key, value);
}
