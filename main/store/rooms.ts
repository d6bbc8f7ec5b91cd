import type { GroupState, Rank } from '../../contract/groups.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { ensureConversation } from './conversations.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run, value, values } from './sql.ts';
import { transact } from './transaction.ts';

/** A group as it is stored. Its people are in room-people.ts. */
export interface RoomRow {
  readonly conversationId: ConversationId;
  /** Bare. */
  readonly address: string;
  readonly name: string;
  readonly description: string;
  /** SHA-1, as the room tells it. */
  readonly pictureHash: string | null;
  /** Of the file in the media store. */
  readonly pictureSha256: string | null;
  readonly nick: string;
  readonly state: GroupState;
  readonly reason: string;
  readonly rank: Rank;
  /** Unix time, ms, as in the contract. */
  readonly mutedUntil: number | null;
  /** null where the server always lets new members read what came before them, or does not say. */
  readonly history: boolean | null;
  readonly enforced: boolean;
  /** XEP-0425 version; null: none. */
  readonly moderation: number | null;
  /** JSON as it was checked when it came; '{}' for none. */
  readonly policy: string;
  /** Time of the room, Unix ms. */
  readonly policyAt: number;
  /** SHA-256 of the guidelines that were accepted. */
  readonly acceptedGuidelines: string | null;
}

type Stored = Omit<RoomRow, 'history' | 'enforced'> & { history: number | null; enforced: number };

const columns = `conversation_id AS conversationId, address, name, description, picture_hash AS pictureHash,
  picture_sha256 AS pictureSha256, nick, state, reason, rank, muted_until AS mutedUntil, history, enforced, moderation,
  policy, policy_at AS policyAt, accepted_guidelines AS acceptedGuidelines`;

const toRow = (s: Stored): RoomRow => ({
  ...s,
  history: s.history === null ? null : s.history === 1,
  enforced: s.enforced === 1,
});

/** null for what is no group. */
export function roomById(db: ReadableDb, id: ConversationId): RoomRow | null {
  const found = row<Stored>(db, `SELECT ${columns} FROM room WHERE conversation_id = ?`, id);
  return found ? toRow(found) : null;
}

/** null for what is no group. */
export function roomByAddress(db: ReadableDb, address: string): RoomRow | null {
  const found = row<Stored>(db, `SELECT ${columns} FROM room WHERE address = ?`, address);
  return found ? toRow(found) : null;
}

/** All groups, also those that are over; somebody has a hundred of them, not thousands. */
export const allRooms = (db: ReadableDb): RoomRow[] =>
  rows<Stored>(db, `SELECT ${columns} FROM room ORDER BY address`).map(toRow);

/** The group with this address, listed; made when there is none. */
export function ensureRoom(
  db: WritableDb,
  o: { address: string; name: string; nick: string; state: GroupState },
): ConversationId {
  return transact(db, () => {
    const id = ensureConversation(db, { address: o.address, kind: 'direct', started: true });
    run(
      db,
      `INSERT INTO room (conversation_id, address, name, nick, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (conversation_id) DO NOTHING`,
      id,
      o.address,
      o.name,
      o.nick,
      o.state,
    );
    return id;
  });
}

/** Stores what is given and keeps the rest. False when nothing changed, or it is no group. */
export function updateRoom(
  db: WritableDb,
  id: ConversationId,
  given: Partial<Omit<RoomRow, 'conversationId' | 'address'>>,
): boolean {
  const before = roomById(db, id);
  if (before === null) return false;
  const after: RoomRow = { ...before, ...given };
  const same = (Object.keys(after) as (keyof RoomRow)[]).every((key) => after[key] === before[key]);
  if (same) return false;
  run(
    db,
    `UPDATE room SET name = ?, description = ?, picture_hash = ?, picture_sha256 = ?, nick = ?, state = ?, reason = ?,
            rank = ?, muted_until = ?, history = ?, enforced = ?, moderation = ?, policy = ?, policy_at = ?,
            accepted_guidelines = ? WHERE conversation_id = ?`,
    after.name,
    after.description,
    after.pictureHash,
    after.pictureSha256,
    after.nick,
    after.state,
    after.reason,
    after.rank,
    after.mutedUntil,
    after.history === null ? null : Number(after.history),
    Number(after.enforced),
    after.moderation,
    after.policy,
    after.policyAt,
    after.acceptedGuidelines,
    id,
  );
  return true;
}

/** Messages of a group that are here, oldest first, at most `limit`; for taking them away bit by bit. */
export const someMessagesOf = (db: ReadableDb, id: ConversationId, limit: number): MessageId[] =>
  values<MessageId>(
    db,
    'SELECT id FROM message WHERE conversation_id = ? ORDER BY sort_at, sort_seq LIMIT ?',
    id,
    limit,
  );

/** Takes a group away altogether; its messages are gone already. */
export const forgetRoom = (db: WritableDb, id: ConversationId): void =>
  void run(db, 'DELETE FROM conversation WHERE id = ?', id);

/**
 * When I wrote last in a group, a question into a box among it, as far back as `since` (both Unix ms); null when not. What failed does not count: it
 * reached nobody.
 */
export function lastOwnMessage(db: ReadableDb, id: ConversationId, since: number): number | null {
  const noted = value<number>(
    db,
    'SELECT last_own_at FROM room WHERE conversation_id = ? AND last_own_at >= ?',
    id,
    since,
  );
  const written = value<number>(
    db,
    `SELECT sent_at FROM message WHERE conversation_id = ? AND sort_at >= ? AND outgoing = 1 AND state <> 'failed'
      ORDER BY sort_at DESC, sort_seq DESC LIMIT 1`,
    id,
    since,
  );
  return noted === undefined ? (written ?? null) : Math.max(noted, written ?? 0);
}

/** When anybody wrote last in a group, Unix ms; null when nobody did. */
export const lastMessageAt = (db: ReadableDb, id: ConversationId): number | null =>
  row<{ at: number }>(
    db,
    'SELECT sort_at AS at FROM message WHERE conversation_id = ? ORDER BY sort_at DESC, sort_seq DESC LIMIT 1',
    id,
  )?.at ?? null;

/** Whether a message with this origin id is in a group: one of mine that another device sent, too. */
export const hasOriginId = (db: ReadableDb, id: ConversationId, originId: string): boolean =>
  row(
    db,
    `SELECT 1 FROM message WHERE coalesce(origin_id, wire_id) = ? AND conversation_id = ? AND origin_id IS NOT NULL`,
    originId,
    id,
  ) !== undefined;

/** What a room calls a message, and who wrote it; null while the room has not sent it back. */
export const stanzaIdOfMessage = (
  db: ReadableDb,
  id: MessageId,
): { stanzaId: string; author: string } | null =>
  row<{ stanzaId: string; author: string }>(
    db,
    'SELECT stanza_id AS stanzaId, sender_address AS author FROM message WHERE id = ? AND stanza_id IS NOT NULL',
    id,
  ) ?? null;

/** What a room calls all that belongs to a message besides itself: its corrections, and what repeats its caption. */
export const furtherStanzaIds = (db: ReadableDb, id: MessageId): string[] =>
  values<string>(db, 'SELECT DISTINCT stanza_id FROM message_ref WHERE message_id = ?', id);
