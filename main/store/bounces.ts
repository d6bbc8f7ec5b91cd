import type { ErrorCode, ErrorDetail } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { WritableDb } from './db.ts';
import { failOutbox } from './outbox.ts';
import { setState } from './messages.ts';

/**
 * An outgoing message came back as an error from the one it was sent to. Null when there is no such message of
 * ours in that conversation: anybody may claim an id.
 */
export function markBounced(
  db: WritableDb,
  o: { address: string; originId: string; code: ErrorCode; detail: ErrorDetail },
): { id: MessageId; conversationId: ConversationId } | null {
  const row = db
    .prepare<[string, string], { id: MessageId; conversationId: ConversationId; state: string }>(
      `SELECT m.id AS id, m.conversation_id AS conversationId, m.state AS state
         FROM message m JOIN conversation c ON c.id = m.conversation_id
        WHERE m.origin_id = ? AND m.outgoing = 1 AND c.address = ?`,
    )
    .get(o.originId, o.address);
  if (!row || row.state === 'delivered' || row.state === 'read') return null;
  failOutbox(db, row.id, o.code, o.detail);
  setState(db, row.id, 'failed', { code: o.code, detail: o.detail });
  return { id: row.id, conversationId: row.conversationId };
}
