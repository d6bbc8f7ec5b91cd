import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Mention, MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import type { MentionMark, OccupantMark } from './rows.ts';
import { row, rows, run, value } from './sql.ts';

/** Whether there is any. */
export const hasGroups = (db: ReadableDb): boolean => row(db, 'SELECT 1 FROM room LIMIT 1') !== undefined;

/** Whether a conversation is a group. */
export const isGroup = (db: ReadableDb, id: ConversationId): boolean =>
  row(db, 'SELECT 1 FROM room WHERE conversation_id = ?', id) !== undefined;

/** Called by what inserts messages, in its transaction. */
export function noteOccupant(db: WritableDb, id: MessageId, { nick, occupantId }: OccupantMark): void {
  run(
    db,
    'INSERT INTO message_occupant (message_id, nick, occupant_id) VALUES (?, ?, ?) ON CONFLICT (message_id) DO NOTHING',
    id,
    nick,
    occupantId,
  );
}

/** Whom a text names, in the place of whom it named before. In the transaction that writes the text. */
export function noteMentions(db: WritableDb, id: MessageId, mentions: readonly MentionMark[]): void {
  run(db, 'DELETE FROM message_mention WHERE message_id = ?', id);
  for (const { address, start, length } of mentions)
    run(
      db,
      `INSERT INTO message_mention (message_id, address, start, length) VALUES (?, ?, ?, ?)
       ON CONFLICT (message_id, start) DO NOTHING`,
      id,
      address,
      start,
      length,
    );
}

/** A message that has just come, is unread and names me. */
export function noteUnreadMention(db: WritableDb, conversationId: ConversationId, id: MessageId): void {
  run(
    db,
    `INSERT INTO unread_mention (message_id, conversation_id)
     SELECT ?, ? WHERE EXISTS (SELECT 1 FROM message_mention WHERE message_id = ?
        AND address = (SELECT address FROM conversation WHERE kind = 'self'))`,
    id,
    conversationId,
    id,
  );
}

/** Those that were read in the meantime are not asked for any more. */
export function settleMentions(db: WritableDb, conversationId: ConversationId): void {
  run(
    db,
    `DELETE FROM unread_mention WHERE conversation_id = ? AND NOT EXISTS (
       SELECT 1 FROM message m WHERE m.id = unread_mention.message_id AND m.unread = 1)`,
    conversationId,
  );
}

/** Whom a message names, in order. */
export const mentionsOf = (db: ReadableDb, id: MessageId): MentionMark[] =>
  rows<MentionMark>(
    db,
    'SELECT address, start, length FROM message_mention WHERE message_id = ? ORDER BY start',
    id,
  );

/** Who can be named in a group, and what they are called: by me, by themselves, in the group. */
export const groupPeople = (
  db: ReadableDb,
  id: ConversationId,
): { address: string; names: readonly string[] }[] =>
  rows<{ address: string; name: string | null; nick: string | null; occupant: string }>(
    db,
    `SELECT r.address, p.name, p.nick, r.nick AS occupant FROM room_person r
       LEFT JOIN person p ON p.address = r.address
      WHERE r.conversation_id = ? AND r.rank <> 'banned' AND (r.rank <> 'none' OR r.present = 1)`,
    id,
  ).map(({ address, name, nick, occupant }) => ({
    address,
    names: [name, nick, occupant, shownName(address, name, nick, occupant)].filter((one) => one !== null),
  }));

/** Seconds between two messages of a member, as the group's policy here says; 0: none are told. */
export const slowModeOf = (db: ReadableDb, id: ConversationId): number =>
  value<number | null>(
    db,
    `SELECT CAST(json_extract(policy, '$.slowMode') AS INTEGER) FROM room WHERE conversation_id = ?`,
    id,
  ) ?? 0;

/** When I last wrote in a group, Unix ms: slow mode reckons from it. */
export const noteOwnMessage = (db: WritableDb, id: ConversationId, at: number): void =>
  void run(db, 'UPDATE room SET last_own_at = max(last_own_at, ?) WHERE conversation_id = ?', at, id);

