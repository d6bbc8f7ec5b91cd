import type { Migration } from './migration.ts';

/**
 * `search_pending` names the messages whose text is in neither search index yet: history is stored at once and
 * indexed afterwards (docs/mechanisms/store.md). A row goes in before its message and goes out in the transaction
 * that indexes it, so nothing can stay unindexed unnoticed. The triggers leave the index alone meanwhile: taking a
 * text out of it that was never put in would damage it.
 */
const steps = `
CREATE TABLE search_pending (id INTEGER PRIMARY KEY) STRICT;
DROP TRIGGER message_search_insert;
DROP TRIGGER message_search_delete;
DROP TRIGGER message_search_update;
CREATE TRIGGER message_search_insert AFTER INSERT ON message
  WHEN new.text <> '' AND NOT EXISTS (SELECT 1 FROM search_pending WHERE id = new.id) BEGIN
  INSERT INTO message_search (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_search_delete AFTER DELETE ON message BEGIN
  INSERT INTO message_search (message_search, rowid, text) SELECT 'delete', old.id, old.text
    WHERE old.text <> '' AND NOT EXISTS (SELECT 1 FROM search_pending WHERE id = old.id);
  DELETE FROM message_short WHERE rowid = old.id AND old.text <> '';
  DELETE FROM search_pending WHERE id = old.id;
END;
CREATE TRIGGER message_search_update AFTER UPDATE OF text ON message
  WHEN old.text <> new.text AND NOT EXISTS (SELECT 1 FROM search_pending WHERE id = old.id) BEGIN
  INSERT INTO message_search (message_search, rowid, text) SELECT 'delete', old.id, old.text WHERE old.text <> '';
  INSERT INTO message_search (rowid, text) SELECT new.id, new.text WHERE new.text <> '';
  DELETE FROM message_short WHERE rowid = old.id;
END;
`;

export const searchLater: Migration = {
  version: 3,
  name: 'search-later',
  up: (db) => void db.exec(steps),
};
