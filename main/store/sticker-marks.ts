import type { MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { StickerMark } from './rows.ts';
import { row, rows, run } from './sql.ts';

/** Called by what inserts messages, in its transaction. */
export function noteSticker(db: WritableDb, id: MessageId, m: StickerMark): void {
  run(
    db,
    `INSERT INTO message_sticker (message_id, emoji, description, pack, owner, node) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (message_id) DO NOTHING`,
    id,
    m.emoji,
    m.description,
    m.pack,
    m.owner,
    m.node,
  );
}

const columns = 'emoji, description, pack, owner, node';

/** What a message says of the sticker it is; null when it is none. */
export const stickerMark = (db: ReadableDb, id: MessageId): StickerMark | null =>
  row<StickerMark>(db, `SELECT ${columns} FROM message_sticker WHERE message_id = ?`, id) ?? null;

/** The part of messages that are stickers. */
export function loadStickers(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'sticker'>> {
  const found = rows<{ id: MessageId; emoji: string; description: string; pack: string | null }>(
    db,
    `SELECT message_id AS id, emoji, description, pack FROM message_sticker
      WHERE message_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return new Map(
    found.map(({ id, emoji, description, pack }) => [
      id,
      { sticker: { emoji, description, hasPack: pack !== null } },
    ]),
  );
}

/** Nothing stays of the sticker a message was. Its server may delete the file too: each is looked for before it is used. */
export function forgetSticker(db: WritableDb, id: MessageId): void {
  if (run(db, 'DELETE FROM message_sticker WHERE message_id = ?', id) > 0)
    run(db, `UPDATE sticker_file SET seen_at = 0 WHERE used_by = 'messages'`);
}
