import type { Migration } from './migration.ts';

/**
 * A conversation with a row in `room` is a group, whatever its `kind` says: a CHECK cannot be widened without making
 * anew the table that everything refers to. `policy` and `accepted` are JSON of GroupPolicy and the guidelines that
 * were accepted. `room_person` has everybody with a rank in a group and everybody who is there; the bans, too.
 * `message_occupant`: who wrote a group's message, as the room named them. `room_gap` is to a room's archive what
 * `archive_gap` is to one's own; `archived_id` the newest entry that was read of it.
 */
export const groups: Migration = {
  version: 20,
  name: 'groups',
  up: (db) =>
    void db.exec(`
CREATE TABLE room (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  picture_hash TEXT,
  picture_sha256 TEXT,
  nick TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('joining', 'joined', 'left', 'removed', 'banned', 'destroyed')),
  reason TEXT NOT NULL DEFAULT '',
  rank TEXT NOT NULL DEFAULT 'none' CHECK (rank IN ('owner', 'moderator', 'member', 'none', 'banned')),
  muted_until INTEGER,
  history INTEGER,
  enforced INTEGER NOT NULL DEFAULT 0,
  moderation INTEGER,
  policy TEXT NOT NULL DEFAULT '{}',
  policy_at INTEGER NOT NULL DEFAULT 0,
  accepted_guidelines TEXT,
  mentions_only INTEGER NOT NULL DEFAULT 0,
  last_own_at INTEGER NOT NULL DEFAULT 0,
  archived_id TEXT,
  archived_at INTEGER,
  archive_known INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX room_by_address ON room (address);

CREATE TABLE room_person (
  conversation_id INTEGER NOT NULL REFERENCES room (conversation_id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  nick TEXT NOT NULL DEFAULT '',
  occupant_id TEXT,
  rank TEXT NOT NULL CHECK (rank IN ('owner', 'moderator', 'member', 'none', 'banned')),
  present INTEGER NOT NULL DEFAULT 0,
  muted_until INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  sort_name TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (conversation_id, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX room_person_by_rank ON room_person (conversation_id, rank, sort_name, address);
CREATE INDEX room_person_muted ON room_person (muted_until) WHERE muted_until IS NOT NULL;

CREATE TABLE message_occupant (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  nick TEXT NOT NULL,
  occupant_id TEXT
) STRICT;

CREATE TABLE message_mention (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  start INTEGER NOT NULL,
  length INTEGER NOT NULL,
  PRIMARY KEY (message_id, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE room_gap (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES room (conversation_id) ON DELETE CASCADE,
  after_id TEXT,
  after_at INTEGER,
  before_id TEXT,
  before_at INTEGER
) STRICT;
CREATE INDEX room_gap_by_room ON room_gap (conversation_id, id);

CREATE TABLE room_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES room (conversation_id) ON DELETE CASCADE,
  entry_id TEXT NOT NULL,
  what TEXT NOT NULL,
  by TEXT NOT NULL,
  about TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  message_id INTEGER
) STRICT;
CREATE UNIQUE INDEX room_log_entry ON room_log (conversation_id, entry_id);
CREATE INDEX room_log_by_room ON room_log (conversation_id, at DESC, id DESC);

CREATE TABLE room_held (
  conversation_id INTEGER NOT NULL REFERENCES room (conversation_id) ON DELETE CASCADE,
  held_id TEXT NOT NULL,
  sender TEXT NOT NULL,
  text TEXT NOT NULL,
  photo INTEGER NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('first', 'words')),
  at INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, held_id)
) STRICT, WITHOUT ROWID;
`),
};
