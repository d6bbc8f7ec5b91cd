import type { ConversationId, StagedPhotoId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { StagedRow } from './rows.ts';

/** Puts a photo at the end of what is staged in its conversation. */
export function addStaged(_db: WritableDb, _p: Omit<StagedRow, 'id'>): StagedRow {
  throw new Error('not there yet');
}
/** In order. */
export function listStaged(_db: ReadableDb, _conversationId: ConversationId): StagedRow[] {
  throw new Error('not there yet');
}
export function stagedById(_db: ReadableDb, _id: StagedPhotoId): StagedRow | null {
  throw new Error('not there yet');
}
/** False when there is none. */
export function setCaption(_db: WritableDb, _id: StagedPhotoId, _caption: string): boolean {
  throw new Error('not there yet');
}
/** Those named come first, in this order; others (staged meanwhile) follow as they were. */
export function reorder(
  _db: WritableDb,
  _conversationId: ConversationId,
  _ids: readonly StagedPhotoId[],
): void {
  throw new Error('not there yet');
}
/** False when there is none. */
export function removeStaged(_db: WritableDb, _id: StagedPhotoId): boolean {
  throw new Error('not there yet');
}
