import { PostcardError } from '../../contract/errors.ts';
import type { GalleryItem, GalleryKind } from '../../contract/gallery.ts';
import type { AttachmentId, ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { messagesByIds } from './messages.ts';
import { rows, run } from './sql.ts';

const address = /https?:\/\//i;

/** Notes what a new message brings to its conversation's gallery. Called by what inserts messages, at its end. */
export function noteMedia(db: WritableDb, id: MessageId, o: { text: string; files: boolean }): void {
  if (o.files) {
    // Stickers and voice notes are no media of a conversation: nobody looks for them there.
    run(
      db,
      `INSERT INTO media_item (conversation_id, kind, message_id, attachment_id)
       SELECT m.conversation_id,
              CASE a.kind WHEN 'photo' THEN 'photos' WHEN 'video' THEN 'videos' ELSE 'files' END, m.id, a.id
         FROM attachment a JOIN message m ON m.id = a.message_id
        WHERE a.message_id = ? AND a.kind NOT IN ('sticker', 'voice')`,
      id,
    );
  }
  if (address.test(o.text)) {
    run(
      db,
      `INSERT INTO media_item (conversation_id, kind, message_id, attachment_id)
       SELECT conversation_id, 'links', id, 0 FROM message WHERE id = ?`,
      id,
    );
  }
}

/** Of a message whose content is gone. */
export const forgetMedia = (db: WritableDb, id: MessageId): number =>
  run(db, 'DELETE FROM media_item WHERE message_id = ?', id);

function parseCursor(before: string | null): { message: number; attachment: number } {
  if (before === null) return { message: Number.MAX_SAFE_INTEGER, attachment: 0 };
  const [, message, attachment] = /^(\d{1,16})\.(\d{1,16})$/.exec(before) ?? [];
  if (message === undefined) throw new PostcardError('invalid-argument');
  return { message: Number(message), attachment: Number(attachment) };
}

/** One page, newest first. Throws invalid-argument for a broken cursor. */
export function galleryPage(
  db: ReadableDb,
  o: { conversationId: ConversationId; kind: GalleryKind; before: string | null; limit: number },
): { items: GalleryItem[]; next: string | null } {
  const from = parseCursor(o.before);
  const found = rows<{ message: MessageId; attachment: AttachmentId }>(
    db,
    `SELECT message_id AS message, attachment_id AS attachment FROM media_item
      WHERE conversation_id = ? AND kind = ? AND (message_id, attachment_id) < (?, ?)
        AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = media_item.message_id)
      ORDER BY message_id DESC, attachment_id DESC LIMIT ?`,
    o.conversationId,
    o.kind,
    from.message,
    from.attachment,
    o.limit + 1,
  );
  const page = found.slice(0, o.limit);
  const messages = new Map(messagesByIds(db, [...new Set(page.map((p) => p.message))]).map((m) => [m.id, m]));
  const items = page.flatMap(({ message: id, attachment }) => {
    const message = messages.get(id);
    return message ? [{ message, attachment: o.kind === 'links' ? null : attachment }] : [];
  });
  const last = page.at(-1);
  const more = found.length > o.limit && last !== undefined;
  return { items, next: more ? `${last.message}.${last.attachment}` : null };
}
