import type { MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb } from './db.ts';
import { values } from './sql.ts';

export const loadPinned = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'pinned'>> =>
  new Map(
    values<MessageId>(
      db,
      `SELECT message_id FROM pinned_message
        WHERE message_id IN (SELECT value FROM json_each(?)) AND pinned = 1`,
      JSON.stringify(ids),
    ).map((id) => [id, { pinned: true }]),
  );
