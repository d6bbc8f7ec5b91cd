import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ParsedParams } from '../../contract/index.ts';
import type { DeliveryState, Message } from '../../contract/messages.ts';
import { attachmentsOf, toAttachment } from './attachments.ts';
import type { ReadableDb } from './db.ts';
import { withParts } from './message-parts.ts';
import { shownName } from './people.ts';
import { afterAll, beforeAll, parsePosition, positionOf, type Place } from './place.ts';
import { parseProblem } from './problem.ts';
import { row, rows, type Param } from './sql.ts';

interface Stored {
  id: MessageId;
  conversation_id: ConversationId;
  sort_at: number;
  sort_seq: number;
  outgoing: number;
  sender_address: string;
  sent_at: number;
  text: string;
  state: DeliveryState;
  problem: string | null;
  name: string | null;
  nick: string | null;
  /** What the room called its author. */
  occupant: string | null;
}

const select = `
  SELECT m.id, m.conversation_id, m.sort_at, m.sort_seq, m.outgoing, m.sender_address, m.sent_at, m.text, m.state,
         m.problem, p.name, p.nick, o.nick AS occupant
    FROM message m LEFT JOIN person p ON p.address = m.sender_address
    LEFT JOIN message_occupant o ON o.message_id = m.id`;

/** What is shown: of a request, only some (requests.ts). */
const shown = 'NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = m.id)';

/** The contract's messages, with their attachments in one more query. Upload progress is not stored. */
function query(db: ReadableDb, rest: string, ...params: Param[]): Message[] {
  const found = rows<Stored>(db, `${select} ${rest}`, ...params);
  if (found.length === 0) return [];
  const files = attachmentsOf(
    db,
    found.map((m) => m.id),
  );
  const messages = found.map((m) => ({
    id: m.id,
    conversationId: m.conversation_id,
    position: positionOf({ at: m.sort_at, seq: m.sort_seq }),
    outgoing: m.outgoing === 1,
    sender: { address: m.sender_address, name: shownName(m.sender_address, m.name, m.nick, m.occupant) },
    sentAt: m.sent_at,
    text: m.text,
    attachments: (files.get(m.id) ?? []).map(toAttachment),
    state: m.state,
    problem: parseProblem(m.problem),
    progress: null,
  }));
  return withParts(db, messages);
}

export const messageById = (db: ReadableDb, id: MessageId): Message | null =>
  query(db, 'WHERE m.id = ?', id)[0] ?? null;

/** By conversation, in the order of their positions; unknown and folded ones are left out. */
export const messagesByIds = (db: ReadableDb, ids: readonly MessageId[]): Message[] =>
  query(
    db,
    `WHERE m.id IN (SELECT value FROM json_each(?)) AND ${shown} ORDER BY m.conversation_id, m.sort_at, m.sort_seq`,
    JSON.stringify(ids),
  );

/** Those before `place`, nearest last. */
const older = (db: ReadableDb, id: ConversationId, place: Place, limit: number): Message[] =>
  query(
    db,
    `WHERE m.conversation_id = ? AND (m.sort_at, m.sort_seq) < (?, ?) AND ${shown}
     ORDER BY m.sort_at DESC, m.sort_seq DESC LIMIT ?`,
    id,
    place.at,
    place.seq,
    limit,
  ).reverse();

/** Those after `place`, nearest first. */
const newer = (db: ReadableDb, id: ConversationId, place: Place, limit: number): Message[] =>
  query(
    db,
    `WHERE m.conversation_id = ? AND (m.sort_at, m.sort_seq) > (?, ?) AND ${shown}
     ORDER BY m.sort_at, m.sort_seq LIMIT ?`,
    id,
    place.at,
    place.seq,
    limit,
  );

export interface MessagesPage {
  /** Oldest first. */
  readonly items: Message[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

const exists = (found: readonly Message[]): boolean => found.length > 0;

function before(db: ReadableDb, id: ConversationId, place: Place, limit: number): MessagesPage {
  const found = older(db, id, place, limit + 1);
  // Places are whole numbers: what is after the one just below `place` is at `place` or later.
  const hasNewer = place !== afterAll && exists(newer(db, id, { at: place.at, seq: place.seq - 1 }, 1));
  return { items: found.slice(-limit), hasOlder: found.length > limit, hasNewer };
}

function after(db: ReadableDb, id: ConversationId, place: Place, limit: number): MessagesPage {
  const found = newer(db, id, place, limit + 1);
  const hasOlder = place !== beforeAll && exists(older(db, id, { at: place.at, seq: place.seq + 1 }, 1));
  return { items: found.slice(0, limit), hasOlder, hasNewer: found.length > limit };
}

/** Half before `place`, the rest from it on; one side takes what the other does not need. */
function around(db: ReadableDb, id: ConversationId, place: Place, limit: number): MessagesPage {
  const early = older(db, id, place, limit + 1);
  const late = newer(db, id, { at: place.at, seq: place.seq - 1 }, limit + 1);
  const takeLate = Math.min(late.length, Math.max(limit - Math.floor(limit / 2), limit - early.length));
  const takeEarly = Math.min(early.length, limit - takeLate);
  return {
    items: [...early.slice(early.length - takeEarly), ...late.slice(0, takeLate)],
    hasOlder: early.length > takeEarly,
    hasNewer: late.length > takeLate,
  };
}

const firstUnread = (db: ReadableDb, id: ConversationId): Place | undefined =>
  row<Place>(
    db,
    `SELECT sort_at AS at, sort_seq AS seq FROM message WHERE conversation_id = ? AND unread = 1
      ORDER BY sort_at, sort_seq LIMIT 1`,
    id,
  );

function placeOf(db: ReadableDb, id: ConversationId, message: MessageId): Place {
  const place = row<Place>(
    db,
    'SELECT sort_at AS at, sort_seq AS seq FROM message WHERE id = ? AND conversation_id = ?',
    message,
    id,
  );
  if (!place) throw new PostcardError('not-found');
  return place;
}

/**
 * One page in order, oldest first; see the contract's `messages.page`. `unread` without unread messages is `newest`.
 * Throws not-found when the message is not in this conversation, invalid-argument for a broken position.
 */
export function messagesPage(db: ReadableDb, o: ParsedParams<'messages.page'>): MessagesPage {
  const { conversationId: id, at, limit } = o;
  switch (at.kind) {
    case 'newest':
      return before(db, id, afterAll, limit);
    case 'before':
      return before(db, id, parsePosition(at.position), limit);
    case 'after':
      return after(db, id, parsePosition(at.position), limit);
    case 'message':
      return around(db, id, placeOf(db, id, at.id), limit);
    case 'unread': {
      const place = firstUnread(db, id);
      return place ? around(db, id, place, limit) : before(db, id, afterAll, limit);
    }
  }
}
