import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run, values } from './sql.ts';
import { transact } from './transaction.ts';

/** The sender of this received message wants to hear that it was displayed. */
export function noteMarkable(db: WritableDb, id: MessageId): void {
  run(db, 'INSERT OR IGNORE INTO markable_message (message_id) VALUES (?)', id);
}

/** The newest message of a conversation that was read and whose sender was not told yet. */
export interface OwedMarker {
  readonly conversationId: ConversationId;
  /** Bare address. */
  readonly address: string;
  readonly messageId: MessageId;
  /** What the sender called it (XEP-0333 section 4.2). */
  readonly wireId: string;
}

/** One for each conversation that has any; nothing of people whose request is not accepted. */
export const owedMarkers = (db: ReadableDb): OwedMarker[] =>
  rows<OwedMarker>(
    db,
    `SELECT conversationId, address, messageId, wireId FROM (
       SELECT c.id AS conversationId, c.address, m.id AS messageId, m.wire_id AS wireId,
              row_number() OVER (PARTITION BY c.id ORDER BY m.sort_at DESC, m.sort_seq DESC) AS place
         FROM markable_message k CROSS JOIN message m ON m.id = k.message_id
         CROSS JOIN conversation c ON c.id = m.conversation_id
        WHERE m.unread = 0 AND m.wire_id IS NOT NULL AND c.request = 'none')
      WHERE place = 1`,
  );

/** What was read is not told any more: it has been, or nobody wants it to be. */
export function forgetMarkable(db: WritableDb, conversationId?: ConversationId): void {
  run(
    db,
    `DELETE FROM markable_message WHERE message_id IN (
       SELECT k.message_id FROM markable_message k CROSS JOIN message m ON m.id = k.message_id
        WHERE m.unread = 0 AND (? IS NULL OR m.conversation_id = ?))`,
    conversationId ?? null,
    conversationId ?? null,
  );
}

const positionOf = (db: ReadableDb, id: ConversationId, claimed: string, outgoing: 0 | 1) =>
  row<{ id: MessageId; at: number; seq: number }>(
    db,
    `SELECT id, sort_at AS at, sort_seq AS seq FROM message
      WHERE coalesce(origin_id, wire_id) = ? AND conversation_id = ? AND outgoing = ?`,
    claimed,
    id,
    outgoing,
  );

/** The received message of this conversation that its sender gave this id; null when there is none. */
export const receivedByWireId = (db: ReadableDb, id: ConversationId, wireId: string): MessageId | null =>
  positionOf(db, id, wireId, 0)?.id ?? null;

/**
 * The other side displayed this message of ours, and with it what we sent before (XEP-0333 section 4.2). Only what
 * the server has can have been read: what waits or failed stays as it is. Returns those that changed.
 */
export function markSeen(db: WritableDb, conversationId: ConversationId, originId: string): MessageId[] {
  return transact(db, () => {
    const place = positionOf(db, conversationId, originId, 1);
    if (!place) return [];
    return values<MessageId>(
      db,
      `UPDATE message SET state = 'read' WHERE id IN (
         SELECT id FROM message WHERE conversation_id = ? AND (sort_at, sort_seq) <= (?, ?)
           AND (sort_at, sort_seq) >= (?, 0) AND outgoing = 1 AND state IN ('sent', 'delivered'))
       RETURNING id`,
      conversationId,
      place.at,
      place.seq,
      place.at - FAR_BACK,
    );
  });
}

/** ms. Marks of older messages are left as they are, so that one marker never goes through a long history. */
const FAR_BACK = 30 * 86_400_000;
