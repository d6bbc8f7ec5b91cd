import { randomUUID } from 'node:crypto';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { PollNoteBodies, PollNoteKind } from './poll-notes.ts';
import { row, rows, run, value } from './sql.ts';

/** Something to be told about a poll or a question box. */
export type OutgoingNote = {
  readonly id: number;
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  readonly originId: string;
  /** Bare address of the person it goes to; null: to the room. */
  readonly toAddress: string | null;
  /** Bare. */
  readonly room: string;
  /** What the room calls the message; null while it did not come back. */
  readonly ref: string | null;
  /** Unix time, ms. */
  readonly createdAt: number;
  readonly notBefore: number;
  readonly attempts: number;
} & { [K in PollNoteKind]: { readonly kind: K; readonly body: PollNoteBodies[K] } }[PollNoteKind];

const select = `
  SELECT n.id, n.message_id AS messageId, n.conversation_id AS conversationId, n.origin_id AS originId, n.kind, n.body,
         n.to_address AS toAddress, r.address AS room, m.stanza_id AS ref, n.created_at AS createdAt,
         n.not_before AS notBefore, n.attempts
    FROM outgoing_note n CROSS JOIN message m ON m.id = n.message_id
    CROSS JOIN room r ON r.conversation_id = n.conversation_id`;

const parsed = (found: Record<string, unknown>): OutgoingNote =>
  // Written by `queueNote` alone, whose types are these.
  ({ ...found, body: JSON.parse(found['body'] as string) as unknown }) as OutgoingNote;

/**
 * Queues it behind all others, in the place of what waits of the same kind about the same. Call it inside `durably`.
 * `notBefore`: Unix time, ms.
 */
export function queueNote<K extends PollNoteKind>(
  db: WritableDb,
  n: {
    messageId: MessageId;
    kind: K;
    body: PollNoteBodies[K];
    about?: string;
    toAddress?: string | null;
    notBefore?: number;
  },
): void {
  const about = n.about ?? '';
  run(
    db,
    'DELETE FROM outgoing_note WHERE message_id = ? AND kind = ? AND about = ? AND stage = 0',
    n.messageId,
    n.kind,
    about,
  );
  run(
    db,
    `INSERT INTO outgoing_note (message_id, conversation_id, origin_id, kind, about, body, to_address, created_at, not_before)
     SELECT id, conversation_id, ?, ?, ?, ?, ?, ?, ? FROM message WHERE id = ?`,
    randomUUID(),
    n.kind,
    about,
    JSON.stringify(n.body),
    n.toAddress ?? null,
    Date.now(),
    n.notBefore ?? 0,
    n.messageId,
  );
}

/** A tally waits to be told already. */
export const tallyWaits = (db: ReadableDb, id: MessageId): boolean =>
  value(db, `SELECT 1 FROM outgoing_note WHERE message_id = ? AND kind = 'tally' AND stage = 0`, id) !==
  undefined;

/** In order, those that may go at `now`: their message has come back, and its room is `open` or they go to a person. */
export const notesToSend = (
  db: ReadableDb,
  o: { open: readonly ConversationId[]; now: number; limit: number },
): OutgoingNote[] =>
  rows<Record<string, unknown>>(
    db,
    `${select} WHERE n.stage = 0 AND n.not_before <= ? AND m.stanza_id IS NOT NULL
        AND (n.to_address IS NOT NULL OR n.conversation_id IN (SELECT value FROM json_each(?)))
      ORDER BY n.id LIMIT ?`,
    o.now,
    JSON.stringify(o.open),
    o.limit,
  ).map(parsed);

/** When the next one may go that waits for a time after `now`, Unix ms; null: none does. */
export const nextNoteAt = (db: ReadableDb, now: number): number | null =>
  value<number | null>(
    db,
    'SELECT min(not_before) FROM outgoing_note WHERE stage = 0 AND not_before > ?',
    now,
  ) ?? null;

/** It is about to be handed to the stream. */
export const markNoteOnWire = (db: WritableDb, id: number): void =>
  void run(db, 'UPDATE outgoing_note SET stage = 1, attempts = attempts + 1 WHERE id = ?', id);

/** My server has it; the room may not. */
export const markNoteTaken = (db: WritableDb, id: number): void =>
  void run(db, 'UPDATE outgoing_note SET stage = 2 WHERE id = ?', id);

/** A stream began: what the one before held unacknowledged goes again but for `held`, and what a room never gave back. */
export function requeueNotes(db: WritableDb, o: { held: readonly string[]; resumed: boolean }): void {
  run(
    db,
    `UPDATE outgoing_note SET stage = 0
      WHERE stage = 1 AND origin_id NOT IN (SELECT value FROM json_each(?))`,
    JSON.stringify(o.held),
  );
  if (!o.resumed) run(db, 'UPDATE outgoing_note SET stage = 0 WHERE stage = 2');
}

/** What its room did not take goes once more. */
export const requeueNote = (db: WritableDb, id: number): void =>
  void run(db, 'UPDATE outgoing_note SET stage = 0 WHERE id = ?', id);

export function noteByOriginId(db: ReadableDb, originId: string): OutgoingNote | null {
  const found = row<Record<string, unknown>>(db, `${select} WHERE n.origin_id = ?`, originId);
  return found ? parsed(found) : null;
}

export const dropNote = (db: WritableDb, id: number): void =>
  void run(db, 'DELETE FROM outgoing_note WHERE id = ?', id);

/** What waits, or is on its way, about a message, oldest first. */
export const notesOfMessage = (db: ReadableDb, id: MessageId): OutgoingNote[] =>
  rows<Record<string, unknown>>(db, `${select} WHERE n.message_id = ? ORDER BY n.id`, id).map(parsed);
