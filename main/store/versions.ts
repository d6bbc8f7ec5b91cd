import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { noteMentions } from './group-messages.ts';
import { reindexShort } from './short-index.ts';
import { row, rows, run, value, values } from './sql.ts';

export interface Version {
  /** Unix time, ms. */
  readonly at: number;
  readonly text: string;
}

/** More corrections of one message than that are not kept; the first text always is. */
const MOST = 100;

/** Every text of an edited message, oldest first; [] when it was never edited. */
export const versionsOf = (db: ReadableDb, id: MessageId): Version[] =>
  rows<Version>(
    db,
    `SELECT at, text FROM message_version WHERE message_id = ? ORDER BY correction_id IS NOT NULL, at, id`,
    id,
  );

/** As it was first; null when it was never edited. */
export const firstText = (db: ReadableDb, id: MessageId): string | null =>
  value<string>(db, 'SELECT text FROM message_version WHERE message_id = ? AND correction_id IS NULL', id) ??
  null;

/** The ids its corrections were sent with. */
export const correctionIds = (db: ReadableDb, id: MessageId): string[] =>
  values<string>(
    db,
    'SELECT correction_id FROM message_version WHERE message_id = ? AND correction_id IS NOT NULL ORDER BY id',
    id,
  );

/**
 * A correction: noted once, and the newest one is the message's text. `latest`: it comes behind all that are known,
 * whatever the clocks say. False when nothing changed. Call it in a transaction.
 */
export function addVersion(
  db: WritableDb,
  id: MessageId,
  v: Version & { correctionId: string; latest: boolean },
): boolean {
  const message = row<{ text: string; sentAt: number }>(
    db,
    'SELECT text, sent_at AS sentAt FROM message WHERE id = ?',
    id,
  );
  if (!message) return false;
  const known = versionsOf(db, id);
  if (known.length === 0)
    run(
      db,
      'INSERT INTO message_version (message_id, at, text) VALUES (?, ?, ?)',
      id,
      message.sentAt,
      message.text,
    );
  const at = v.latest ? Math.max(v.at, known.at(-1)?.at ?? message.sentAt) : v.at;
  const added = run(
    db,
    `INSERT INTO message_version (message_id, at, text, correction_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    id,
    at,
    v.text,
    v.correctionId,
  );
  if (added === 0) return false;
  trim(db, id);
  setText(db, id, versionsOf(db, id).at(-1)?.text ?? v.text);
  return true;
}

/**
 * A correction of mine that a group refused: as if it had never been made. null: none, or one that the room gave back
 * before. Call it in a transaction.
 */
export function dropCorrection(
  db: WritableDb,
  o: { room: string; correctionId: string },
): { id: MessageId; conversationId: ConversationId; text: string } | null {
  const found = row<{ id: MessageId; conversationId: ConversationId }>(
    db,
    `SELECT m.id, m.conversation_id AS conversationId FROM message_version v
       CROSS JOIN message m ON m.id = v.message_id CROSS JOIN room r ON r.conversation_id = m.conversation_id
      WHERE v.correction_id = ? AND r.address = ? AND m.outgoing = 1 AND NOT EXISTS (
        SELECT 1 FROM message_ref f WHERE f.message_id = m.id AND f.wire_id = v.correction_id)`,
    o.correctionId,
    o.room,
  );
  if (!found) return null;
  const { id } = found;
  run(db, 'DELETE FROM message_version WHERE message_id = ? AND correction_id = ?', id, o.correctionId);
  const left = versionsOf(db, id);
  const text = left.at(-1)?.text ?? '';
  setText(db, id, text);
  if (left.length === 1) run(db, 'DELETE FROM message_version WHERE message_id = ?', id);
  return { ...found, text };
}

/** The text of a message, in the search indexes too. Whom it names is to be noted anew. */
export function setText(db: WritableDb, id: MessageId, text: string): void {
  const changed = run(db, 'UPDATE message SET text = ? WHERE id = ? AND text <> ?', text, id, text);
  // The other index follows by a trigger, which also takes the old entry out of this one.
  if (changed === 0) return;
  reindexShort(db, id, text);
  noteMentions(db, id, []);
}

function trim(db: WritableDb, id: MessageId): void {
  run(
    db,
    `DELETE FROM message_version WHERE message_id = ? AND correction_id IS NOT NULL AND id IN (
       SELECT id FROM message_version WHERE message_id = ? AND correction_id IS NOT NULL
        ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)`,
    id,
    id,
    MOST,
  );
}

/** When it was changed last, for the messages that were. */
export const loadEdited = (
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'edited'>> =>
  new Map(
    rows<{ id: MessageId; at: number }>(
      db,
      `SELECT message_id AS id, max(at) AS at FROM message_version
        WHERE message_id IN (SELECT value FROM json_each(?)) AND correction_id IS NOT NULL GROUP BY message_id`,
      JSON.stringify(ids),
    ).map(({ id, at }) => [id, { edited: { at } }]),
  );
