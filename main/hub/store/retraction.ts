import { sql } from './database.ts';
import type { Db } from './database.ts';

export interface StoredXml {
  id: number;
  xml: string;
}

/** Messages with one peer that may have been sent with this id; what they say decides. */
export function archivedAs(db: Db, user: string, peer: string, messageId: string): StoredXml[] {
  const named = 'SELECT id, xml FROM archive WHERE user = ? AND peer = ? AND message_id = ?';
  const unnamed =
    'SELECT id, xml FROM archive WHERE user = ? AND peer = ? AND message_id IS NULL AND instr(xml, ?)';
  return [named, unnamed].flatMap((query) => sql<StoredXml>(db, query).all(user, peer, messageId));
}

/** Later messages with one peer that have this text in them: answers name what they answer. */
export function archivedAfter(
  db: Db,
  user: string,
  peer: string,
  after: number,
  messageId: string,
): StoredXml[] {
  const query = 'SELECT id, xml FROM archive WHERE user = ? AND peer = ? AND id > ? AND instr(xml, ?)';
  return sql<StoredXml>(db, query).all(user, peer, after, messageId);
}

/** What waits for an account and has this text in it. */
export function offlineNaming(db: Db, user: string, messageId: string): StoredXml[] {
  const query = 'SELECT id, xml FROM offline WHERE user = ? AND instr(xml, ?)';
  return sql<StoredXml>(db, query).all(user, messageId);
}

/** What is held of one sender and has this text in it. */
export function heldNaming(db: Db, user: string, peer: string, messageId: string): StoredXml[] {
  const query = 'SELECT id, xml FROM held WHERE user = ? AND peer = ? AND instr(xml, ?)';
  return sql<StoredXml>(db, query).all(user, peer, messageId);
}

export function deleteHeldRow(db: Db, id: number): void {
  sql(db, 'DELETE FROM held WHERE id = ?').run(id);
}

/** Notes that an archived message names an upload, if it is its uploader's. */
export function addUploadUse(db: Db, o: { token: string; user: string; archiveId: number }): void {
  const insert = `INSERT OR IGNORE INTO upload_use (token, archive_id)
    SELECT token, ? FROM upload WHERE token = ? AND user = ?`;
  sql(db, insert).run(o.archiveId, o.token, o.user);
}

export function dropUploadUses(db: Db, archiveId: number): void {
  sql(db, 'DELETE FROM upload_use WHERE archive_id = ?').run(archiveId);
}

/** The same of a message in a room's archive. */
export function addRoomUploadUse(db: Db, o: { token: string; user: string; archiveId: number }): void {
  const insert = `INSERT OR IGNORE INTO room_upload_use (token, archive_id)
    SELECT token, ? FROM upload WHERE token = ? AND user = ?`;
  sql(db, insert).run(o.archiveId, o.token, o.user);
}

export function dropRoomUploadUses(db: Db, archiveId: number): void {
  sql(db, 'DELETE FROM room_upload_use WHERE archive_id = ?').run(archiveId);
}

/** Removes an upload of this account that no message of theirs names any more; true when there was one. */
export function deleteUnusedUpload(db: Db, user: string, token: string): boolean {
  const remove = `DELETE FROM upload WHERE token = ? AND user = ? AND state = 'done'
    AND NOT EXISTS (SELECT 1 FROM upload_use WHERE token = upload.token)
    AND NOT EXISTS (SELECT 1 FROM room_upload_use WHERE token = upload.token)`;
  return sql(db, remove).run(token, user).changes > 0;
}
