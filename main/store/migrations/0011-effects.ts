import type { Migration } from './migration.ts';

/**
 * What changes a message that is there already (docs/mechanisms/effects.md). `message_version`: every text of an
 * edited message, the first one without a correction. `waiting_effect`: came before its message.
 * `outgoing_effect`: to be told to the other side. What is deleted must not be readable in the file any more, in
 * the search index either.
 */
export const effects: Migration = {
  version: 11,
  name: 'effects',
  up: (db) =>
    void db.exec(`
CREATE INDEX message_by_wire_id ON message (wire_id, conversation_id)
  WHERE origin_id IS NOT NULL AND wire_id IS NOT NULL AND wire_id <> origin_id;

CREATE TABLE message_version (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  text TEXT NOT NULL,
  correction_id TEXT
) STRICT;
CREATE INDEX message_version_by_message ON message_version (message_id, at, id);
CREATE UNIQUE INDEX message_version_by_correction ON message_version (correction_id, message_id)
  WHERE correction_id IS NOT NULL;

CREATE TABLE unsent_message (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE waiting_effect (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  target TEXT NOT NULL,
  sender TEXT NOT NULL,
  effect_id TEXT,
  at INTEGER NOT NULL,
  effect TEXT NOT NULL
) STRICT;
CREATE INDEX waiting_effect_by_target ON waiting_effect (conversation_id, target);

CREATE TABLE outgoing_effect (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  origin_id TEXT NOT NULL,
  effect TEXT NOT NULL,
  on_wire INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX outgoing_effect_by_origin_id ON outgoing_effect (origin_id);
CREATE INDEX outgoing_effect_by_message ON outgoing_effect (message_id);
CREATE INDEX outgoing_effect_waiting ON outgoing_effect (id) WHERE on_wire = 0;

INSERT INTO message_search (message_search, rank) VALUES ('secure-delete', 1);
`),
};
