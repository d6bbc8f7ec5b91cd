import type { Migration } from './migration.ts';

/**
 * Requests: conversations with somebody who has not been let in (docs/mechanisms/requests.md). What existed before
 * stays in the inbox. The indexes of the inbox and of what is unread leave requests out, so that however many
 * strangers write, neither is slower.
 *
 * `folded_message` names messages that are kept but not shown. `held_receipt` has the confirmations that are not
 * sent before the sender is let in. `held_notice` is what the server says it holds back. `acceptance` has what the
 * server is still to be told: that somebody was let in.
 */
const steps = `
ALTER TABLE conversation ADD COLUMN request TEXT NOT NULL DEFAULT 'none'
  CHECK (request IN ('none', 'pending', 'refused'));
DROP INDEX conversation_by_activity;
CREATE INDEX conversation_by_activity ON conversation (archived, pinned DESC, last_activity DESC, id DESC)
  WHERE listed = 1 AND request = 'none';
DROP INDEX conversation_with_unread;
CREATE INDEX conversation_with_unread ON conversation (archived, muted_until, unread_count)
  WHERE unread_count > 0 AND request = 'none';
CREATE INDEX conversation_requests ON conversation (last_activity DESC, id DESC) WHERE request = 'pending';

CREATE TABLE folded_message (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL
) STRICT;
CREATE INDEX folded_message_by_conversation ON folded_message (conversation_id);

CREATE TABLE held_receipt (
  message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  conversation_id INTEGER NOT NULL,
  wire_id TEXT NOT NULL
) STRICT;
CREATE INDEX held_receipt_by_conversation ON held_receipt (conversation_id);

CREATE TABLE held_notice (
  address TEXT PRIMARY KEY,
  messages INTEGER NOT NULL,
  photos INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE acceptance (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT NOT NULL,
  inviter TEXT,
  reason TEXT NOT NULL DEFAULT '',
  password TEXT,
  at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'refused'))
) STRICT;
CREATE UNIQUE INDEX invitation_by_room ON invitation (room, coalesce(inviter, ''));
CREATE INDEX invitation_pending ON invitation (at DESC, id DESC) WHERE state = 'pending';
`;

export const requests: Migration = { version: 5, name: 'requests', up: (db) => void db.exec(steps) };
