import type { MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { rows, run, value } from './sql.ts';

/** Called by what inserts messages, in its transaction. `source`: who wrote it, '' without a name. */
export function noteForward(db: WritableDb, id: MessageId, source: string): void {
  run(
    db,
    'INSERT INTO message_forward (message_id, source) VALUES (?, ?) ON CONFLICT (message_id) DO NOTHING',
    id,
    source,
  );
}

/** undefined: it was not passed on. */
export const forwardSource = (db: ReadableDb, id: MessageId): string | undefined =>
  value<string>(db, 'SELECT source FROM message_forward WHERE message_id = ?', id);

/** The part of messages that were passed on. */
export const loadForwards = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'forwarded'>> =>
  new Map(
    rows<{ id: MessageId; source: string }>(
      db,
      `SELECT message_id AS id, source FROM message_forward
        WHERE message_id IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
    ).map(({ id, source }) => [id, { forwarded: { from: source === '' ? null : source } }]),
  );

/** Nothing stays of where an unsent message came from. */
export const forgetForward = (db: WritableDb, id: MessageId): void =>
  void run(db, 'DELETE FROM message_forward WHERE message_id = ?', id);
