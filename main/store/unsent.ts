import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { addErasure } from './erasure.ts';
import { row, rows, run, values } from './sql.ts';
import { setText } from './versions.ts';

export const isUnsent = (db: ReadableDb, id: MessageId): boolean =>
  row(db, 'SELECT 1 FROM unsent_message WHERE message_id = ?', id) !== undefined;

/**
 * Takes the content out of a message that its author took back: text, earlier texts, files' rows, its place among
 * the unread. What is left is that there was one. False when that was done before. Call it in a transaction.
 */
export function eraseMessage(db: WritableDb, id: MessageId, at: number): boolean {
  const found = find(db, id);
  if (!found || isUnsent(db, id)) return false;
  noteErasure(db, id, found);
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

interface Found {
  readonly conversationId: ConversationId;
  readonly unread: number;
  readonly outgoing: number;
  readonly sentAt: number;
  readonly sortAt: number;
}

const find = (db: ReadableDb, id: MessageId): Found | undefined =>
  row<Found>(
    db,
    `SELECT conversation_id AS conversationId, unread, outgoing, sent_at AS sentAt, sort_at AS sortAt
       FROM message WHERE id = ?`,
    id,
  );

/** ms. What a photo was made from was used at the latest when its message was written. */
const MARGIN = 1000;

/** Its files are taken off the disk afterwards; of one of mine also what they were made from. */
function noteErasure(db: WritableDb, id: MessageId, { outgoing, sentAt, sortAt }: Found): void {
  const files = filesOf(db, id);
  const now = Date.now();
  addErasure(db, {
    files: Object.fromEntries(files.map((sha256) => [sha256, now])),
    since: Math.min(sentAt, sortAt),
    usedBefore: outgoing === 1 && files.length > 0 ? Math.min(sentAt + MARGIN, now) : null,
  });
}

/** As `eraseMessage` for one that is about to be deleted altogether. In its transaction. */
export function forgetMessage(db: WritableDb, id: MessageId): void {
  const found = find(db, id);
  if (found) noteErasure(db, id, found);
}

/** Takes one that has not left out of the outbox; one on the wire stays, until it is known what became of it. */
export const leaveOutbox = (db: WritableDb, id: MessageId): boolean =>
  run(db, `DELETE FROM outbox WHERE message_id = ? AND stage <> 'wire'`, id) > 0;

/** Files in the media store of a message. */
const filesOf = (db: ReadableDb, id: MessageId): string[] =>
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
