import type { Migration } from './migration.ts';

/**
 * `room_pin`: messages that moderators pinned for everybody in a group, by the room's id of them, since a message may come later
 * than its pin. One that was taken away stays as a row: an archive that is read backwards must not bring it back.
 * `changed_at`: Unix ms, the room's time of the note.
 */
export const roomPins: Migration = {
  version: 24,
  name: 'messages pinned for everybody in a group',
  up: (db) =>
    void db.exec(`
CREATE TABLE room_pin (
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  stanza_id TEXT NOT NULL,
  pinned INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, stanza_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_pin_by_time ON room_pin (conversation_id, pinned, changed_at DESC);
`),
};
