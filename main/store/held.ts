import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { StagedRow } from './rows.ts';
import { rows, run, value } from './sql.ts';
import { addStaged, setRecipe } from './staged.ts';

/** Unix ms at which the next of those that are held back may go; null when none is. */
export const nextHeld = (db: ReadableDb, now: number): number | null =>
  value<number | null>(
    db,
    `SELECT min(next_try) FROM outbox WHERE stage IN ('ready', 'upload') AND next_try > ?`,
    now,
  ) ?? null;

/** What is held back and can be taken back, in the order it was written; 100 at most. */
export const heldMessages = (db: ReadableDb, now: number) =>
  rows<{ id: MessageId; conversationId: ConversationId; until: number }>(
    db,
    `SELECT message_id AS id, conversation_id AS conversationId, next_try AS until FROM outbox
      WHERE stage IN ('ready', 'upload') AND attempts = 0 AND next_try > ? ORDER BY message_id LIMIT 100`,
    now,
  );

/** What is held back beyond `after` and has never been tried is held back until `until`. Unix ms. */
export const holdAnew = (db: WritableDb, o: { after: number; until: number }): number =>
  run(
    db,
    `UPDATE outbox SET next_try = ?
      WHERE stage IN ('ready', 'upload') AND attempts = 0 AND next_try > ?`,
    o.until,
    o.after,
  );

/** What a photo that is held back was made of, so that it can wait to be sent again. */
export const noteHeldPhoto = (db: WritableDb, id: MessageId, staged: StagedRow): void =>
  void run(db, 'INSERT INTO held_photo (message_id, staged) VALUES (?, ?)', id, JSON.stringify(staged));

/** The photo waits in its conversation again, as it was. False when the message was made of none. */
export function restoreHeldPhoto(db: WritableDb, id: MessageId): boolean {
  const json = value<string>(db, 'SELECT staged FROM held_photo WHERE message_id = ?', id);
  if (json === undefined) return false;
  // Written by `noteHeldPhoto` alone.
  const { id: _, recipe, ...staged } = JSON.parse(json) as StagedRow;
  const { id: again } = addStaged(db, staged);
  if (recipe !== null) setRecipe(db, again, recipe);
  return true;
}

/** Those of messages that have left. */
export const forgetSentPhotos = (db: WritableDb): void =>
  void run(
    db,
    `DELETE FROM held_photo WHERE message_id IN (SELECT h.message_id FROM held_photo h
      WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = h.message_id))`,
  );

/** Nothing stays of what an unsent message was made of. */
export const forgetHeldPhoto = (db: WritableDb, id: MessageId): void =>
  void run(db, 'DELETE FROM held_photo WHERE message_id = ?', id);

/** What is written in a conversation and not sent; '' for nothing. */
export const draftOf = (db: ReadableDb, id: ConversationId): string =>
  value<string>(db, 'SELECT draft FROM conversation WHERE id = ?', id) ?? '';
