import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Viewer } from '../../contract/status.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value } from './sql.ts';

/** People in a group beyond whom nobody is told who has seen what: everybody's device would hear of everybody's. */
export const MOST_VIEWERS = 30;

/** Whether people of this group tell each other what they have seen. False for what is no group. */
export const tellsSeen = (db: ReadableDb, id: ConversationId): boolean =>
  row(db, `SELECT 1 FROM room WHERE conversation_id = ? AND state = 'joined'`, id) !== undefined &&
  (value<number>(
    db,
    `SELECT count(*) FROM (SELECT 1 FROM room_person WHERE conversation_id = ?
        AND rank IN ('owner', 'moderator', 'member') LIMIT ?)`,
    id,
    MOST_VIEWERS + 1,
  ) ?? 0) <= MOST_VIEWERS;

/**
 * Somebody has seen everything up to the message that the room calls this. Only ever further. Returns that message;
 * null when it is not here, or nothing changed.
 */
export function noteSeen(
  db: WritableDb,
  o: { conversationId: ConversationId; address: string; stanzaId: string; at: number },
): MessageId | null {
  const message = row<{ id: MessageId; at: number; seq: number }>(
    db,
    'SELECT id, sort_at AS at, sort_seq AS seq FROM message WHERE stanza_id = ? AND conversation_id = ?',
    o.stanzaId,
    o.conversationId,
  );
  if (!message) return null;
  const changed = run(
    db,
    `INSERT INTO room_seen (conversation_id, address, sort_at, sort_seq, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, address) DO UPDATE
       SET sort_at = excluded.sort_at, sort_seq = excluded.sort_seq, at = excluded.at
     WHERE (excluded.sort_at, excluded.sort_seq) > (room_seen.sort_at, room_seen.sort_seq)`,
    o.conversationId,
    o.address,
    message.at,
    message.seq,
    o.at,
  );
  return changed > 0 ? message.id : null;
}

interface Stored {
  readonly address: string;
  readonly name: string | null;
  readonly nick: string | null;
  readonly occupant: string | null;
  readonly at: number;
}

/** Who has seen a group's message: neither its author nor I, who first heard of first. */
export const seenBy = (db: ReadableDb, id: MessageId): Viewer[] =>
  rows<Stored>(
    db,
    `SELECT s.address, p.name, p.nick, r.nick AS occupant, s.at
       FROM message m CROSS JOIN room_seen s ON s.conversation_id = m.conversation_id
       LEFT JOIN person p ON p.address = s.address
       LEFT JOIN room_person r ON r.conversation_id = s.conversation_id AND r.address = s.address
      WHERE m.id = ? AND (s.sort_at, s.sort_seq) >= (m.sort_at, m.sort_seq) AND s.address <> m.sender_address
        AND s.address <> ifnull((SELECT address FROM conversation WHERE kind = 'self'), '')
      ORDER BY s.at, s.address`,
    id,
  ).map(({ address, name, nick, occupant, at }) => ({
    address,
    name: shownName(address, name, nick, occupant),
    at,
  }));
