import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import { mostPins } from '../../contract/pins.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, run, values } from './sql.ts';

/** Rows kept of one group, also of pins that were taken away: a moderator's app could go on for ever. */
const MOST_KEPT = 500;

/**
 * What a moderator says of a message, by the room's id of it: of two notes the later one counts, of one time the one
 * that came `latest`. True when the pin is another now. Call it in a transaction.
 */
export function setRoomPin(
  db: WritableDb,
  id: ConversationId,
  o: { stanzaId: string; pinned: boolean; at: number; latest: boolean },
): boolean {
  const before = row<{ pinned: number; at: number }>(
    db,
    'SELECT pinned, changed_at AS at FROM room_pin WHERE conversation_id = ? AND stanza_id = ?',
    id,
    o.stanzaId,
  );
  if (before && (o.at < before.at || (o.at === before.at && !o.latest))) return false;
  run(
    db,
    `INSERT INTO room_pin (conversation_id, stanza_id, pinned, changed_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET pinned = excluded.pinned, changed_at = excluded.changed_at`,
    id,
    o.stanzaId,
    o.pinned ? 1 : 0,
    o.at,
  );
  if (!before) forgetOldest(db, id);
  return (before?.pinned ?? 0) !== (o.pinned ? 1 : 0);
}

/** Those that were taken away go first, and of each kind those that changed first. */
function forgetOldest(db: WritableDb, id: ConversationId): void {
  run(
    db,
    `DELETE FROM room_pin WHERE conversation_id = ? AND stanza_id IN (
       SELECT stanza_id FROM room_pin WHERE conversation_id = ?
        ORDER BY pinned DESC, changed_at DESC LIMIT -1 OFFSET ?)`,
    id,
    id,
    MOST_KEPT,
  );
}

/** Messages that are here and pinned for everybody in a group, the newest pins; what was taken back is none. */
export const pinnedForAll = (db: ReadableDb, id: ConversationId): MessageId[] =>
  values<MessageId>(
    db,
    `SELECT m.id FROM room_pin r
       CROSS JOIN message m ON m.stanza_id = r.stanza_id AND m.conversation_id = r.conversation_id
      WHERE r.conversation_id = ? AND r.pinned = 1
        AND NOT EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = m.id)
      ORDER BY r.changed_at DESC LIMIT ?`,
    id,
    mostPins,
  );

export const loadPinnedForAll = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'pinnedForAll'>> =>
  new Map(
    values<MessageId>(
      db,
      `SELECT m.id FROM message m
         CROSS JOIN room_pin r ON r.conversation_id = m.conversation_id AND r.stanza_id = m.stanza_id
        WHERE m.id IN (SELECT value FROM json_each(?)) AND r.pinned = 1
          AND NOT EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = m.id)`,
      JSON.stringify(ids),
    ).map((id) => [id, { pinnedForAll: true }]),
  );
