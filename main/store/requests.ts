import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { MessageRequest, RequestState } from '../../contract/requests.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value } from './sql.ts';
import { transact } from './transaction.ts';

/** Among so many of the first messages of a request the one text that is shown is looked for. */
const HEAD = 50;

/** What a conversation is; null where there is none, or nothing was ever written in it and nobody was refused. */
export function requestState(db: ReadableDb, address: string): RequestState | null {
  const found = row<{ request: RequestState; last: MessageId | null }>(
    db,
    'SELECT request, last_message_id AS last FROM conversation WHERE address = ?',
    address,
  );
  if (!found || (found.request === 'none' && found.last === null)) return null;
  return found.request;
}

/** A conversation that is there and is no request. */
export const isNoRequest = (db: ReadableDb, id: ConversationId): boolean =>
  value<number>(db, `SELECT 1 FROM conversation WHERE id = ? AND request = 'none'`, id) !== undefined;

/** Makes it a request, if it is not one yet. True when it changed. */
export const markPending = (db: WritableDb, id: ConversationId): boolean =>
  run(db, `UPDATE conversation SET request = 'pending' WHERE id = ? AND request = 'none'`, id) > 0;

/** Deletes a request: it is listed nowhere until its sender is let in. False when it is none. */
export const refuseRequest = (db: WritableDb, id: ConversationId): boolean =>
  run(db, `UPDATE conversation SET request = 'refused' WHERE id = ? AND request = 'pending'`, id) > 0;

/** Takes a refusal back. */
export const restoreRequest = (db: WritableDb, id: ConversationId): boolean =>
  run(db, `UPDATE conversation SET request = 'pending' WHERE id = ? AND request = 'refused'`, id) > 0;

/** Its sender is let in: everything they sent is shown, in the inbox. False when it was no request. */
export const acceptRequest = (db: WritableDb, id: ConversationId): boolean =>
  transact(db, () => openRequest(db, id));

/** As `acceptRequest`, inside the transaction of what inserts messages. */
export function openRequest(db: WritableDb, id: ConversationId): boolean {
  const changed = run(
    db,
    `UPDATE conversation SET request = 'none', listed = 1 WHERE id = ? AND request <> 'none'`,
    id,
  );
  if (changed === 0) return false;
  run(db, 'DELETE FROM folded_message WHERE conversation_id = ?', id);
  run(db, 'DELETE FROM held_notice WHERE address = (SELECT address FROM conversation WHERE id = ?)', id);
  return true;
}

/**
 * Folds messages that were just stored in a request. Shown are its first message and its first one that is text
 * alone, whatever order they come in; everything else is folded.
 */
export function foldRequest(db: WritableDb, id: ConversationId, added: readonly MessageId[]): void {
  transact(db, () => {
    // What was shown until now, by the same rule: not everything that was folded before has to be looked at.
    const shownBefore = shownOf(db, id, added);
    const shown = shownOf(db, id, []);
    for (const message of [...added, ...shownBefore])
      if (!shown.includes(message))
        run(
          db,
          'INSERT OR IGNORE INTO folded_message (message_id, conversation_id) VALUES (?, ?)',
          message,
          id,
        );
    for (const message of shown) run(db, 'DELETE FROM folded_message WHERE message_id = ?', message);
  });
}

/** What a request shows, as it is without `left` out. */
function shownOf(db: ReadableDb, id: ConversationId, left: readonly MessageId[]): MessageId[] {
  const head = `SELECT m.id FROM message m
     WHERE m.conversation_id = ? AND m.id NOT IN (SELECT value FROM json_each(?))
     ORDER BY m.sort_at, m.sort_seq LIMIT ?`;
  const without = JSON.stringify(left);
  const first = value<MessageId>(db, head, id, without, 1);
  const firstText = value<MessageId>(
    db,
    `SELECT h.id FROM (${head}) h WHERE NOT EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = h.id) LIMIT 1`,
    id,
    without,
    HEAD,
  );
  return [first, firstText].filter((one) => one !== undefined);
}

