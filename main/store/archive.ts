import type { ReadableDb, WritableDb } from './db.ts';
import type { ArchiveGap } from './rows.ts';

/** Newest first. */
export function gaps(_db: ReadableDb): ArchiveGap[] {
  throw new Error('not there yet');
}
export function addGap(_db: WritableDb, _gap: Omit<ArchiveGap, 'id'>): number {
  throw new Error('not there yet');
}
/** A page from its newer end has been stored. */
export function narrowGap(_db: WritableDb, _id: number, _o: { beforeId: string; beforeAt: number }): void {
  throw new Error('not there yet');
}
export function closeGap(_db: WritableDb, _id: number): void {
  throw new Error('not there yet');
}
/** The newest archive entry up to which everything but the gaps is known. */
export function newestArchived(_db: ReadableDb): { id: string; at: number } | null {
  throw new Error('not there yet');
}
export function setNewestArchived(_db: WritableDb, _entry: { id: string; at: number } | null): void {
  throw new Error('not there yet');
}
