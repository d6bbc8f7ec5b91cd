import { PostcardError } from '../../contract/errors.ts';
import type { HeldMessage, ModerationEntry } from '../../contract/groups.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value } from './sql.ts';

/** One line of what moderators did, before its people have names. */
export interface NewLogEntry {
  /** The same for the same note, live and from the archive. */
  readonly entryId: string;
  readonly what: ModerationEntry['what'];
  /** Bare addresses; '' of nobody. */
  readonly by: string;
  readonly about: string;
  readonly reason: string;
  /** Time of the room, Unix ms. */
  readonly at: number;
  readonly messageId: MessageId | null;
}

/** False when it is known. */
export const addLogEntry = (db: WritableDb, id: ConversationId, e: NewLogEntry): boolean =>
  run(
    db,
    `INSERT INTO room_log (conversation_id, entry_id, what, by, about, reason, at, message_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (conversation_id, entry_id) DO NOTHING`,
    id,
    e.entryId,
    e.what,
    e.by,
    e.about,
    e.reason,
    e.at,
    e.messageId,
  ) > 0;

/** Who said last what holds in a group: a bare address; '' of the room itself; null when nobody did. */
export const lastPolicyBy = (db: ReadableDb, id: ConversationId): string | null =>
  value<string>(
    db,
    `SELECT by FROM room_log WHERE conversation_id = ? AND what = 'policy' ORDER BY at DESC, id DESC LIMIT 1`,
    id,
  ) ?? null;

/** Whether something newer is known of somebody being muted or not. `at`: Unix ms. */
export const mutedSince = (db: ReadableDb, id: ConversationId, address: string, at: number): boolean =>
  row(
    db,
    `SELECT 1 FROM room_log WHERE conversation_id = ? AND at > ? AND what IN ('muted', 'unmuted') AND about = ?`,
    id,
    at,
    address,
  ) !== undefined;

interface Stored extends Omit<ModerationEntry, 'by' | 'about'> {
  by: string;
  byName: string | null;
  byNick: string | null;
  byOccupant: string | null;
  about: string;
  aboutName: string | null;
  aboutNick: string | null;
  aboutOccupant: string | null;
}

/** Newest first. `before`: `next` of the page before; anything else throws invalid-argument. */
export function listLog(
  db: ReadableDb,
  id: ConversationId,
  o: { before: string | null; limit: number },
): { items: ModerationEntry[]; next: string | null } {
  const [, at, entry] = /^(\d{1,16})\.(\d{1,16})$/.exec(o.before ?? '9007199254740991.0') ?? [];
  if (at === undefined || entry === undefined) throw new PostcardError('invalid-argument');
  const found = rows<Stored>(
    db,
    `SELECT l.id, l.what, l.by, l.about, l.reason, l.at, m.id AS messageId, b.name AS byName, b.nick AS byNick,
            rb.nick AS byOccupant, a.name AS aboutName, a.nick AS aboutNick, ra.nick AS aboutOccupant
       FROM room_log l LEFT JOIN message m ON m.id = l.message_id
       LEFT JOIN person b ON b.address = l.by LEFT JOIN person a ON a.address = l.about
       LEFT JOIN room_person rb ON rb.conversation_id = l.conversation_id AND rb.address = l.by
       LEFT JOIN room_person ra ON ra.conversation_id = l.conversation_id AND ra.address = l.about
      WHERE l.conversation_id = ? AND (l.at, l.id) < (?, ?) ORDER BY l.at DESC, l.id DESC LIMIT ?`,
    id,
    Number(at),
    Number(entry),
    o.limit + 1,
  );
  const items = found.slice(0, o.limit);
  const last = found.length > o.limit ? items.at(-1) : undefined;
  return { items: items.map(toEntry), next: last ? `${last.at}.${last.id}` : null };
}

const toEntry = (s: Stored): ModerationEntry => ({
  id: s.id,
  what: s.what,
  by: s.by && shownName(s.by, s.byName, s.byNick, s.byOccupant),
  about: s.about && shownName(s.about, s.aboutName, s.aboutNick, s.aboutOccupant),
  reason: s.reason,
  at: s.at,
  messageId: s.messageId,
});

