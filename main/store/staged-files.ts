import type { StagedFile } from '../../contract/files.ts';
import type { ConversationId, StagedFileId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { insert, row, rows, run } from './sql.ts';

/** A staged file as it is stored: the contract's, and what only main needs. */
export interface StagedFileRow extends StagedFile {
  /** Of the file as it was chosen, in the media store. */
  readonly sha256: string;
  /** Of the picture that stands for a video. */
  readonly thumbhash: string | null;
}

const columns = `id, conversation_id AS conversationId, kind, name, media_type AS mediaType, bytes, width, height,
  duration_ms AS durationMs, has_location AS hasLocation, thumbhash, caption, sha256`;

type Stored = Omit<StagedFileRow, 'hasLocation'> & { hasLocation: number };
const toRow = (stored: Stored): StagedFileRow => ({ ...stored, hasLocation: stored.hasLocation === 1 });

/** Puts a file at the end of what is staged in its conversation. */
export function addStagedFile(db: WritableDb, f: Omit<StagedFileRow, 'id'>): StagedFileRow {
  const id = insert(
    db,
    `INSERT INTO staged_file (conversation_id, kind, name, media_type, bytes, width, height, duration_ms, has_location,
                              thumbhash, caption, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    f.conversationId,
    f.kind,
    f.name,
    f.mediaType,
    f.bytes,
    f.width,
    f.height,
    f.durationMs,
    f.hasLocation ? 1 : 0,
    f.thumbhash,
    f.caption,
    f.sha256,
  );
  // A StagedFileId is a row id of this table; here they are made.
  return { ...f, id: id as StagedFileId };
}

/** In the order they were chosen. */
export const listStagedFiles = (db: ReadableDb, id: ConversationId): StagedFileRow[] =>
  rows<Stored>(db, `SELECT ${columns} FROM staged_file WHERE conversation_id = ? ORDER BY id`, id).map(toRow);

export function stagedFileById(db: ReadableDb, id: StagedFileId): StagedFileRow | null {
  const found = row<Stored>(db, `SELECT ${columns} FROM staged_file WHERE id = ?`, id);
  return found ? toRow(found) : null;
}

/** False when there is none. */
export const setFileCaption = (db: WritableDb, id: StagedFileId, caption: string): boolean =>
  run(db, 'UPDATE staged_file SET caption = ? WHERE id = ?', caption, id) > 0;

/** px; what the container said stays. */
export const setPoster = (
  db: WritableDb,
  id: StagedFileId,
  p: { thumbhash: string; width: number; height: number },
): boolean =>
  run(
    db,
    `UPDATE staged_file SET thumbhash = ?, width = coalesce(width, ?), height = coalesce(height, ?) WHERE id = ?`,
    p.thumbhash,
    p.width,
    p.height,
    id,
  ) > 0;

/** False when there is none. */
export const removeStagedFile = (db: WritableDb, id: StagedFileId): boolean =>
  run(db, 'DELETE FROM staged_file WHERE id = ?', id) > 0;
