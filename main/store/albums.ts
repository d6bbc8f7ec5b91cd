import type { AlbumPart, ViewedPhoto } from '../../contract/albums.ts';
import type { AttachmentId, ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value } from './sql.ts';

const columns = 'album_id AS id, place AS "index", count, caption';

/** Called by what inserts messages, in its transaction. */
export function noteAlbum(db: WritableDb, id: MessageId, album: AlbumPart): void {
  run(
    db,
    `INSERT INTO message_album (message_id, album_id, place, count, caption) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (message_id) DO NOTHING`,
    id,
    album.id,
    album.index,
    album.count,
    album.caption,
  );
}

/** What a message says of its album; null when it is in none. */
export const albumPart = (db: ReadableDb, id: MessageId): AlbumPart | null =>
  row<AlbumPart>(db, `SELECT ${columns} FROM message_album WHERE message_id = ?`, id) ?? null;

/** The part of messages that belong to albums. */
export function loadAlbums(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'album'>> {
  const found = rows<AlbumPart & { messageId: MessageId }>(
    db,
    `SELECT message_id AS messageId, ${columns} FROM message_album
      WHERE message_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return new Map(found.map(({ messageId, ...album }) => [messageId, { album }]));
}

/** Nothing stays of the album a message was part of. */
export const forgetAlbum = (db: WritableDb, id: MessageId): void =>
  void run(db, 'DELETE FROM message_album WHERE message_id = ?', id);

export interface AlbumFile {
  readonly id: AttachmentId;
  readonly name: string;
  readonly mediaType: string;
  /** In the media store; null while it is not here. */
  readonly sha256: string | null;
}

/**
 * The photos of the album that a message is part of, in order, of the same sender and conversation alone, whoever
 * else uses its id; just its own photos when it is in none.
 */
export const albumFiles = (db: ReadableDb, id: MessageId): AlbumFile[] =>
  rows<AlbumFile>(
    db,
    `SELECT a.id, a.name, a.media_type AS mediaType, a.local_sha256 AS sha256
       FROM message m
       CROSS JOIN (SELECT ? AS id UNION SELECT s.message_id FROM message_album own
                    CROSS JOIN message_album s ON s.album_id = own.album_id WHERE own.message_id = ?) part
       CROSS JOIN message n ON n.id = part.id
       CROSS JOIN attachment a ON a.message_id = n.id AND a.kind = 'photo'
      WHERE m.id = ? AND n.conversation_id = m.conversation_id AND n.sender_address = m.sender_address
        AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = n.id)
      ORDER BY n.sort_at, n.sort_seq, a.id LIMIT 200`,
    id,
    id,
    id,
  );

interface Viewed extends Omit<ViewedPhoto, 'sender' | 'outgoing'> {
  readonly address: string;
  readonly own: number;
  readonly personName: string | null;
  readonly nick: string | null;
}

const viewed = `
  SELECT a.id, m.id AS messageId, a.name, m.text AS caption, a.width, a.height, a.bytes, m.sender_address AS address,
         m.outgoing AS own, m.sent_at AS sentAt, p.name AS personName, p.nick, ifnull(l.count, 0) AS album
    FROM media_item i CROSS JOIN message m ON m.id = i.message_id CROSS JOIN attachment a ON a.id = i.attachment_id
    LEFT JOIN person p ON p.address = m.sender_address LEFT JOIN message_album l ON l.message_id = m.id
   WHERE i.conversation_id = ? AND i.kind = 'photos' AND a.state = 'ready'
     AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = m.id)`;

const toViewed = ({ address, own, personName, nick, ...photo }: Viewed): ViewedPhoto => ({
  ...photo,
  sender: shownName(address, personName, nick),
  outgoing: own === 1,
});

/** A photo and up to `limit` on each side of it, oldest first; null when it is not in this conversation, or not here. */
export function photosAround(
  db: ReadableDb,
  o: { conversationId: ConversationId; id: AttachmentId; limit: number },
): { items: ViewedPhoto[]; hasOlder: boolean; hasNewer: boolean } | null {
  const message = value<MessageId>(db, 'SELECT message_id FROM attachment WHERE id = ?', o.id);
  if (message === undefined) return null;
  const part = (compare: '<' | '=' | '>', order: 'ASC' | 'DESC') =>
    rows<Viewed>(
      db,
      `${viewed} AND (i.message_id, i.attachment_id) ${compare} (?, ?)
       ORDER BY i.message_id ${order}, i.attachment_id ${order} LIMIT ?`,
      o.conversationId,
      message,
      o.id,
      o.limit + 1,
    ).map(toViewed);
  const here = part('=', 'ASC');
  if (here.length === 0) return null;
  const older = part('<', 'DESC');
  const newer = part('>', 'ASC');
  return {
    items: [...older.slice(0, o.limit).reverse(), ...here, ...newer.slice(0, o.limit)],
    hasOlder: older.length > o.limit,
    hasNewer: newer.length > o.limit,
  };
}

/** '' when there is none. */
export const stagedAlbumCaption = (db: ReadableDb, id: ConversationId): string =>
  value<string>(db, 'SELECT caption FROM staged_album WHERE conversation_id = ?', id) ?? '';

/** '' takes it away. */
export function setStagedAlbumCaption(db: WritableDb, id: ConversationId, caption: string): void {
  if (caption === '') run(db, 'DELETE FROM staged_album WHERE conversation_id = ?', id);
  else
    run(
      db,
      `INSERT INTO staged_album (conversation_id, caption) VALUES (?, ?)
       ON CONFLICT (conversation_id) DO UPDATE SET caption = excluded.caption`,
      id,
      caption,
    );
}
