import type { Migration } from './migration.ts';

/**
 * `sticker_pack.wire`: of somebody else's pack what its author published, as JSON, since its id is a hash of that.
 * `published_*`: the item that my nodes have of it. `sticker_retraction`: items that are to be taken back.
 * `sticker_file`: where a file was uploaded, and when that was last seen to be there; for packs on its own, since a
 * server may delete the file of a message that is taken back. `message_sticker`: what a
 * message says of the sticker it is.
 */
/**
 * `attachment` anew, with more kinds of files: SQLite can't change a CHECK. Ids go on where they were, so that none
 * is given twice.
 */
const kinds = `
CREATE TABLE attachment_wider (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('photo', 'video', 'voice', 'audio', 'file', 'sticker')),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER,
  width INTEGER,
  height INTEGER,
  thumbhash TEXT,
  url TEXT,
  remote_sha256 TEXT,
  local_sha256 TEXT,
  state TEXT NOT NULL CHECK (state IN ('remote', 'downloading', 'ready', 'failed')),
  problem TEXT
) STRICT;
INSERT INTO sqlite_sequence (name, seq) SELECT 'attachment_wider', seq FROM sqlite_sequence WHERE name = 'attachment';
INSERT INTO attachment_wider SELECT id, message_id, kind, name, media_type, bytes, width, height, thumbhash, url,
  remote_sha256, local_sha256, state, problem FROM attachment;
DROP TABLE attachment;
ALTER TABLE attachment_wider RENAME TO attachment;
CREATE INDEX attachment_by_message ON attachment (message_id);
CREATE INDEX attachment_by_file ON attachment (local_sha256) WHERE local_sha256 IS NOT NULL;
CREATE INDEX attachment_downloading ON attachment (id) WHERE state = 'downloading';
`;

export const stickers: Migration = {
  version: 13,
  name: 'stickers',
  up: (db) =>
    void db.exec(`
${kinds}
CREATE TABLE sticker_pack (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  place INTEGER NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('bundled', 'own', 'kept')),
  bundled_key TEXT,
  removed INTEGER NOT NULL DEFAULT 0,
  name TEXT NOT NULL,
  summary TEXT NOT NULL DEFAULT '',
  restricted INTEGER NOT NULL DEFAULT 0,
  shared INTEGER NOT NULL DEFAULT 0,
  wire TEXT,
  published_node TEXT CHECK (published_node IN ('open', 'private')),
  published_id TEXT
) STRICT;
CREATE UNIQUE INDEX sticker_pack_by_key ON sticker_pack (bundled_key) WHERE bundled_key IS NOT NULL;

CREATE TABLE sticker (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  pack_id INTEGER NOT NULL REFERENCES sticker_pack (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  emoji TEXT NOT NULL,
  description TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  animated INTEGER NOT NULL DEFAULT 0,
  used_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sticker_by_pack ON sticker (pack_id, place, id);
CREATE INDEX sticker_by_file ON sticker (sha256);
CREATE INDEX sticker_by_use ON sticker (used_at) WHERE used_at > 0;

CREATE TABLE sticker_retraction (
  node TEXT NOT NULL CHECK (node IN ('open', 'private')),
  item TEXT NOT NULL,
  PRIMARY KEY (node, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE sticker_file (
  sha256 TEXT NOT NULL,
  used_by TEXT NOT NULL CHECK (used_by IN ('messages', 'packs')),
  url TEXT NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (sha256, used_by)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_sticker (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  emoji TEXT NOT NULL,
  description TEXT NOT NULL,
  pack TEXT,
  owner TEXT,
  node TEXT
) STRICT;
`),
};
