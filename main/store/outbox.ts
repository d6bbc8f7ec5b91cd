import { randomUUID } from 'node:crypto';
import type { ErrorCode, ErrorDetail } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { loadAlbums } from './albums.ts';
import { attachmentsOf } from './attachments.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { forwardSource } from './forwards.ts';
import { mentionsOf } from './group-messages.ts';
import { pollDefinition } from './polls.ts';
import { problemText } from './problem.ts';
import { questionBoxTitle } from './questions.ts';
import { outgoingReply } from './replies.ts';
import type { OutboxRow, OutboxStage } from './rows.ts';
import { row, rows, run, value, type Param } from './sql.ts';
import { stickerMark } from './sticker-marks.ts';
import { transact } from './transaction.ts';

/**
 * The order of a conversation is the order of its message ids, which ascend as messages are written
 * (`allocateId`). A retried message has the lowest id and so goes before what waits.
 */
const select = `
  SELECT o.message_id AS messageId, o.conversation_id AS conversationId, c.address, m.origin_id AS originId, m.text,
         m.sent_at AS sentAt, o.stage, o.created_at AS createdAt, o.wire_at AS wireAt, o.attempts,
         o.next_try AS nextTry, r.address IS NOT NULL AS inRoom
    FROM outbox o CROSS JOIN message m ON m.id = o.message_id
    CROSS JOIN conversation c ON c.id = o.conversation_id LEFT JOIN room r ON r.conversation_id = c.id`;

type Stored = Omit<
  OutboxRow,
  'attachments' | 'sticker' | 'album' | 'reply' | 'forwarded' | 'group' | 'asks'
> & {
  inRoom: number;
};

function outboxRows(db: ReadableDb, rest: string, ...params: Param[]): OutboxRow[] {
  const found = rows<Stored>(db, `${select} ${rest}`, ...params);
  const ids = found.map((r) => r.messageId);
  const files = attachmentsOf(db, ids);
  const albums = files.size > 0 ? loadAlbums(db, ids) : null;
  return found.map(({ inRoom, ...r }) => {
    const attachments = files.get(r.messageId) ?? [];
    const isSticker = attachments.some(({ kind }) => kind === 'sticker');
    const album = albums?.get(r.messageId)?.album ?? null;
    return {
      ...r,
      attachments,
      album,
      sticker: isSticker ? stickerMark(db, r.messageId) : null,
      reply: outgoingReply(db, r.messageId),
      forwarded: forwardSource(db, r.messageId),
      asks: inRoom === 1 ? (pollDefinition(db, r.messageId) ?? questionBoxTitle(db, r.messageId)) : null,
      group: inRoom === 1 ? { mentions: mentionsOf(db, r.messageId) } : null,
    };
  });
}

/**
 * What may go on the wire now: of each conversation its oldest row that is not there yet, when it is `ready` and
 * its time has come. A photo still uploading holds back what comes after it, in its own conversation only. Of groups
 * only those whose rooms are `open`.
 */
export const nextToSend = (
  db: ReadableDb,
  now = Date.now(),
  open: readonly ConversationId[] = [],
): OutboxRow[] =>
  outboxRows(
    db,
    `WHERE o.stage = 'ready' AND o.next_try <= ?
       AND (r.address IS NULL OR c.id IN (SELECT value FROM json_each(?)))
       AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id
                         AND e.message_id < o.message_id AND e.stage <> 'wire')
     ORDER BY o.message_id`,
    now,
    JSON.stringify(open),
  );

/** `wire` counts an attempt and takes the time. False when the message has no outbox row. */
export function setStage(db: WritableDb, id: MessageId, stage: OutboxStage, now = Date.now()): boolean {
  const onTheWire = stage === 'wire';
  return (
    run(
      db,
      'UPDATE outbox SET stage = ?, wire_at = ?, attempts = attempts + ? WHERE message_id = ?',
      stage,
      onTheWire ? now : null,
      onTheWire ? 1 : 0,
      id,
    ) > 0
  );
}

/**
 * All its files have an address: it may go. Only from `upload`: it may have gone already, since its last address made it
 * `ready` and the outbox waits for nobody; back at `ready` it would go twice.
 */
export const filesDone = (db: WritableDb, id: MessageId): void =>
  void run(db, `UPDATE outbox SET stage = 'ready' WHERE message_id = ? AND stage = 'upload'`, id);

/** Not before this time (Unix, ms): back-off after a failed try, which is counted. Holds its conversation back. */
export function delayTry(db: WritableDb, id: MessageId, nextTry: number): void {
  run(db, 'UPDATE outbox SET next_try = ?, attempts = attempts + 1 WHERE message_id = ?', nextTry, id);
}

/** On the wire without confirmation, in the order they were written: to rooms as well as to people. */
export const onWire = (db: ReadableDb): OutboxRow[] =>
  outboxRows(db, `WHERE o.stage = 'wire' ORDER BY o.message_id`);

