import type { Conversation, GroupNotify } from '../../contract/conversations.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { GroupState } from '../../contract/groups.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { DeliveryState } from '../../contract/messages.ts';
import type { RequestState } from '../../contract/requests.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value, type Param } from './sql.ts';

export interface EnsureConversation {
  /** Bare address. */
  readonly address: string;
  /** A group is one by its row in `room`. */
  readonly kind: Exclude<Conversation['kind'], 'group'>;
  /** Listed although it has no messages: somebody opened it by hand. `self` always is. */
  readonly started?: boolean;
  /** Unix time, ms: how active it counts as until it has a message. */
  readonly now?: number;
}

/** The conversation with this bare address; made when there is none. */
export function ensureConversation(db: WritableDb, c: EnsureConversation): ConversationId {
  const listed = c.started === true || c.kind === 'self' ? 1 : 0;
  const known = row<{ id: ConversationId; listed: number }>(
    db,
    'SELECT id, listed FROM conversation WHERE address = ?',
    c.address,
  );
  if (known && (known.listed === 1 || listed === 0)) return known.id;
  const id = value<ConversationId>(
    db,
    `INSERT INTO conversation (address, kind, listed, last_activity) VALUES (?, ?, ?, ?)
     ON CONFLICT (address) DO UPDATE SET listed = 1, last_activity = excluded.last_activity RETURNING id`,
    c.address,
    c.kind,
    listed,
    c.now ?? Date.now(),
  );
  if (id === undefined) throw new Error('INSERT … RETURNING gave no row');
  return id;
}

interface Stored {
  id: ConversationId;
  kind: Conversation['kind'];
  address: string;
  name: string | null;
  nick: string | null;
  avatar: string | null;
  groupState: GroupState | null;
  groupName: string | null;
  groupNotify: number | null;
  mentioned: number;
  unread: number;
  firstUnread: MessageId | null;
  lastActivity: number;
  pinned: number;
  archived: number;
  mutedUntil: number | null;
  draft: string;
  request: RequestState;
  folded: number;
  text: string | null;
  outgoing: number | null;
  state: DeliveryState | null;
  sentAt: number | null;
  photo: number;
  poll: string | null;
  questions: string | null;
  fromBlocked: number;
  sticker: string | null;
  photos: number;
  unsent: number;
  deleted: number;
  lastSender: string | null;
  lastName: string | null;
  lastNick: string | null;
  lastOccupant: string | null;
}

/** As in `room.mentions_only`. */
const notifyKinds: readonly GroupNotify[] = ['all', 'mentions', 'none'];

