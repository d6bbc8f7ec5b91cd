import type { AlbumPart } from '../../contract/albums.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { DeliveryState } from '../../contract/messages.ts';
import { noteAlbum } from './albums.ts';
import { insertAttachments } from './attachments.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { noteForward } from './forwards.ts';
import { noteMedia } from './gallery.ts';
import { noteMentions, noteOccupant, noteUnreadMention } from './group-messages.ts';
import {
  allocateId,
  backwardPlace,
  isAfter,
  loadTail,
  nextPlace,
  saveTail,
  type Place,
  type Tail,
} from './place.ts';
import { completeKnown, findKnown } from './repeats.ts';
import { noteReply, type ReplyMark } from './replies.ts';
import { openRequest } from './requests.ts';
import type { InboundRow, Inserted, InsertOptions, MentionMark, NewAttachment, StickerMark } from './rows.ts';
import { reindexShort } from './short-index.ts';
import { row, run } from './sql.ts';
import { noteSticker } from './sticker-marks.ts';
import { transact } from './transaction.ts';

export interface OutgoingMessage {
  readonly conversationId: ConversationId;
  /** Made by this app, unique; also the stanza's `id`. */
  readonly originId: string;
  readonly text: string;
  /** Unix time, ms. */
  readonly sentAt: number;
  /** This account's bare address. */
  readonly senderAddress: string;
  readonly attachments?: readonly NewAttachment[];
  readonly album?: AlbumPart | null;
  readonly sticker?: StickerMark;
  readonly reply?: ReplyMark | null;
  /** Passed on: who wrote it, '' without a name. */
  readonly forwarded?: string;
  readonly mentions?: readonly MentionMark[];
  /** Held back until then, Unix ms, so that it can be taken back. */
  readonly holdUntil?: number;
}

interface MessageValues extends Omit<InboundRow, 'conversationId' | 'attachments'> {
  readonly state: DeliveryState;
  readonly attachments: readonly NewAttachment[];
}

