import type { Migration } from './migration.ts';

/** `opt_out` rows are never deleted while the account is here: who said STOP said it for good. */
export const nudges: Migration = {
  version: 8,
  name: 'nudges',
  up: (db) =>
    void db.exec(`
CREATE TABLE nudge_given (
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('unanswered', 'first-link')),
  PRIMARY KEY (conversation_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE opt_out (address TEXT PRIMARY KEY, said_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`),
};
