import type { Migration } from './migration.ts';

/**
 * Whom I refused (Delete under Requests), the same on all my devices; a row that says no more so stays, for what is
 * older must not win. `acceptance` of version 5 was never used: the roster feature keeps what the server is still to
 * be told (`let-in-waiting`).
 */
export const refusals: Migration = {
  version: 18,
  name: 'refusals',
  up: (db) =>
    void db.exec(`
CREATE TABLE refusal (
  address TEXT PRIMARY KEY,
  refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
  changed_at INTEGER NOT NULL,
  unsynced INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX refusal_unsynced ON refusal (address) WHERE unsynced = 1;
DROP TABLE acceptance;
`),
};