/** Writes the row with all that hangs on it, and brings the conversation's tail up to date in memory. */
function write(db: WritableDb, tail: Tail, m: MessageValues, place: Place, unread: boolean): MessageId {
  const id = allocateId(db, place.at);
  run(
    db,
    `INSERT INTO message (id, conversation_id, outgoing, sender_address, wire_id, origin_id, stanza_id, sent_at,
                          sort_at, sort_seq, text, state, unread)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    tail.id,
    m.outgoing ? 1 : 0,
    m.senderAddress,
    m.wireId,
    m.originId,
    m.stanzaId,
    m.sentAt,
    place.at,
    place.seq,
    m.text,
    m.state,
    unread ? 1 : 0,
  );
  // Whoever is written to is let in, also when that comes to light later: history is read in any order.
  if (m.outgoing) openRequest(db, tail.id);
  index(db, id, m.text);
  if (m.attachments.length > 0) insertAttachments(db, id, m.attachments);
  noteMedia(db, id, { text: m.text, files: m.attachments.length > 0 });
  if (m.album) noteAlbum(db, id, m.album);
  if (m.sticker) noteSticker(db, id, m.sticker);
  if (m.reply) noteReply(db, id, m.reply);
  if (m.forwarded !== undefined) noteForward(db, id, m.forwarded);
  if (m.occupant) noteOccupant(db, id, m.occupant);
  if (m.mentions && m.mentions.length > 0) {
    noteMentions(db, id, m.mentions);
    if (unread) noteUnreadMention(db, tail.id, id);
  }
  if (unread) tail.unread += 1;
  if (tail.lastMessageId === null || isAfter(place, tail.last)) {
    tail.last = place;
    tail.lastMessageId = id;
  }
  tail.changed = true;
  return id;
}

/** Both search indexes; deleting and changing are seen to by triggers. */
function index(db: WritableDb, id: MessageId, text: string): void {
  if (text === '') return;
  run(db, 'INSERT INTO message_search (rowid, text) VALUES (?, ?)', id, text);
  reindexShort(db, id, text);
}

/** History that counts as read moves the read position along, unless something unread stands before it. */
function countAsRead(db: ReadableDb, tail: Tail, place: Place): void {
  if (!isAfter(place, tail.read)) return;
  const unreadBefore =
    tail.unread > 0 &&
    row(
      db,
      `SELECT 1 FROM message WHERE conversation_id = ? AND unread = 1 AND (sort_at, sort_seq) <= (?, ?) LIMIT 1`,
      tail.id,
      place.at,
      place.seq,
    ) !== undefined;
  if (!unreadBefore) tail.read = place;
}

/**
 * Stores a message written here, at the end of its conversation, as `sending` with its outbox row: `upload` when a
 * file has no address yet, else `ready`. Call it inside `durably`.
 */
export function insertOutgoing(db: WritableDb, m: OutgoingMessage): MessageId {
  return transact(db, () => {
    const tail = loadTail(db, m.conversationId);
    const attachments = m.attachments ?? [];
    const place = nextPlace(tail, m.sentAt, 'live');
    const values = { outgoing: true, wireId: m.originId, stanzaId: null, state: 'sending' } as const;
    const id = write(db, tail, { ...m, ...values, attachments }, place, false);
    const stage = attachments.some((a) => !a.url) ? 'upload' : 'ready';
    run(
      db,
      'INSERT INTO outbox (message_id, conversation_id, stage, created_at, next_try) VALUES (?, ?, ?, ?, ?)',
      id,
      tail.id,
      stage,
      m.sentAt,
      m.holdUntil ?? 0,
    );
    saveTail(db, tail);
    return id;
  });
}

/** Takes one more number below all that the conversation has. */
function lower(tail: Tail | undefined): void {
  if (tail) tail.low -= 1;
}

/** Gives a page's messages their places, in the page's order. */
function placer(
  page: readonly InboundRow[],
  tails: ReadonlyMap<ConversationId, Tail>,
  floors: Map<ConversationId, number>,
  o: InsertOptions,
) {
  const { order } = o;
  if (order !== 'backward') {
    return (tail: Tail, sentAt: number) => {
      const place = nextPlace(tail, Math.max(sentAt, floors.get(tail.id) ?? 0, o.notBefore ?? 0), order);
      if (o.notBefore !== undefined) floors.set(tail.id, place.at);
      return place;
    };
  }
  // Fetched from new to old: the page as a whole goes below all that its conversations have.
  for (const { conversationId } of page) lower(tails.get(conversationId));
  const next = new Map([...tails].map(([id, tail]) => [id, tail.low]));
  return (tail: Tail, sentAt: number) => {
    const seq = next.get(tail.id) ?? tail.low;
    next.set(tail.id, seq + 1);
    return backwardPlace(seq, sentAt);
  };
}

function insertOne(
  db: WritableDb,
  tail: Tail,
  m: InboundRow,
  place: () => Place,
  { order, countUnread }: InsertOptions,
): Inserted {
  const known = findKnown(db, m);
  if (known) return { id: known.id, inserted: false, updated: completeKnown(db, known, m) };
  const at = place();
  // What is new is unread wherever it stands: its place may be above something that has been read already.
  const unread =
    countUnread && !m.outgoing && m.folded !== true && (order !== 'backward' || isAfter(at, tail.read));
  const id = write(db, tail, { ...m, state: m.outgoing ? 'sent' : 'received' }, at, unread);
  if (!countUnread) countAsRead(db, tail, at);
  return { id, inserted: true, updated: false };
}

function raise(
  db: ReadableDb,
  floors: Map<ConversationId, number>,
  conversation: ConversationId,
  known: MessageId,
): void {
  const at = row<{ at: number }>(db, 'SELECT sort_at AS at FROM message WHERE id = ?', known)?.at ?? 0;
  floors.set(conversation, Math.max(at, floors.get(conversation) ?? 0));
}

/**
 * One archive page in one transaction, oldest message first whichever way pages are fetched. Each message is stored
 * once, however often and by whichever way it comes (docs/mechanisms/message-order.md). Answers in the rows' order.
 * Throws not-found for an unknown conversation.
 */
export function insertArchivePage(db: WritableDb, page: readonly InboundRow[], o: InsertOptions): Inserted[] {
  return transact(db, () => {
    const tails = new Map<ConversationId, Tail>();
    for (const { conversationId: id } of page) if (!tails.has(id)) tails.set(id, loadTail(db, id));
    const floors = new Map<ConversationId, number>();
    const place = placer(page, tails, floors, o);
    const answers = page.map((m) => {
      const tail = tails.get(m.conversationId) ?? loadTail(db, m.conversationId);
      const answer = insertOne(db, tail, m, () => place(tail, m.sentAt), o);
      // One that came live before stands where this computer's clock put it: what follows it goes behind it.
      if (!answer.inserted && o.notBefore !== undefined) raise(db, floors, tail.id, answer.id);
      return answer;
    });
    for (const tail of tails.values()) if (tail.changed) saveTail(db, tail);
    return answers;
  });
}

/** One message from the wire; see `insertArchivePage`. */
export function insertInbound(db: WritableDb, m: InboundRow, o: InsertOptions): Inserted {
  const [answer] = insertArchivePage(db, [m], o);
  if (!answer) throw new Error('a page of one row gave no answer');
  return answer;
}
