import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { DeliveryState } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { loadTail, saveTail, type Place } from './place.ts';
import { problemText } from './problem.ts';
import { settle } from './repeats.ts';
import type { Problem } from './rows.ts';
import { row, rows, run, values } from './sql.ts';
import { transact } from './transaction.ts';

/** From which states each one may be entered: nothing that was delivered becomes less, nothing received changes. */
const enteredFrom: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  sending: ['failed'],
  sent: ['sending', 'failed'],
  delivered: ['sending', 'failed', 'sent'],
  read: ['sending', 'failed', 'sent', 'delivered'],
  failed: ['sending', 'sent'],
  received: [],
};

/** Sets the state; never from delivered or read back to anything less. `problem` goes with `failed`. True when it changed. */
export function setState(db: WritableDb, id: MessageId, state: DeliveryState, problem?: Problem): boolean {
  const stored = state === 'failed' ? problemText(problem) : null;
  const from = JSON.stringify(enteredFrom[state]);
  return (
    run(
      db,
      `UPDATE message SET state = ?, problem = ?
        WHERE id = ? AND outgoing = 1 AND state IN (SELECT value FROM json_each(?))`,
      state,
      stored,
      id,
      from,
    ) > 0
  );
}

interface Ours {
  id: MessageId;
  conversationId: ConversationId;
  outgoing: number;
  state: DeliveryState;
  stanzaId: string | null;
}

const ours = (db: ReadableDb, originId: string): Ours | undefined =>
  row<Ours>(
    db,
    `SELECT id, conversation_id AS conversationId, outgoing, state, stanza_id AS stanzaId FROM message
      WHERE coalesce(origin_id, wire_id) = ? AND outgoing = 1 AND origin_id IS NOT NULL`,
    originId,
  );

/**
 * The server has it: sending or failed becomes sent, its outbox row goes, and its place in the archive is noted
 * (unless another message has that stanza-id). null when there is no such message of ours.
 */
export function markSent(
  db: WritableDb,
  originId: string,
  o: { stanzaId?: string | null } = {},
): { id: MessageId; conversationId: ConversationId; changed: boolean } | null {
  return transact(db, () => {
    const message = ours(db, originId);
    if (!message) return null;
    const changed = settle(db, message);
    if (o.stanzaId && message.stanzaId === null) {
      run(db, 'UPDATE OR IGNORE message SET stanza_id = ? WHERE id = ?', o.stanzaId, message.id);
    }
    return { id: message.id, conversationId: message.conversationId, changed };
  });
}

/**
 * Receipts (XEP-0184) from the other side of this conversation: only its own outgoing messages count, and only
 * forwards. A receipt also proves that the server had the message. Returns those that changed.
 */
export function markDelivered(
  db: WritableDb,
  o: { conversationId: ConversationId; originIds: readonly string[] },
): MessageId[] {
  return transact(db, () => {
    const ids = values<MessageId>(
      db,
      `SELECT id FROM message
        WHERE coalesce(origin_id, wire_id) IN (SELECT value FROM json_each(?)) AND conversation_id = ?
          AND outgoing = 1 AND state IN ('sending', 'sent', 'failed')`,
      JSON.stringify(o.originIds),
      o.conversationId,
    );
    for (const id of ids) {
      run(db, `UPDATE message SET state = 'delivered', problem = NULL WHERE id = ?`, id);
      run(db, 'DELETE FROM outbox WHERE message_id = ?', id);
    }
    return ids;
  });
}

/**
 * Takes a message away with its files' rows, outbox row and search entries; the conversation's last message and
 * unread count follow. Files stay in the media store until the next clean-up. False when there is none.
 */
export function deleteMessage(db: WritableDb, id: MessageId): boolean {
  return transact(db, () => {
    const gone = row<{ conversationId: ConversationId; unread: number }>(
      db,
      'SELECT conversation_id AS conversationId, unread FROM message WHERE id = ?',
      id,
    );
    if (!gone) return false;
    run(db, 'DELETE FROM message WHERE id = ?', id);
    const tail = loadTail(db, gone.conversationId);
    tail.unread -= gone.unread;
    if (tail.lastMessageId === id) {
      const [last] = lastOf(db, gone.conversationId);
      tail.lastMessageId = last?.id ?? null;
      tail.last = last ?? { at: 0, seq: 0 };
    }
    saveTail(db, tail);
    return true;
  });
}

const lastOf = (db: ReadableDb, id: ConversationId): (Place & { id: MessageId })[] =>
  rows<Place & { id: MessageId }>(
    db,
    `SELECT id, sort_at AS at, sort_seq AS seq FROM message WHERE conversation_id = ?
      ORDER BY sort_at DESC, sort_seq DESC LIMIT 1`,
    id,
  );
