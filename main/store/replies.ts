import type { AttachmentId, ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value, values } from './sql.ts';

/** What a message says it answers: the id that one was sent with, and its author's bare address where it is given. */
export interface ReplyMark {
  readonly ref: string;
  readonly author: string | null;
}

/** Characters of what is answered that are shown above the answer. */
const EXCERPT = 200;

/** Called by what inserts messages, in its transaction. */
export function noteReply(db: WritableDb, id: MessageId, { ref, author }: ReplyMark): void {
  run(
    db,
    'INSERT INTO message_reply (message_id, ref, author) VALUES (?, ?, ?) ON CONFLICT (message_id) DO NOTHING',
    id,
    ref,
    author,
  );
}

/** null: it answers nothing. */
const replyMark = (db: ReadableDb, id: MessageId): ReplyMark | null =>
  row<ReplyMark>(db, 'SELECT ref, author FROM message_reply WHERE message_id = ?', id) ?? null;

/**
 * The same for a message on its way out, with how what it answers reads now; in a group under the room's id for that,
 * and with its author as an occupant (XEP-0461 section 3.1). null: it answers nothing.
 */
export function outgoingReply(db: ReadableDb, id: MessageId): (ReplyMark & { quote: string }) | null {
  const mark = replyMark(db, id);
  if (mark === null) return null;
  const answered = loadReplies(db, [id]).get(id)?.replyTo;
  const inRoom = answered?.id == null ? null : (roomMark(db, answered.id) ?? null);
  return { ...mark, ...inRoom, quote: answered?.text ?? '' };
}

const roomMark = (db: ReadableDb, id: MessageId): ReplyMark | undefined =>
  row<ReplyMark>(
    db,
    `SELECT m.stanza_id AS ref, g.address || '/' || ifnull(o.nick, g.nick) AS author
       FROM message m CROSS JOIN room g ON g.conversation_id = m.conversation_id
       LEFT JOIN message_occupant o ON o.message_id = m.id WHERE m.id = ? AND m.stanza_id IS NOT NULL`,
    id,
  );

/** How others know a message: what it was sent with. null: it has no id, and can't be answered. */
export const markFor = (db: ReadableDb, id: MessageId): ReplyMark | null =>
  row<ReplyMark>(
    db,
    `SELECT iif(r.address IS NULL, coalesce(m.origin_id, m.wire_id),
                coalesce(m.stanza_id, m.origin_id, m.wire_id)) AS ref, iif(r.address IS NULL, m.sender_address, NULL) AS author
       FROM message m LEFT JOIN room r ON r.conversation_id = m.conversation_id
      WHERE m.id = ? AND coalesce(m.origin_id, m.wire_id, iif(r.address IS NULL, NULL, m.stanza_id)) IS NOT NULL`,
    id,
  ) ?? null;

/** Of the same conversation, by the author that is named, if one is; what is folded away is not told of. */
const target = (condition: string) => `
  (SELECT t.id FROM message t WHERE ${condition} AND t.conversation_id = m.conversation_id
      AND (r.author IS NULL OR t.sender_address = r.author)
      AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = t.id)
    ORDER BY t.id DESC LIMIT 1)`;

const found = `
  SELECT r.message_id AS messageId,
         coalesce(${target('t.stanza_id = r.ref AND EXISTS (SELECT 1 FROM room g WHERE g.conversation_id = m.conversation_id)')},
                  ${target('coalesce(t.origin_id, t.wire_id) = r.ref')},
                  ${target(`t.wire_id = r.ref AND t.origin_id IS NOT NULL AND t.wire_id IS NOT NULL
                            AND t.wire_id <> t.origin_id`)}) AS id
    FROM message_reply r CROSS JOIN message m ON m.id = r.message_id`;

interface Answered {
  messageId: MessageId;
  id: MessageId | null;
  outgoing: number | null;
  address: string | null;
  name: string | null;
  nick: string | null;
  occupant: string | null;
  text: string | null;
  unsent: number;
  attachment: AttachmentId | null;
}

/** The part of messages that answer others; what they answer is read from here alone. */
export function loadReplies(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'replyTo'>> {
  const answered = rows<Answered>(
    db,
    `SELECT a.messageId, a.id, t.outgoing, t.sender_address AS address, p.name, p.nick, o.nick AS occupant,
            substr(t.text, 1, ${EXCERPT}) AS text,
            EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = a.id) AS unsent,
            (SELECT f.id FROM attachment f WHERE f.message_id = a.id AND f.state = 'ready'
               AND f.kind IN ('photo', 'sticker') ORDER BY f.id LIMIT 1) AS attachment
       FROM (${found} WHERE r.message_id IN (SELECT value FROM json_each(?))) a
       LEFT JOIN message t ON t.id = a.id LEFT JOIN person p ON p.address = t.sender_address
       LEFT JOIN message_occupant o ON o.message_id = t.id`,
    JSON.stringify(ids),
  );
  return new Map(answered.map((one) => [one.messageId, { replyTo: toReply(one) }]));
}

function toReply(a: Answered): MessageParts['replyTo'] {
  const sender =
    a.address === null
      ? null
      : { address: a.address, name: shownName(a.address, a.name, a.nick, a.occupant) };
  const own = a.outgoing === 1;
  return { id: a.id, sender, own, text: a.text ?? '', attachment: a.attachment, unsent: a.unsent === 1 };
}

/** Messages that show this one above them: they change with it. */
export const repliesTo = (db: ReadableDb, id: MessageId): MessageId[] =>
  values<MessageId>(
    db,
    `SELECT r.message_id FROM message m CROSS JOIN message_reply r ON r.ref = m.origin_id
      CROSS JOIN message a ON a.id = r.message_id
      WHERE m.id = ? AND a.conversation_id = m.conversation_id
     UNION SELECT r.message_id FROM message m CROSS JOIN message_reply r ON r.ref = m.wire_id
      CROSS JOIN message a ON a.id = r.message_id
      WHERE m.id = ? AND a.conversation_id = m.conversation_id
     UNION SELECT r.message_id FROM message m CROSS JOIN message_reply r ON r.ref = m.stanza_id
      CROSS JOIN message a ON a.id = r.message_id
      WHERE m.id = ? AND a.conversation_id = m.conversation_id LIMIT 500`,
    id,
    id,
    id,
  );

/** null takes it away. */
export function setDraftReply(db: WritableDb, conversation: ConversationId, id: MessageId | null): void {
  run(db, 'DELETE FROM draft_reply WHERE conversation_id = ?', conversation);
  if (id !== null)
    run(
      db,
      `INSERT INTO draft_reply (conversation_id, message_id)
       SELECT conversation_id, id FROM message WHERE id = ? AND conversation_id = ?`,
      id,
      conversation,
    );
}

/** The message that the draft of a conversation answers. */
export const draftReply = (db: ReadableDb, conversation: ConversationId): MessageId | null =>
  value<MessageId>(db, 'SELECT message_id FROM draft_reply WHERE conversation_id = ?', conversation) ?? null;

/** What is sent now answers it; the next one doesn't. In the transaction that inserts it. */
export function takeDraftReply(db: WritableDb, conversation: ConversationId): ReplyMark | null {
  const id = draftReply(db, conversation);
  if (id === null) return null;
  setDraftReply(db, conversation, null);
  return markFor(db, id);
}

/** Nothing stays of what an unsent message answered, and no draft answers it. */
export function forgetReply(db: WritableDb, id: MessageId): void {
  run(db, 'DELETE FROM message_reply WHERE message_id = ?', id);
  run(db, 'DELETE FROM draft_reply WHERE message_id = ?', id);
}
