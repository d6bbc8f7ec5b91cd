import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { WritableDb } from './db.ts';
import { settleMentions } from './group-messages.ts';
import { row, run } from './sql.ts';
import { transact } from './transaction.ts';

/**
 * Reads everything up to and with this message. True when something was unread. The read position only moves
 * forward; a message of another conversation changes nothing.
 */
export function markRead(db: WritableDb, id: ConversationId, upTo: MessageId): boolean {
  return transact(db, () => {
    const place = row<{ at: number; seq: number }>(
      db,
      'SELECT sort_at AS at, sort_seq AS seq FROM message WHERE id = ? AND conversation_id = ?',
      upTo,
      id,
    );
    if (!place) return false;
    const read = run(
      db,
      `UPDATE message SET unread = 0
        WHERE conversation_id = ? AND unread = 1 AND (sort_at, sort_seq) <= (?, ?)`,
      id,
      place.at,
      place.seq,
    );
    run(db, 'UPDATE conversation SET unread_count = unread_count - ? WHERE id = ?', read, id);
    if (read > 0) settleMentions(db, id);
    run(
      db,
      'UPDATE conversation SET read_at = ?, read_seq = ? WHERE id = ? AND (read_at, read_seq) < (?, ?)',
      place.at,
      place.seq,
      id,
      place.at,
      place.seq,
    );
    return read > 0;
  });
}