/** Of a request nothing is told but who it is from: it has a list of its own (requests.ts). */
const select = `
  SELECT c.id, c.kind, c.address, p.name, p.nick,
         iif(c.request = 'none', ifnull(r.picture_sha256, p.avatar_sha256), NULL) AS avatar,
         r.state AS groupState, r.name AS groupName, r.mentions_only AS groupNotify,
         r.address IS NOT NULL AND EXISTS (
           SELECT 1 FROM unread_mention x WHERE x.conversation_id = c.id) AS mentioned,
         iif(c.request = 'none', c.unread_count, 0) AS unread,
         CASE WHEN c.unread_count > 0 AND c.request = 'none' THEN
           (SELECT u.id FROM message u WHERE u.conversation_id = c.id AND u.unread = 1
             ORDER BY u.sort_at, u.sort_seq LIMIT 1) END AS firstUnread,
         c.last_activity AS lastActivity, c.pinned, c.archived, c.muted_until AS mutedUntil, c.draft, c.request,
         CASE WHEN c.request <> 'none' THEN
           (SELECT count(*) FROM folded_message f WHERE f.conversation_id = c.id)
           + ifnull((SELECT h.messages FROM held_notice h WHERE h.address = c.address), 0) ELSE 0 END AS folded,
         m.text, m.outgoing, m.state, m.sent_at AS sentAt,
         (SELECT a.question FROM poll a WHERE a.message_id = m.id) AS poll,
         (SELECT a.title FROM question_box a WHERE a.message_id = m.id) AS questions,
         r.address IS NOT NULL AND m.outgoing = 0 AND EXISTS (SELECT 1 FROM block b WHERE b.blocked = 1
           AND b.address IN (m.sender_address, substr(m.sender_address, instr(m.sender_address, '@') + 1))) AS fromBlocked,
         EXISTS (SELECT 1 FROM attachment a WHERE a.message_id = m.id AND a.kind = 'photo') AS photo,
         (SELECT count(*) FROM message_album own CROSS JOIN message_album s ON s.album_id = own.album_id
            CROSS JOIN message n ON n.id = s.message_id
           WHERE own.message_id = m.id AND n.conversation_id = c.id AND n.sender_address = m.sender_address) AS photos,
         iif(m.text = '', (SELECT trim(t.emoji || ' ' || t.description) FROM message_sticker t
           WHERE t.message_id = m.id), NULL) AS sticker,
         EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = m.id) AS unsent,
         EXISTS (SELECT 1 FROM moderated_message u WHERE u.message_id = m.id) AS deleted,
         iif(r.address IS NOT NULL AND m.outgoing = 0, m.sender_address, NULL) AS lastSender, q.name AS lastName,
         q.nick AS lastNick, o.nick AS lastOccupant
    FROM conversation c LEFT JOIN person p ON p.address = c.address LEFT JOIN room r ON r.conversation_id = c.id
    LEFT JOIN message m ON m.id = c.last_message_id AND c.request = 'none'
    LEFT JOIN person q ON q.address = m.sender_address AND r.address IS NOT NULL
    LEFT JOIN message_occupant o ON o.message_id = m.id`;

function lastMessage(s: Stored): Conversation['lastMessage'] {
  if (s.text === null || s.state === null || s.sentAt === null) return null;
  const message = {
    text: s.poll ?? s.questions ?? s.sticker ?? s.text,
    asks: s.poll === null ? (s.questions === null ? null : ('questions' as const)) : ('poll' as const),
    photo: s.photo === 1,
    photos: s.photo === 1 ? Math.max(1, s.photos) : 0,
    unsent: s.unsent === 1,
    deleted: s.deleted === 1,
    fromBlocked: s.fromBlocked === 1,
    senderName: s.lastSender && shownName(s.lastSender, s.lastName, s.lastNick, s.lastOccupant),
    outgoing: s.outgoing === 1,
    state: s.state,
    sentAt: s.sentAt,
  };
  if (!message.fromBlocked) return message;
  return { ...message, text: '', asks: null, photo: false, photos: 0, senderName: null };
}

const toConversation = (s: Stored): Conversation => ({
  id: s.id,
  kind: s.groupState === null ? s.kind : 'group',
  group: s.groupState && { state: s.groupState, notify: notifyKinds[s.groupNotify ?? 0] ?? 'all' },
  address: s.address,
  name: shownName(s.address, s.groupName ?? s.name, s.nick),
  avatar: s.avatar,
  unread: s.unread,
  mentioned: s.mentioned === 1,
  firstUnread: s.firstUnread,
  lastMessage: lastMessage(s),
  lastActivity: s.lastActivity,
  pinned: s.pinned === 1,
  archived: s.archived === 1,
  mutedUntil: s.mutedUntil,
  draft: s.draft,
  request: s.request,
  folded: s.folded,
});

const query = (db: ReadableDb, rest: string, ...params: Param[]): Conversation[] =>
  rows<Stored>(db, `${select} ${rest}`, ...params).map(toConversation);

export const conversationById = (db: ReadableDb, id: ConversationId): Conversation | null =>
  query(db, 'WHERE c.id = ?', id)[0] ?? null;

export const conversationByAddress = (db: ReadableDb, address: string): Conversation | null =>
  query(db, 'WHERE c.address = ?', address)[0] ?? null;

/** Its id alone: a tenth of what the whole conversation takes to read. */
export const conversationIdOf = (db: ReadableDb, address: string): ConversationId | undefined =>
  value<ConversationId>(db, 'SELECT id FROM conversation WHERE address = ?', address);

