import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run, values } from './sql.ts';
import { setText } from './versions.ts';

export const isUnsent = (db: ReadableDb, id: MessageId): boolean =>
  row(db, 'SELECT 1 FROM unsent_message WHERE message_id = ?', id) !== undefined;

/**
 * Takes the content out of a message that its author took back: text, earlier texts, files' rows, its place among
 * the unread. What is left is that there was one. False when that was done before. Call it in a transaction.
 */
export function eraseMessage(db: WritableDb, id: MessageId, at: number): boolean {
  const found = row<{ conversationId: ConversationId; unread: number }>(
    db,
    'SELECT conversation_id AS conversationId, unread FROM message WHERE id = ?',
    id,
  );
  if (!found || isUnsent(db, id)) return false;
  run(db, 'INSERT INTO unsent_message (message_id, at) VALUES (?, ?)', id, at);
  setText(db, id, '');
  run(db, 'UPDATE message SET unread = 0, problem = NULL WHERE id = ?', id);
  run(
    db,
    'UPDATE conversation SET unread_count = unread_count - ? WHERE id = ?',
    found.unread,
    found.conversationId,
  );
  run(db, 'DELETE FROM message_version WHERE message_id = ?', id);
  run(db, 'DELETE FROM attachment WHERE message_id = ?', id);
  return true;
}

/** Takes one that has not left out of the outbox; one on the wire stays, until it is known what became of it. */
export const leaveOutbox = (db: WritableDb, id: MessageId): boolean =>
  run(db, `DELETE FROM outbox WHERE message_id = ? AND stage <> 'wire'`, id) > 0;

/** Files in the media store of a message. */
export const filesOf = (db: ReadableDb, id: MessageId): string[] =>
  values<string>(
    db,
    'SELECT DISTINCT local_sha256 FROM attachment WHERE message_id = ? AND local_sha256 IS NOT NULL',
    id,
  );

export const loadUnsent = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'unsent'>> =>
  new Map(
    rows<{ id: MessageId }>(
      db,
      'SELECT message_id AS id FROM unsent_message WHERE message_id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    ).map(({ id }) => [id, { unsent: true }]),
  );
