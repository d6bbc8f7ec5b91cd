import type { Migration } from './migration.ts';

/**
 * `message_reply`: what a message says it answers; the message it means is looked up when it is shown, for it may
 * come later. `draft_reply`: what the draft of a conversation answers. `reaction_set`: all reactions of one person to
 * one message, the newest set of theirs. `message_forward`: passed on from somebody; `source` is '' where no name was
 * given. `held_photo`: the staged photo that a message which is held back was made of.
 */
export const replies: Migration = {
  version: 16,
  name: 'replies',
  up: (db) =>
    void db.exec(`
CREATE TABLE message_reply (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  ref TEXT NOT NULL,
  author TEXT
) STRICT;
CREATE INDEX message_reply_by_ref ON message_reply (ref);

CREATE TABLE draft_reply (
  conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX draft_reply_by_message ON draft_reply (message_id);

CREATE TABLE reaction_set (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  sender TEXT NOT NULL,
  at INTEGER NOT NULL,
  effect_id TEXT,
  emojis TEXT NOT NULL,
  PRIMARY KEY (message_id, sender)
) STRICT, WITHOUT ROWID;

CREATE TABLE message_forward (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  source TEXT NOT NULL
) STRICT;

CREATE TABLE held_photo (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  staged TEXT NOT NULL
) STRICT;
`),
};