/** A message that the room's server holds back; told again when its caption has come. `sender`: bare address. False: nothing new. */
export const addHeld = (db: WritableDb, id: ConversationId, h: HeldMessage): boolean =>
  run(
    db,
    `INSERT INTO room_held (conversation_id, held_id, sender, text, photo, why, at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, held_id) DO UPDATE SET text = excluded.text, photo = excluded.photo
      WHERE text <> excluded.text OR photo <> excluded.photo`,
    id,
    h.id,
    h.sender,
    h.text,
    Number(h.photo),
    h.why,
    h.at,
  ) > 0;

export const dropHeld = (db: WritableDb, id: ConversationId, held: string): boolean =>
  run(db, 'DELETE FROM room_held WHERE conversation_id = ? AND held_id = ?', id, held) > 0;

/** None is known: the room tells them anew to whoever enters. */
export const dropAllHeld = (db: WritableDb, id: ConversationId): boolean =>
  run(db, 'DELETE FROM room_held WHERE conversation_id = ?', id) > 0;

export const countHeld = (db: ReadableDb, id: ConversationId): number =>
  value<number>(db, 'SELECT count(*) FROM room_held WHERE conversation_id = ?', id) ?? 0;

type StoredHeld = Omit<HeldMessage, 'photo'> & { photo: number; name: string | null; nick: string | null };

/** Oldest first; `sender` by name. */
export const listHeld = (db: ReadableDb, id: ConversationId): HeldMessage[] =>
  rows<StoredHeld>(
    db,
    `SELECT h.held_id AS id, h.sender, h.text, h.photo, h.why, h.at, p.name, p.nick
       FROM room_held h LEFT JOIN person p ON p.address = h.sender
      WHERE h.conversation_id = ? ORDER BY h.at, h.held_id`,
    id,
  ).map(({ name, nick, ...held }) => ({
    ...held,
    sender: shownName(held.sender, name, nick),
    photo: held.photo === 1,
  }));

/** Bare address of who wrote a held message; null when it is not known. */
export const heldSender = (db: ReadableDb, id: ConversationId, held: string): string | null =>
  row<{ sender: string }>(
    db,
    'SELECT sender FROM room_held WHERE conversation_id = ? AND held_id = ?',
    id,
    held,
  )?.sender ?? null;

/** The message that a room calls this; null when it is not here. */
export const messageOfStanza = (db: ReadableDb, id: ConversationId, stanzaId: string): MessageId | null =>
  value<MessageId>(db, 'SELECT id FROM message WHERE stanza_id = ? AND conversation_id = ?', stanzaId, id) ??
  null;

/** What somebody wrote in a group in a while. */
export interface Written {
  /** Bare. */
  readonly address: string;
  readonly name: string;
  readonly messages: number;
  readonly replies: number;
}

/** By who wrote most. What was taken back does not count. `from` and `to`: Unix ms, `to` exclusive. */
export const writtenBetween = (db: ReadableDb, id: ConversationId, from: number, to: number): Written[] =>
  rows<{
    address: string;
    messages: number;
    replies: number;
    name: string | null;
    nick: string | null;
    occupant: string | null;
  }>(
    db,
    `SELECT w.address, w.messages, w.replies, p.name, p.nick, r.nick AS occupant FROM (
       SELECT m.sender_address AS address, count(*) AS messages, count(y.message_id) AS replies
         FROM message m LEFT JOIN message_reply y ON y.message_id = m.id
         LEFT JOIN unsent_message u ON u.message_id = m.id
        WHERE m.conversation_id = ? AND m.sort_at >= ? AND m.sort_at < ? AND u.message_id IS NULL
        GROUP BY m.sender_address) w
       LEFT JOIN person p ON p.address = w.address
       LEFT JOIN room_person r ON r.conversation_id = ? AND r.address = w.address
      ORDER BY w.messages DESC, w.address LIMIT 1000`,
    id,
    from,
    to,
    id,
  ).map(({ name, nick, occupant, ...counts }) => ({
    ...counts,
    name: shownName(counts.address, name, nick, occupant),
  }));
