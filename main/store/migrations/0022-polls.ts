import type { Migration } from './migration.ts';

/**
 * Polls and question boxes: docs/mechanisms/polls.md. `poll_note` has what was said about them as it was said, by the
 * room's id of the message it is about (`ref`), which need not be here yet; counts are made of it when they are shown.
 * `who` is a bare address, or `occupant:ID` where the room hides it. `poll_number`: texts that may be votes of other apps.
 * `outgoing_note`: what waits to be told; `about` is the question it is about.
 */
export const polls: Migration = {
  version: 22,
  name: 'polls',
  up: (db) =>
    void db.exec(`
CREATE TABLE poll (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL,
  question TEXT NOT NULL,
  several INTEGER NOT NULL,
  anonymous INTEGER NOT NULL,
  ends_at INTEGER,
  made_here INTEGER NOT NULL
) STRICT;
CREATE INDEX poll_by_conversation ON poll (conversation_id, message_id);

CREATE TABLE poll_option (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (message_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE question_box (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  title TEXT NOT NULL
) STRICT;

CREATE TABLE poll_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id INTEGER NOT NULL REFERENCES room (conversation_id) ON DELETE CASCADE,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL,
  who TEXT NOT NULL,
  note_id TEXT NOT NULL,
  occupant_id TEXT,
  nick TEXT NOT NULL,
  moderates INTEGER NOT NULL,
  direct INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX poll_note_once ON poll_note (conversation_id, ref, kind, who, note_id);

CREATE TABLE poll_number (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL,
  who TEXT NOT NULL,
  occupant_id TEXT,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX poll_number_by_time ON poll_number (conversation_id, at);

CREATE TABLE outgoing_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL,
  origin_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  about TEXT NOT NULL,
  body TEXT NOT NULL,
  to_address TEXT,
  stage INTEGER NOT NULL DEFAULT 0,
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  not_before INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX outgoing_note_by_origin ON outgoing_note (origin_id);
CREATE INDEX outgoing_note_by_message ON outgoing_note (message_id, kind, about);
CREATE INDEX outgoing_note_waiting ON outgoing_note (stage, id);
`),
};