/** Requests that wait for an answer. */
export const countRequests = (db: ReadableDb): number =>
  value<number>(db, `SELECT count(*) FROM conversation WHERE request = 'pending'`) ?? 0;

interface StoredRequest {
  id: ConversationId;
  address: string;
  name: string | null;
  nick: string | null;
  at: number;
  activity: number;
  text: string | null;
  photos: number;
  folded: number;
  foldedPhotos: number;
  heldMessages: number | null;
  heldPhotos: number | null;
  heldAt: number | null;
}

const select = `
  SELECT c.id, c.address, p.name, p.nick, c.last_activity AS activity, s.sent_at AS at, s.text,
         (SELECT count(*) FROM attachment a WHERE a.message_id = s.id AND a.kind = 'photo') AS photos,
         (SELECT count(*) FROM folded_message f WHERE f.conversation_id = c.id) AS folded,
         (SELECT count(*) FROM folded_message f JOIN attachment a ON a.message_id = f.message_id
           WHERE f.conversation_id = c.id AND a.kind = 'photo') AS foldedPhotos,
         h.messages AS heldMessages, h.photos AS heldPhotos, h.at AS heldAt
    FROM conversation c
    LEFT JOIN person p ON p.address = c.address
    LEFT JOIN held_notice h ON h.address = c.address
    LEFT JOIN message s ON s.id = (
      SELECT m.id FROM message m WHERE m.conversation_id = c.id
         AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = m.id)
       ORDER BY m.sort_at, m.sort_seq LIMIT 1)`;

const toRequest = (s: StoredRequest): MessageRequest => ({
  conversationId: s.id,
  address: s.address,
  name: shownName(s.address, s.name, s.nick),
  at: s.at ?? s.heldAt ?? s.activity,
  text: s.text ?? '',
  photo: s.photos > 0 || (s.text === null && (s.heldPhotos ?? 0) > 0),
  more: {
    // What the server holds back counts a photo as a message, as the messages here do.
    messages: s.folded + (s.heldMessages ?? 0),
    photos: s.foldedPhotos + (s.heldPhotos ?? 0),
  },
});

/** One request; null when this is none that waits. */
export function requestByConversation(db: ReadableDb, id: ConversationId): MessageRequest | null {
  const found = row<StoredRequest>(db, `${select} WHERE c.id = ? AND c.request = 'pending'`, id);
  return found ? toRequest(found) : null;
}

/** Newest first. `before`: `next` of the page before; anything else throws invalid-argument. */
export function listRequests(
  db: ReadableDb,
  o: { before: string | null; limit: number },
): { items: MessageRequest[]; next: string | null } {
  const [at, id] = o.before === null ? [Number.MAX_SAFE_INTEGER, 0] : parseCursor(o.before);
  const found = rows<StoredRequest>(
    db,
    `${select} WHERE c.request = 'pending' AND (c.last_activity, c.id) < (?, ?)
      ORDER BY c.last_activity DESC, c.id DESC LIMIT ?`,
    at,
    id,
    o.limit + 1,
  );
  const page = found.slice(0, o.limit);
  const last = found.length > o.limit ? page.at(-1) : undefined;
  return { items: page.map(toRequest), next: last ? `${last.activity}.${last.id}` : null };
}

function parseCursor(cursor: string): [number, number] {
  const [, at, id] = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (at === undefined) throw new PostcardError('invalid-argument');
  return [Number(at), Number(id)];
}

/** A confirmation (XEP-0184) that is not sent before the sender is let in. */
export function holdReceipt(
  db: WritableDb,
  o: { messageId: MessageId; conversationId: ConversationId; wireId: string },
): void {
  run(
    db,
    'INSERT OR IGNORE INTO held_receipt (message_id, conversation_id, wire_id) VALUES (?, ?, ?)',
    o.messageId,
    o.conversationId,
    o.wireId,
  );
}

