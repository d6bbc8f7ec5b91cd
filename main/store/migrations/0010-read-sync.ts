import type { Migration } from './migration.ts';

/**
 * How far a conversation was read, between devices. `published`: what the account's node says; `pending`: read
 * further here, to be told; `wanted`: read elsewhere up to a message that is not here yet.
 */
export const readSync: Migration = {
  version: 10,
  name: 'read-sync',
  up: (db) =>
    void db.exec(`
CREATE TABLE read_sync (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  published TEXT,
  wanted TEXT,
  pending INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX read_sync_open ON read_sync (conversation_id) WHERE pending = 1 OR wanted IS NOT NULL;
`),
};
