import type { ErrorCode, ErrorDetail } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { setState } from './changes.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { removeFromOutbox } from './outbox.ts';
import { row, run } from './sql.ts';
import { transact } from './transaction.ts';

/**
 * Whether a message with this id came back as an error. Some servers keep their archive's copy of it, which is no
 * proof that it arrived.
 */
export const cameBack = (db: ReadableDb, originId: string): boolean =>
  row(db, 'SELECT 1 FROM bounce WHERE origin_id = ?', originId) !== undefined;

/**
 * An outgoing message came back as an error from the one it was sent to (RFC 6120 section 8.3): failed. null when
 * there is no such message of ours in that conversation (anybody may claim an id), or when it was delivered.
 */
export function markBounced(
  db: WritableDb,
  o: { address: string; originId: string; code: ErrorCode; detail: ErrorDetail },
): { id: MessageId; conversationId: ConversationId } | null {
  return transact(db, () => {
    const message = row<{ id: MessageId; conversationId: ConversationId }>(
      db,
      `SELECT m.id, m.conversation_id AS conversationId FROM message m JOIN conversation c ON c.id = m.conversation_id
        WHERE coalesce(m.origin_id, m.wire_id) = ? AND m.origin_id IS NOT NULL AND m.outgoing = 1 AND c.address = ?`,
      o.originId,
      o.address,
    );
    if (!message || !setState(db, message.id, 'failed', { code: o.code, detail: o.detail })) return null;
    removeFromOutbox(db, message.id);
    run(db, 'INSERT OR IGNORE INTO bounce (origin_id) VALUES (?)', o.originId);
    return message;
  });
}
