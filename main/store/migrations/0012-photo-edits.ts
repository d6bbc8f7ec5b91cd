import type { Migration } from './migration.ts';

/**
 * `staged_recipe`: how a photo that was chosen is to be changed, as JSON, beside its untouched file; gone with it.
 * `photo_choice`: the quality and the metadata chosen last in a conversation.
 */
export const photoEdits: Migration = {
  version: 12,
  name: 'photo-edits',
  up: (db) =>
    void db.exec(`
CREATE TABLE staged_recipe (
  staged_photo_id INTEGER PRIMARY KEY REFERENCES staged_photo (id) ON DELETE CASCADE,
  recipe TEXT NOT NULL
) STRICT;
CREATE TABLE photo_choice (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  quality TEXT NOT NULL,
  metadata TEXT NOT NULL
) STRICT;
`),
};
