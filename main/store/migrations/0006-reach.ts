import type { Migration } from './migration.ts';

/** Settings that follow the account, and who is blocked; see docs/mechanisms/reach.md. */
const tables = `
CREATE TABLE account_setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  unsynced INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE block (
  address TEXT PRIMARY KEY,
  blocked INTEGER NOT NULL,
  unsynced INTEGER NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

export const reach: Migration = { version: 6, name: 'reach', up: (db) => void db.exec(tables) };
