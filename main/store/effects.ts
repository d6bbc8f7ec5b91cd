import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run, value, type Param } from './sql.ts';

/** A message that something refers to. */
export interface Target {
  readonly id: MessageId;
  readonly outgoing: boolean;
  /** Bare address. */
  readonly sender: string;
  readonly unsent: boolean;
  /** Of a group's message (XEP-0421). */
  readonly occupantId: string | null;
}

/**
 * Messages of a conversation that are meant by this id: what it was sent with, its origin-id (XEP-0359), or the id
 * of one of its corrections. Newest first: clients exist that count from 1 at each start.
 */
export const findTargets = (db: ReadableDb, conversationId: ConversationId, ref: string): Target[] =>
  targets(
    db,
    `WHERE m.id IN (
         SELECT id FROM message WHERE coalesce(origin_id, wire_id) = ? AND conversation_id = ?
         UNION SELECT id FROM message WHERE wire_id = ? AND conversation_id = ? AND origin_id IS NOT NULL
                       AND wire_id IS NOT NULL AND wire_id <> origin_id
         UNION SELECT v.message_id FROM message_version v JOIN message c ON c.id = v.message_id
                WHERE v.correction_id = ? AND c.conversation_id = ?)
      ORDER BY m.sort_at DESC, m.sort_seq DESC`,
    ...[ref, conversationId, ref, conversationId, ref, conversationId],
  );

/** The message of a group that the room calls this, or whose correction it calls this; nobody else gives these ids. */
export const findRoomTargets = (db: ReadableDb, conversationId: ConversationId, stanzaId: string): Target[] =>
  targets(
    db,
    `WHERE m.id IN (
         SELECT id FROM message WHERE stanza_id = ? AND conversation_id = ?
         UNION SELECT r.message_id FROM message_ref r CROSS JOIN message c ON c.id = r.message_id
                WHERE r.stanza_id = ? AND c.conversation_id = ?)`,
    ...[stanzaId, conversationId, stanzaId, conversationId],
  );

function targets(db: ReadableDb, rest: string, ...params: Param[]): Target[] {
  const found = rows<Omit<Target, 'outgoing' | 'unsent'> & { outgoing: number; unsent: number }>(
    db,
    `SELECT m.id, m.outgoing, m.sender_address AS sender, o.occupant_id AS occupantId,
            EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = m.id) AS unsent
       FROM message m LEFT JOIN message_occupant o ON o.message_id = m.id ${rest}`,
    ...params,
  );
  return found.map((m) => ({ ...m, outgoing: m.outgoing === 1, unsent: m.unsent === 1 }));
}

/** By which ids others may speak of a message; what it has of them. */
export const idsOf = (
  db: ReadableDb,
  id: MessageId,
): { conversationId: ConversationId; ids: string[] } | null => {
  const found = row<{
    conversationId: ConversationId;
    wireId: string | null;
    originId: string | null;
    roomId: string | null;
  }>(
    db,
    `SELECT m.conversation_id AS conversationId, m.wire_id AS wireId, m.origin_id AS originId,
            iif(r.address IS NULL, NULL, m.stanza_id) AS roomId
       FROM message m LEFT JOIN room r ON r.conversation_id = m.conversation_id WHERE m.id = ?`,
    id,
  );
  if (!found) return null;
  const ids = [found.wireId, found.originId, found.roomId].filter((one) => one !== null);
  return { conversationId: found.conversationId, ids: [...new Set(ids)] };
};

/** What came before the message it changes. `effect` is JSON of whoever applies it. */
export interface WaitingEffect {
  readonly id: number;
  readonly conversationId: ConversationId;
  /** Bare address. */
  readonly sender: string;
  readonly effectId: string | null;
  /** Unix time, ms. */
  readonly at: number;
  readonly effect: string;
}

/** So many wait in one conversation at most; older ones go. Somebody could send them without end. */
const MOST_WAITING = 2000;

/** Keeps it until its message comes; the same one twice is kept once. */
export function addWaiting(db: WritableDb, target: string, w: Omit<WaitingEffect, 'id'>): void {
  const known = value<number>(
    db,
    `SELECT id FROM waiting_effect WHERE conversation_id = ? AND target = ? AND sender = ? AND effect = ?
        AND (effect_id IS NULL OR effect_id = ?)`,
    w.conversationId,
    target,
    w.sender,
    w.effect,
    w.effectId,
  );
  if (known !== undefined) return;
  run(
    db,
    `INSERT INTO waiting_effect (conversation_id, target, sender, effect_id, at, effect) VALUES (?, ?, ?, ?, ?, ?)`,
    w.conversationId,
    target,
    w.sender,
    w.effectId,
    w.at,
    w.effect,
  );
  run(
    db,
    `DELETE FROM waiting_effect WHERE conversation_id = ? AND id <= (
       SELECT id FROM waiting_effect INDEXED BY waiting_effect_by_target WHERE conversation_id = ?
        ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    w.conversationId,
    w.conversationId,
    MOST_WAITING,
  );
}

/** Whether anything waits at all: asked for each message that comes, of which an archive has many. */
export const anyWaiting = (db: ReadableDb): boolean =>
  value<number>(db, 'SELECT 1 FROM waiting_effect LIMIT 1') !== undefined;

/** Those for a message by any of its ids, in the order they came; they wait no longer. */
export function takeWaiting(
  db: WritableDb,
  conversationId: ConversationId,
  ids: readonly string[],
): WaitingEffect[] {
  const found = ids.flatMap((ref) => waitingFor(db, conversationId, ref));
  for (const { id } of found) run(db, 'DELETE FROM waiting_effect WHERE id = ?', id);
  return found.sort((a, b) => a.id - b.id);
}

/** Those for this id, in the order they came. */
export const waitingFor = (db: ReadableDb, conversationId: ConversationId, ref: string): WaitingEffect[] =>
  rows<WaitingEffect>(
    db,
    `SELECT id, conversation_id AS conversationId, sender, effect_id AS effectId, at, effect
       FROM waiting_effect WHERE conversation_id = ? AND target = ? ORDER BY id`,
    conversationId,
    ref,
  );

/** Somebody's message of this id is gone already: they took it back, or the room did, before it came. */
export const isTakenBack = (
  db: ReadableDb,
  conversationId: ConversationId,
  ref: string,
  who: string,
): boolean =>
  waitingFor(db, conversationId, ref).some(({ sender, effect }) => {
    // Written by whoever lets it wait: an effect, checked to be of this sender.
    const { kind } = JSON.parse(effect) as { kind: string };
    return kind === 'moderate' || (kind === 'unsend' && sender === who);
  });

/** What one sender said of a message that never came, but for one of them. */
export function dropWaiting(
  db: WritableDb,
  o: { conversationId: ConversationId; ref: string; sender: string },
): void {
  run(
    db,
    'DELETE FROM waiting_effect WHERE conversation_id = ? AND target = ? AND sender = ?',
    o.conversationId,
    o.ref,
    o.sender,
  );
}
