import type { Migration } from './migration.ts';

/**
 * `duration_ms` and `waveform` (base64, a byte a level) of what is heard; `animated`: a picture that moves, as
 * measured. `staged_file`: videos and files that were chosen for a conversation and not sent yet; `sha256` is of the
 * file as it was chosen, `thumbhash` of the picture that stands for a video.
 */
export const mediaFiles: Migration = {
  version: 17,
  name: 'media files',
  up: (db) =>
    void db.exec(`
ALTER TABLE attachment ADD COLUMN duration_ms INTEGER;
ALTER TABLE attachment ADD COLUMN waveform TEXT;
ALTER TABLE attachment ADD COLUMN animated INTEGER NOT NULL DEFAULT 0;
CREATE TABLE staged_file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('video', 'audio', 'file')),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  duration_ms INTEGER,
  has_location INTEGER NOT NULL,
  thumbhash TEXT,
  caption TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX staged_file_by_conversation ON staged_file (conversation_id, id);
CREATE INDEX staged_file_by_file ON staged_file (sha256);
`),
};
