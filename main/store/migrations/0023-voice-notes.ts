import type { Migration } from './migration.ts';

/** `kept_voice`: a recording that has not been sent, one a conversation, like its draft; `sha256` is of its file. */
export const voiceNotes: Migration = {
  version: 23,
  name: 'voice notes',
  up: (db) =>
    void db.exec(`
CREATE TABLE kept_voice (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  duration_ms INTEGER,
  waveform TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX kept_voice_by_file ON kept_voice (sha256);
`),
};