/** Nothing stays of whom an unsent message named. */
export const forgetMentions = (db: WritableDb, id: MessageId): void => {
  run(db, 'DELETE FROM message_mention WHERE message_id = ?', id);
  run(db, 'DELETE FROM unread_mention WHERE message_id = ?', id);
};

/** By whom and why a message was emptied. In the transaction that empties it. `by`: address, `room/nick` or ''. */
export function noteModerated(db: WritableDb, id: MessageId, o: { by: string; reason: string }): void {
  run(
    db,
    `INSERT INTO moderated_message (message_id, by, reason) VALUES (?, ?, ?)
     ON CONFLICT (message_id) DO UPDATE SET by = excluded.by, reason = excluded.reason`,
    id,
    o.by,
    o.reason,
  );
}

/** What a room called a stanza that belongs to a message: its correction. */
export function noteRef(db: WritableDb, id: MessageId, o: { wireId: string; stanzaId: string }): void {
  run(
    db,
    `INSERT INTO message_ref (message_id, wire_id, stanza_id) VALUES (?, ?, ?)
     ON CONFLICT (message_id, wire_id) DO NOTHING`,
    id,
    o.wireId,
    o.stanzaId,
  );
}

/** What the room calls a message, or a correction of it, that was sent with this id; null while it did not come back. */
export const stanzaIdOf = (db: ReadableDb, id: MessageId, wireId: string): string | null =>
  value<string>(
    db,
    `SELECT stanza_id FROM message
      WHERE id = ? AND stanza_id IS NOT NULL AND ? IN (ifnull(origin_id, ''), ifnull(wire_id, ''), stanza_id)
     UNION ALL SELECT stanza_id FROM message_ref WHERE message_id = ? AND wire_id = ? LIMIT 1`,
    id,
    wireId,
    id,
    wireId,
  ) ?? null;

/** The part of messages whose authors I block: of groups alone, since in a conversation of two nothing of theirs is. */
export const loadBlocked = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'fromBlocked'>> =>
  new Map(
    rows<{ id: MessageId }>(
      db,
      `SELECT m.id FROM message m CROSS JOIN room r ON r.conversation_id = m.conversation_id
        WHERE m.id IN (SELECT value FROM json_each(?)) AND m.outgoing = 0 AND EXISTS (
          SELECT 1 FROM block b WHERE b.blocked = 1
             AND b.address IN (m.sender_address, substr(m.sender_address, instr(m.sender_address, '@') + 1)))`,
      JSON.stringify(ids),
    ).map(({ id }) => [id, { fromBlocked: true }]),
  );

interface Moderated {
  readonly id: MessageId;
  readonly by: string;
  readonly reason: string;
  readonly name: string | null;
  readonly nick: string | null;
}

/** The part of messages that a moderator took back. `by` is an address, a nickname, or ''. */
export const loadModerated = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'deletedBy'>> =>
  new Map(
    rows<Moderated>(
      db,
      `SELECT d.message_id AS id, d.by, d.reason, p.name, p.nick FROM moderated_message d
         LEFT JOIN person p ON p.address = d.by WHERE d.message_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    ).map(({ id, by, reason, name, nick }) => [
      id,
      { deletedBy: { name: shownName(by, name, nick, nickIn(by)), reason } },
    ]),
  );

/** Of `room/nick`. */
const nickIn = (by: string): string | null => (by.includes('/') ? by.slice(by.indexOf('/') + 1) : null);

/** The part of messages that name somebody. */
export function loadMentions(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'mentions'>> {
  const found = rows<Omit<Mention, 'own'> & { id: MessageId; own: number }>(
    db,
    `SELECT message_id AS id, address, start, length,
            address = (SELECT address FROM conversation WHERE kind = 'self') AS own
       FROM message_mention WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY message_id, start`,
    JSON.stringify(ids),
  );
  const parts = new Map<MessageId, { mentions: Mention[] }>();
  for (const { id, own, ...mention } of found) {
    const part = parts.get(id) ?? { mentions: [] };
    part.mentions.push({ ...mention, own: own === 1 });
    parts.set(id, part);
  }
  return parts;
}
