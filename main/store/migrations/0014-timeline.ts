import type { Migration } from './migration.ts';

/**
 * Pins, one row a message that is or was pinned: devices agree by the time of the last change, so one that was taken
 * away stays as such. `message_id` is null while the message itself is not here; `name`, what devices call it, is null
 * where no archive has named a message that somebody else sent: such a pin stays on this device.
 *
 * What a conversation's gallery shows, in its order: ids of messages ascend in time. `attachment_id` is 0 for links,
 * which are in the message's text. Filled here with what is there, later by the code that inserts messages; texts
 * that change are seen to by a trigger.
 *
 * When a message of ours came how far, as this device learnt it.
 */
const tables = `
CREATE TABLE pinned_message (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  message_id INTEGER REFERENCES message (id) ON DELETE CASCADE,
  name TEXT,
  pinned INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX pinned_message_by_message ON pinned_message (message_id) WHERE message_id IS NOT NULL;
CREATE UNIQUE INDEX pinned_message_by_name ON pinned_message (conversation_id, name)
  WHERE name IS NOT NULL;
CREATE INDEX pinned_message_by_conversation ON pinned_message (conversation_id, pinned, message_id);

CREATE TABLE pin_sync (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE media_item (
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('photos', 'videos', 'files', 'links')),
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  attachment_id INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, kind, message_id, attachment_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX media_item_by_message ON media_item (message_id);
INSERT INTO media_item (conversation_id, kind, message_id, attachment_id)
  SELECT m.conversation_id, CASE a.kind WHEN 'photo' THEN 'photos' ELSE 'files' END, m.id, a.id
    FROM attachment a JOIN message m ON m.id = a.message_id;
INSERT INTO media_item (conversation_id, kind, message_id, attachment_id)
  SELECT conversation_id, 'links', id, 0 FROM message WHERE text LIKE '%http://%' OR text LIKE '%https://%';
CREATE TRIGGER media_item_text AFTER UPDATE OF text ON message WHEN old.text <> new.text BEGIN
  DELETE FROM media_item WHERE message_id = new.id AND kind = 'links';
  INSERT INTO media_item (conversation_id, kind, message_id, attachment_id)
    SELECT new.conversation_id, 'links', new.id, 0
     WHERE new.text LIKE '%http://%' OR new.text LIKE '%https://%';
END;

CREATE TABLE delivery_time (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('sent', 'delivered', 'read')),
  at INTEGER NOT NULL,
  PRIMARY KEY (message_id, state)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER delivery_time_of_state AFTER UPDATE OF state ON message
  WHEN new.outgoing = 1 AND new.state <> old.state AND new.state IN ('sent', 'delivered', 'read') BEGIN
  INSERT OR IGNORE INTO delivery_time (message_id, state, at)
    VALUES (new.id, new.state, CAST(unixepoch('subsec') * 1000 AS INTEGER));
END;
`;

export const timeline: Migration = { version: 14, name: 'timeline', up: (db) => void db.exec(tables) };