/** Takes the confirmations that may be sent now: of conversations that are no requests. */
export function takeReceipts(db: WritableDb, limit: number): { address: string; wireId: string }[] {
  return transact(db, () => {
    const due = rows<{ id: MessageId; address: string; wireId: string }>(
      db,
      `SELECT h.message_id AS id, c.address, h.wire_id AS wireId
         FROM held_receipt h JOIN conversation c ON c.id = h.conversation_id
        WHERE c.request = 'none' ORDER BY h.message_id LIMIT ?`,
      limit,
    );
    for (const { id } of due) run(db, 'DELETE FROM held_receipt WHERE message_id = ?', id);
    return due;
  });
}

export interface HeldNotice {
  /** Bare address of somebody not let in. */
  readonly address: string;
  readonly messages: number;
  readonly photos: number;
  /** Unix time of the first one, ms. */
  readonly at: number;
}

/** Notes what the server holds back from somebody. */
export function setHeldNotice(db: WritableDb, n: HeldNotice): void {
  run(
    db,
    `INSERT INTO held_notice (address, messages, photos, at) VALUES (?, ?, ?, ?)
     ON CONFLICT (address) DO UPDATE SET messages = excluded.messages, photos = excluded.photos, at = excluded.at`,
    n.address,
    n.messages,
    n.photos,
    n.at,
  );
}

/** Nothing is held back from them any more. True when something was. */
export const clearHeldNotice = (db: WritableDb, address: string): boolean =>
  run(db, 'DELETE FROM held_notice WHERE address = ?', address) > 0;

/** The addresses something is held back from, as far as is known here. */
export const heldAddresses = (db: ReadableDb): string[] =>
  rows<{ address: string }>(db, 'SELECT address FROM held_notice').map(({ address }) => address);

/** Requests, also deleted ones, whose sender the roster says is let in by now. */
export const requestsLetIn = (db: ReadableDb): { id: ConversationId; address: string }[] =>
  rows<{ id: ConversationId; address: string }>(
    db,
    `SELECT c.id, c.address FROM conversation c JOIN person p ON p.address = c.address
      WHERE c.request <> 'none' AND (p.subscription IN ('to', 'both') OR p.accepted = 1)`,
  );

/** Requests that wait: whom they are from. */
export const pendingAddresses = (db: ReadableDb): { id: ConversationId; address: string }[] =>
  rows<{ id: ConversationId; address: string }>(
    db,
    `SELECT id, address FROM conversation WHERE request = 'pending'`,
  );

/** Whether I ever wrote in it. Looks through its messages: for conversations that have just begun. */
export const hasOutgoing = (db: ReadableDb, id: ConversationId): boolean =>
  value<number>(db, 'SELECT 1 FROM message WHERE conversation_id = ? AND outgoing = 1 LIMIT 1', id) !==
  undefined;

/** The folded ones, newest first: what accepting brings to light. */
export const foldedMessages = (db: ReadableDb, id: ConversationId, limit: number): MessageId[] =>
  rows<{ id: MessageId }>(
    db,
    'SELECT message_id AS id FROM folded_message WHERE conversation_id = ? ORDER BY message_id DESC LIMIT ?',
    id,
    limit,
  ).map((found) => found.id);

/**
 * A request of which nothing is known here but what the server holds: it is as old as that. Once nothing is held any
 * more it is none.
 */
export function setEmptyRequest(db: WritableDb, id: ConversationId, at: number | null): void {
  if (at === null)
    run(
      db,
      `UPDATE conversation SET request = 'none' WHERE id = ? AND request = 'pending' AND last_message_id IS NULL`,
      id,
    );
  else run(db, 'UPDATE conversation SET last_activity = ? WHERE id = ? AND last_message_id IS NULL', at, id);
}

/** The ids of a conversation's messages with photos that are not here, newest first: they are fetched on accepting. */
export const messagesWithRemotePhotos = (db: ReadableDb, id: ConversationId, limit: number): MessageId[] =>
  rows<{ id: MessageId }>(
    db,
    `SELECT m.id FROM message m WHERE m.conversation_id = ?
        AND EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = m.id AND a.kind = 'photo' AND a.state = 'remote')
      ORDER BY m.sort_at DESC, m.sort_seq DESC LIMIT ?`,
    id,
    limit,
  ).map((found) => found.id);
