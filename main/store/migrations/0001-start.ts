import type { Migration } from './migration.ts';

/**
 * `message.id` is sort_at × 1024 plus a small number, so that ids ascend in time: the search indexes, which can
 * only be read in the order of their row ids, then give the newest first however late a message was fetched
 * (docs/mechanisms/message-order.md).
 */
const tables = `
CREATE TABLE conversation (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('direct', 'self')),
  listed INTEGER NOT NULL,
  pinned INTEGER NOT NULL DEFAULT 0,
  archived INTEGER NOT NULL DEFAULT 0,
  muted_until INTEGER,
  draft TEXT NOT NULL DEFAULT '',
  last_activity INTEGER NOT NULL,
  last_message_id INTEGER,
  last_sort_at INTEGER NOT NULL DEFAULT 0,
  last_sort_seq INTEGER NOT NULL DEFAULT 0,
  seq_high INTEGER NOT NULL DEFAULT 0,
  seq_low INTEGER NOT NULL DEFAULT 0,
  unread_count INTEGER NOT NULL DEFAULT 0,
  read_at INTEGER NOT NULL DEFAULT 0,
  read_seq INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX conversation_by_address ON conversation (address);
CREATE INDEX conversation_by_activity ON conversation (archived, pinned DESC, last_activity DESC, id DESC)
  WHERE listed = 1;
CREATE INDEX conversation_with_unread ON conversation (archived, muted_until, unread_count) WHERE unread_count > 0;

CREATE TABLE person (
  address TEXT PRIMARY KEY,
  name TEXT NOT NULL DEFAULT '',
  nick TEXT NOT NULL DEFAULT '',
  avatar_hash TEXT,
  avatar_sha256 TEXT,
  subscription TEXT NOT NULL DEFAULT 'none' CHECK (subscription IN ('none', 'to', 'from', 'both')),
  fetched_at INTEGER,
  avatar_stale INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX person_by_stale_avatar ON person (fetched_at) WHERE avatar_stale = 1;
CREATE INDEX person_by_avatar ON person (avatar_sha256) WHERE avatar_sha256 IS NOT NULL;

CREATE TABLE message (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  outgoing INTEGER NOT NULL,
  sender_address TEXT NOT NULL,
  wire_id TEXT,
  origin_id TEXT,
  stanza_id TEXT,
  sent_at INTEGER NOT NULL,
  sort_at INTEGER NOT NULL,
  sort_seq INTEGER NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'delivered', 'read', 'failed', 'received')),
  problem TEXT,
  unread INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX message_by_position ON message (conversation_id, sort_at, sort_seq);
CREATE UNIQUE INDEX message_by_stanza_id ON message (stanza_id, conversation_id) WHERE stanza_id IS NOT NULL;
CREATE INDEX message_by_claimed_id ON message (coalesce(origin_id, wire_id), conversation_id)
  WHERE coalesce(origin_id, wire_id) IS NOT NULL;
CREATE INDEX message_unread ON message (conversation_id, sort_at, sort_seq) WHERE unread = 1;

CREATE TABLE attachment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('photo', 'file')),
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
CREATE INDEX attachment_by_message ON attachment (message_id);
CREATE INDEX attachment_by_file ON attachment (local_sha256) WHERE local_sha256 IS NOT NULL;
CREATE INDEX attachment_downloading ON attachment (id) WHERE state = 'downloading';

CREATE TABLE staged_photo (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  animated INTEGER NOT NULL,
  has_location INTEGER NOT NULL,
  caption TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX staged_photo_by_conversation ON staged_photo (conversation_id, place, id);
CREATE INDEX staged_photo_by_file ON staged_photo (sha256);

CREATE TABLE outbox (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('upload', 'ready', 'wire')),
  created_at INTEGER NOT NULL,
  wire_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_waiting ON outbox (conversation_id, message_id) WHERE stage <> 'wire';
CREATE INDEX outbox_by_stage ON outbox (stage, message_id);

CREATE TABLE archive_gap (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  after_id TEXT,
  after_at INTEGER,
  before_id TEXT,
  before_at INTEGER
) STRICT;

CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * `message_search` finds three characters and more anywhere in a text; positions are not stored (detail=none), the
 * match is confirmed on the text itself. `message_short` holds single characters and pairs of scripts without
 * spaces, for queries that are too short for trigrams; its rows are written by the code that inserts messages.
 */
const search = `
CREATE VIRTUAL TABLE message_search USING fts5 (
  text, content = 'message', content_rowid = 'id', detail = none, columnsize = 0,
  tokenize = 'trigram remove_diacritics 1'
);
CREATE VIRTUAL TABLE message_short USING fts5 (
  tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
CREATE TRIGGER message_search_insert AFTER INSERT ON message WHEN new.text <> '' BEGIN
  INSERT INTO message_search (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_search_delete AFTER DELETE ON message WHEN old.text <> '' BEGIN
  INSERT INTO message_search (message_search, rowid, text) VALUES ('delete', old.id, old.text);
  DELETE FROM message_short WHERE rowid = old.id;
END;
CREATE TRIGGER message_search_update AFTER UPDATE OF text ON message WHEN old.text <> new.text BEGIN
  INSERT INTO message_search (message_search, rowid, text) SELECT 'delete', old.id, old.text WHERE old.text <> '';
  INSERT INTO message_search (rowid, text) SELECT new.id, new.text WHERE new.text <> '';
  DELETE FROM message_short WHERE rowid = old.id;
END;
`;

export const start: Migration = { version: 1, name: 'start', up: (db) => void db.exec(tables + search) };