/** In no particular order; unknown ids are left out. */
export const conversationsByIds = (db: ReadableDb, ids: readonly ConversationId[]): Conversation[] =>
  query(db, 'WHERE c.id IN (SELECT value FROM json_each(?))', JSON.stringify(ids));

/** The place after which a page begins: what the list is sorted by. */
function parseCursor(cursor: string): [number, number, number] {
  const [, pinned, activity, id] = /^([01])\.(\d{1,16})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (pinned === undefined) throw new PostcardError('invalid-argument');
  return [Number(pinned), Number(activity), Number(id)];
}

/**
 * Pinned first, then newest first. A conversation is listed when it has had a message, was started by hand, or is
 * Notes to self; requests have a list of their own. `before`: `next` of the page before; anything else throws invalid-argument.
 */
export function listConversations(
  db: ReadableDb,
  o: { folder: 'inbox' | 'archived'; before: string | null; limit: number },
): { items: Conversation[]; next: string | null } {
  const from = o.before === null ? [2, 0, 0] : parseCursor(o.before);
  const found = query(
    db,
    `WHERE c.listed = 1 AND c.request = 'none' AND c.archived = ? AND (c.pinned, c.last_activity, c.id) < (?, ?, ?)
     ORDER BY c.pinned DESC, c.last_activity DESC, c.id DESC LIMIT ?`,
    o.folder === 'archived' ? 1 : 0,
    ...from,
    o.limit + 1,
  );
  const items = found.slice(0, o.limit);
  const last = found.length > o.limit ? items.at(-1) : undefined;
  return { items, next: last ? `${last.pinned ? 1 : 0}.${last.lastActivity}.${last.id}` : null };
}

/** Unread messages in what is neither a request, archived nor muted at `now` (Unix time, ms). */
export const unreadTotal = (db: ReadableDb, now: number): number =>
  value<number>(
    db,
    `SELECT coalesce(sum(unread_count), 0) FROM conversation
      WHERE archived = 0 AND unread_count > 0 AND request = 'none' AND (muted_until IS NULL OR muted_until <= ?)`,
    now,
  ) ?? 0;

/** Keeps what is written but not sent; '' when there is nothing. */
export function saveDraft(db: WritableDb, id: ConversationId, text: string): void {
  run(db, 'UPDATE conversation SET draft = ? WHERE id = ?', text, id);
}

export function setPinned(db: WritableDb, id: ConversationId, pinned: boolean): void {
  run(db, 'UPDATE conversation SET pinned = ? WHERE id = ?', pinned ? 1 : 0, id);
}

export function setArchived(db: WritableDb, id: ConversationId, archived: boolean): void {
  run(db, 'UPDATE conversation SET archived = ? WHERE id = ?', archived ? 1 : 0, id);
}

/** `until`: Unix time in ms; null ends the muting. */
export function setMuted(db: WritableDb, id: ConversationId, until: number | null): void {
  run(db, 'UPDATE conversation SET muted_until = ? WHERE id = ?', until, id);
}

/** False for what is no group. */
export const setGroupNotify = (db: WritableDb, id: ConversationId, notify: GroupNotify): boolean =>
  run(db, 'UPDATE room SET mentions_only = ? WHERE conversation_id = ?', notifyKinds.indexOf(notify), id) > 0;

/** Unix time, ms: what is muted for always is so until then; no timer waits for it. */
const ALWAYS = 8_640_000_000_000_000;

/** Mutes that ended after `since` and up to `now`, and when the next one ends (all Unix time, ms). */
export function mutesEnding(
  db: ReadableDb,
  since: number,
  now: number,
): { ended: ConversationId[]; next: number | null } {
  const all = rows<{ id: ConversationId; until: number }>(
    db,
    'SELECT id, muted_until AS until FROM conversation WHERE muted_until > ? AND muted_until < ?',
    since,
    ALWAYS,
  );
  const later = all.filter(({ until }) => until > now).map(({ until }) => until);
  return {
    ended: all.filter(({ until }) => until <= now).map(({ id }) => id),
    next: later.length > 0 ? Math.min(...later) : null,
  };
}
