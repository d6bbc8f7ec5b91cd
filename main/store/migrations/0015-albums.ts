import type { Migration } from './migration.ts';

/**
 * `message_album`: what a message says of the album it is part of; `caption` is the album's, on the message that
 * brought it. `staged_album`: the caption for all photos that are chosen in a conversation.
 */
export const albums: Migration = {
  version: 15,
  name: 'albums',
  up: (db) =>
    void db.exec(`
CREATE TABLE message_album (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  album_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  count INTEGER NOT NULL,
  caption TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX message_album_by_album ON message_album (album_id, message_id);
CREATE TABLE staged_album (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  caption TEXT NOT NULL
) STRICT;
`),
};
