import type { Migration } from './migration.ts';

/**
 * What the messages of groups need besides 0020. `moderated_message`: who took it back for everybody. `unread_mention`:
 * unread messages that name me, so that a list asks for no more than those. `message_ref`: what a room called the
 * corrections of a message; they are meant by it in retractions and answers. `room_seen`: how far everybody has seen.
 */
export const groupMessages: Migration = {
  version: 21,
  name: 'group-messages',
  up: (db) =>
    void db.exec(`
CREATE TABLE moderated_message (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  by TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;

CREATE TABLE unread_mention (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL
) STRICT;
CREATE INDEX unread_mention_by_conversation ON unread_mention (conversation_id);

CREATE TABLE message_ref (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  wire_id TEXT NOT NULL,
  stanza_id TEXT NOT NULL,
  PRIMARY KEY (message_id, wire_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_ref_by_stanza_id ON message_ref (stanza_id);

CREATE TABLE room_seen (
  conversation_id INTEGER NOT NULL REFERENCES room (conversation_id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  sort_at INTEGER NOT NULL,
  sort_seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, address)
) STRICT, WITHOUT ROWID;

CREATE INDEX conversation_self ON conversation (kind, address) WHERE kind = 'self';
CREATE INDEX message_occupant_by_id ON message_occupant (occupant_id, message_id) WHERE occupant_id IS NOT NULL;
`),
};
