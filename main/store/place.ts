import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { Order } from './rows.ts';
import { row, run, value } from './sql.ts';

/** A place in a conversation: Unix time in ms, and a number that parts equal times. */
export interface Place {
  readonly at: number;
  readonly seq: number;
}

/** Ids of one ms; see `allocateId`. */
const idsPerMs = 1024;
/** The year 2200: no stamp counts as later, so that ids stay below 2^53. */
const latest = 7_258_118_400_000;

export const beforeAll: Place = { at: -1, seq: 0 };
export const afterAll: Place = { at: Number.MAX_SAFE_INTEGER, seq: 0 };

export const isAfter = (a: Place, b: Place): boolean => a.at > b.at || (a.at === b.at && a.seq > b.seq);

/** The contract's opaque position. */
export const positionOf = (place: Place): string => `${place.at}.${place.seq}`;

/** Throws invalid-argument for what is no position. */
export function parsePosition(position: string): Place {
  const [, at, seq] = /^(\d{1,16})\.(-?\d{1,16})$/.exec(position) ?? [];
  if (at === undefined || seq === undefined) throw new PostcardError('invalid-argument');
  return { at: Number(at), seq: Number(seq) };
}

/** What inserting needs to know of a conversation; kept in memory for a whole page. */
export interface Tail {
  readonly id: ConversationId;
  last: Place;
  lastMessageId: MessageId | null;
  /** The highest and lowest `sort_seq` given so far. */
  high: number;
  low: number;
  read: Place;
  unread: number;
  changed: boolean;
}

interface TailRow {
  last_sort_at: number;
  last_sort_seq: number;
  last_message_id: MessageId | null;
  seq_high: number;
  seq_low: number;
  read_at: number;
  read_seq: number;
  unread_count: number;
}

/** Throws not-found for an unknown conversation. */
export function loadTail(db: ReadableDb, id: ConversationId): Tail {
  const found = row<TailRow>(
    db,
    `SELECT last_sort_at, last_sort_seq, last_message_id, seq_high, seq_low, read_at, read_seq, unread_count
       FROM conversation WHERE id = ?`,
    id,
  );
  if (!found) throw new PostcardError('not-found');
  return {
    id,
    last: { at: found.last_sort_at, seq: found.last_sort_seq },
    lastMessageId: found.last_message_id,
    high: found.seq_high,
    low: found.seq_low,
    read: { at: found.read_at, seq: found.read_seq },
    unread: found.unread_count,
    changed: false,
  };
}

/** Writes it back. A conversation with a message is listed, and as active as its last message. */
export function saveTail(db: WritableDb, tail: Tail): void {
  run(
    db,
    `UPDATE conversation SET last_sort_at = ?, last_sort_seq = ?, last_message_id = ?, seq_high = ?, seq_low = ?,
            read_at = ?, read_seq = ?, unread_count = ?, listed = listed OR ?, last_activity = ifnull(?, last_activity)
      WHERE id = ?`,
    tail.last.at,
    tail.last.seq,
    tail.lastMessageId,
    tail.high,
    tail.low,
    tail.read.at,
    tail.read.seq,
    tail.unread,
    tail.lastMessageId === null ? 0 : 1,
    tail.lastMessageId === null ? null : tail.last.at,
    tail.id,
  );
}

/** Stamps come from others: whole milliseconds between 1970 and 2200. */
const sane = (at: number): number =>
  Number.isFinite(at) ? Math.min(latest, Math.max(0, Math.trunc(at))) : 0;

/** The place for the next message; see `Order` and docs/mechanisms/message-order.md. */
export function nextPlace(tail: Tail, sentAt: number, order: Exclude<Order, 'backward'>): Place {
  const at = order === 'live' ? Math.max(sane(sentAt), tail.last.at) : sane(sentAt);
  tail.high += 1;
  return { at, seq: tail.high };
}

/** The place with a number that was taken from below; see `Order`. */
export const backwardPlace = (seq: number, sentAt: number): Place => ({ at: sane(sentAt), seq });

/**
 * A free id that sorts by time: `at` × 1024 and up. More than 1,024 messages of one ms flow over into the next ones.
 * Within a conversation a later live message always has the higher id, which the outbox's order relies on.
 */
export function allocateId(db: ReadableDb, at: number): MessageId {
  for (let base = Math.max(1, at * idsPerMs); ; base += idsPerMs) {
    const end = base - (base % idsPerMs) + idsPerMs;
    const taken = value<number | null>(db, 'SELECT max(id) FROM message WHERE id >= ? AND id < ?', base, end);
    const id = (taken ?? base - 1) + 1;
    // A MessageId is a row id of this table; here they are made.
    if (id < end) return id as MessageId;
  }
}
