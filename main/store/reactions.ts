import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { Reaction } from '../../contract/reactions.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run } from './sql.ts';

interface Chosen {
  /** Bare address. */
  readonly sender: string;
  readonly emojis: readonly string[];
}

/**
 * All that one person chose for a message, in the place of what they chose before; [] stays as a note of when. Without
 * `latest` only what is newer than that counts. False when nothing changed. In a transaction.
 */
export function setReactions(
  db: WritableDb,
  id: MessageId,
  o: Chosen & { at: number; effectId: string | null; latest: boolean },
): boolean {
  const before = row<{ at: number; effectId: string | null; emojis: string }>(
    db,
    'SELECT at, effect_id AS effectId, emojis FROM reaction_set WHERE message_id = ? AND sender = ?',
    id,
    o.sender,
  );
  if (before && o.effectId !== null && before.effectId === o.effectId) return false;
  if (before && !o.latest && o.at <= before.at) return false;
  const emojis = JSON.stringify(o.emojis);
  run(
    db,
    `INSERT INTO reaction_set (message_id, sender, at, effect_id, emojis) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (message_id, sender) DO UPDATE SET at = excluded.at, effect_id = excluded.effect_id,
       emojis = excluded.emojis`,
    id,
    o.sender,
    o.at,
    o.effectId,
    emojis,
  );
  return (before?.emojis ?? '[]') !== emojis;
}

/** What somebody chose for a message, [] for nothing. */
export function reactionsBy(db: ReadableDb, id: MessageId, sender: string): string[] {
  const found = row<{ emojis: string }>(
    db,
    'SELECT emojis FROM reaction_set WHERE message_id = ? AND sender = ?',
    id,
    sender,
  );
  return found ? emojisOf(found.emojis) : [];
}

/** Written by `setReactions` alone. */
const emojisOf = (json: string): string[] => JSON.parse(json) as string[];

interface Stored {
  messageId: MessageId;
  sender: string;
  emojis: string;
  own: number;
  name: string | null;
  nick: string | null;
  occupant: string | null;
}

/**
 * The part of messages that somebody reacted to. In a conversation of two whoever is not the other is I. In a group
 * that hides addresses somebody is `occupant:ID`.
 */
export function loadReactions(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'reactions'>> {
  const found = rows<Stored>(
    db,
    `SELECT r.message_id AS messageId, r.sender, r.emojis, p.name, p.nick,
            CASE WHEN g.address IS NULL THEN c.kind = 'self' OR r.sender <> c.address
              ELSE r.sender = (SELECT address FROM conversation WHERE kind = 'self') END AS own,
            CASE WHEN g.address IS NULL THEN NULL
              WHEN r.sender LIKE 'occupant:%' THEN (SELECT o.nick FROM message_occupant o
                WHERE o.occupant_id = substr(r.sender, 10) ORDER BY o.message_id DESC LIMIT 1)
              ELSE (SELECT w.nick FROM room_person w
                WHERE w.conversation_id = c.id AND w.address = r.sender) END AS occupant
       FROM reaction_set r CROSS JOIN message m ON m.id = r.message_id
       CROSS JOIN conversation c ON c.id = m.conversation_id LEFT JOIN person p ON p.address = r.sender
       LEFT JOIN room g ON g.conversation_id = c.id
      WHERE r.message_id IN (SELECT value FROM json_each(?)) AND r.emojis <> '[]' ORDER BY r.at, r.sender`,
    JSON.stringify(ids),
  );
  const grouped = new Map<MessageId, Stored[]>();
  for (const one of found) grouped.set(one.messageId, [...(grouped.get(one.messageId) ?? []), one]);
  return new Map([...grouped].map(([id, sets]) => [id, { reactions: together(sets) }]));
}

function together(sets: readonly Stored[]): Reaction[] {
  const byEmoji = new Map<string, Reaction>();
  for (const { sender, emojis, name, nick, occupant, ...set } of sets) {
    const own = set.own === 1;
    for (const emoji of emojisOf(emojis)) {
      const before = byEmoji.get(emoji) ?? { emoji, count: 0, own: false, names: [] };
      const names = own ? before.names : [...before.names, shownName(sender, name, nick, occupant)];
      byEmoji.set(emoji, { emoji, count: before.count + 1, own: before.own || own, names });
    }
  }
  return [...byEmoji.values()];
}

/** Whether this sender in a conversation is I: in one of two, whoever is not the other. */
export const isOwn = (db: ReadableDb, id: ConversationId, sender: string): boolean =>
  row(
    db,
    `SELECT 1 FROM conversation c LEFT JOIN room g ON g.conversation_id = c.id
      WHERE c.id = ? AND CASE WHEN g.address IS NULL THEN c.kind = 'self' OR c.address <> ?
        ELSE ? = (SELECT address FROM conversation WHERE kind = 'self') END`,
    id,
    sender,
    sender,
  ) !== undefined;

/** Nothing stays of what was chosen for an unsent message. */
export const forgetReactions = (db: WritableDb, id: MessageId): void =>
  void run(db, 'DELETE FROM reaction_set WHERE message_id = ?', id);