export const outboxByOriginId = (db: ReadableDb, originId: string): OutboxRow | null =>
  outboxRows(
    db,
    `WHERE o.message_id IN (SELECT id FROM message WHERE coalesce(origin_id, wire_id) = ? AND outgoing = 1)`,
    originId,
  )[0] ?? null;

export const outboxByMessageId = (db: ReadableDb, id: MessageId): OutboxRow | null =>
  outboxRows(db, 'WHERE o.message_id = ?', id)[0] ?? null;

/** False when it was not there. */
export const removeFromOutbox = (db: WritableDb, id: MessageId): boolean =>
  run(db, 'DELETE FROM outbox WHERE message_id = ?', id) > 0;

/** The message has failed and blocks no other. False when it had no outbox row. */
export function failOutbox(
  db: WritableDb,
  id: MessageId,
  code: ErrorCode,
  detail: ErrorDetail = {},
): boolean {
  return transact(db, () => {
    if (!removeFromOutbox(db, id)) return false;
    run(
      db,
      `UPDATE message SET state = 'failed', problem = ? WHERE id = ?`,
      problemText({ code, detail }),
      id,
    );
    return true;
  });
}

/** From the wire back to `ready`, at their old places. */
export function requeue(db: WritableDb, ids: readonly MessageId[]): void {
  // What was unsent while it was on its way has no content any more, and did not arrive.
  run(
    db,
    `DELETE FROM outbox WHERE stage = 'wire' AND message_id IN (SELECT value FROM json_each(?))
        AND message_id IN (SELECT message_id FROM unsent_message)`,
    JSON.stringify(ids),
  );
  run(
    db,
    `UPDATE outbox SET stage = 'ready', wire_at = NULL
      WHERE stage = 'wire' AND message_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
}

const unsentFiles = `EXISTS (SELECT 1 FROM attachment WHERE message_id = m.id AND url IS NULL)`;

/**
 * A failed message again: it keeps its place in the conversation and goes before what waits there; one that came
 * back as an error gets a new id. A message that
 * only waits for its next try goes at once. False when it is neither.
 */
export function retry(db: WritableDb, id: MessageId, now = Date.now()): boolean {
  return transact(db, () => {
    if (run(db, `UPDATE outbox SET next_try = 0 WHERE message_id = ? AND stage <> 'wire'`, id) > 0)
      return true;
    const failed = row(db, `SELECT 1 FROM message WHERE id = ? AND outgoing = 1 AND state = 'failed'`, id);
    if (!failed) return false;
    run(db, `UPDATE message SET state = 'sending', problem = NULL WHERE id = ?`, id);
    renewIfBounced(db, id);
    run(
      db,
      `INSERT INTO outbox (message_id, conversation_id, stage, created_at)
       SELECT m.id, m.conversation_id, CASE WHEN ${unsentFiles} THEN 'upload' ELSE 'ready' END, ?
         FROM message m WHERE m.id = ? ON CONFLICT (message_id) DO NOTHING`,
      now,
      id,
    );
    return true;
  });
}

/**
 * What came back goes out under a new id: the archive may have the old one, and would say of a message that nobody
 * has got that it was sent.
 */
function renewIfBounced(db: WritableDb, id: MessageId): void {
  const renewed = randomUUID();
  run(
    db,
    `UPDATE message SET origin_id = ?, wire_id = ?, stanza_id = NULL
      WHERE id = ? AND origin_id IN (SELECT origin_id FROM bounce)`,
    renewed,
    renewed,
    id,
  );
}

/**
 * A room keeps a message of mine until a moderator has seen it: it is not tried again and again until it has failed.
 * null when it is none that is on its way to this conversation.
 */
export function waitsForReview(
  db: WritableDb,
  o: { conversationId: ConversationId; originId: string },
): { id: MessageId } | null {
  return transact(db, () => {
    const found = row<{ id: MessageId }>(
      db,
      `SELECT m.id FROM message m CROSS JOIN outbox o ON o.message_id = m.id
        WHERE coalesce(m.origin_id, m.wire_id) = ? AND m.conversation_id = ? AND m.outgoing = 1`,
      o.originId,
      o.conversationId,
    );
    if (!found) return null;
    run(db, 'UPDATE outbox SET attempts = 0 WHERE message_id = ?', found.id);
    const problem = problemText({ code: 'waits-for-moderator', detail: {} });
    run(db, 'UPDATE message SET problem = ? WHERE id = ?', problem, found.id);
    return found;
  });
}

/** How many messages the server has not confirmed. */
export const hasUnsent = (db: ReadableDb): number =>
  value<number>(db, 'SELECT count(*) FROM outbox INDEXED BY outbox_by_stage') ?? 0;

/** Rows whose files are to be uploaded now, in the order they were written. */
export const uploadsWaiting = (db: ReadableDb, now = Date.now()): OutboxRow[] =>
  outboxRows(db, `WHERE o.stage = 'upload' AND o.next_try <= ? ORDER BY o.message_id`, now);
