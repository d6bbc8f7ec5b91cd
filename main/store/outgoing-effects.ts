import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { rows, run, value, type Param } from './sql.ts';

/** A change of a message, to be told to the other side. `effect` is JSON of whoever composes the stanza. */
export interface OutgoingEffect {
  readonly id: number;
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  /** The other's bare address. */
  readonly address: string;
  readonly originId: string;
  readonly effect: string;
  /** It goes to a room. */
  readonly inRoom: boolean;
  /** Unix time, ms. */
  readonly createdAt: number;
}

const effectRows = (db: ReadableDb, rest: string, ...params: Param[]): OutgoingEffect[] =>
  rows<Omit<OutgoingEffect, 'inRoom'> & { inRoom: number }>(
    db,
    `SELECT e.id, e.message_id AS messageId, e.conversation_id AS conversationId, c.address, e.origin_id AS originId,
            e.effect, e.created_at AS createdAt, r.address IS NOT NULL AS inRoom
       FROM outgoing_effect e CROSS JOIN conversation c ON c.id = e.conversation_id
       LEFT JOIN room r ON r.conversation_id = c.id ${rest}`,
    ...params,
  ).map((e) => ({ ...e, inRoom: e.inRoom === 1 }));

/** Queues it, behind all others. Call it inside `durably`, with the change itself. */
export function queueEffect(db: WritableDb, e: Omit<OutgoingEffect, 'id' | 'address' | 'inRoom'>): void {
  run(
    db,
    `INSERT INTO outgoing_effect (conversation_id, message_id, origin_id, effect, created_at) VALUES (?, ?, ?, ?, ?)`,
    e.conversationId,
    e.messageId,
    e.originId,
    e.effect,
    e.createdAt,
  );
}

/** In order, those that may go: their message itself waits no longer, and its room, if it has one, is `open`. */
export const effectsToSend = (
  db: ReadableDb,
  limit: number,
  open: readonly ConversationId[] = [],
): OutgoingEffect[] =>
  effectRows(
    db,
    `WHERE e.on_wire = 0 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = e.message_id)
        AND (r.address IS NULL OR c.id IN (SELECT value FROM json_each(?)))
      ORDER BY e.id LIMIT ?`,
    JSON.stringify(open),
    limit,
  );

export function markEffectOnWire(db: WritableDb, id: number): void {
  run(db, 'UPDATE outgoing_effect SET on_wire = 1 WHERE id = ?', id);
}

/** The server has it. Its message, or null when no effect on the wire has this id. */
export const effectSent = (db: WritableDb, originId: string): MessageId | null =>
  value<MessageId>(
    db,
    'DELETE FROM outgoing_effect WHERE origin_id = ? AND on_wire = 1 RETURNING message_id',
    originId,
  ) ?? null;

/** It came back from a room that did not know me: it goes once more. The server may have had it already. */
export function requeueEffect(db: WritableDb, e: OutgoingEffect): void {
  const there = run(db, 'UPDATE outgoing_effect SET on_wire = 0 WHERE origin_id = ?', e.originId);
  if (there === 0) queueEffect(db, e);
}

/** A stream ended: what it held unacknowledged, but for `held`, goes again. */
export function requeueEffects(db: WritableDb, held: readonly string[]): void {
  run(
    db,
    `UPDATE outgoing_effect SET on_wire = 0
      WHERE on_wire = 1 AND origin_id NOT IN (SELECT value FROM json_each(?))`,
    JSON.stringify(held),
  );
}

/** What waits for a message, in order. */
export const effectsOfMessage = (db: ReadableDb, id: MessageId): OutgoingEffect[] =>
  effectRows(db, 'WHERE e.message_id = ? ORDER BY e.id', id);

export function dropEffect(db: WritableDb, id: number): void {
  run(db, 'DELETE FROM outgoing_effect WHERE id = ?', id);
}
