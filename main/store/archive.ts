import type { ReadableDb, WritableDb } from './db.ts';
import type { ArchiveGap } from './rows.ts';
import { insert, rows, run } from './sql.ts';
import { readState, writeState } from './state.ts';

const newestKey = 'archive.newest';

/** Newest first. */
export const gaps = (db: ReadableDb): ArchiveGap[] =>
  rows<ArchiveGap>(
    db,
    `SELECT id, after_id AS afterId, after_at AS afterAt, before_id AS beforeId, before_at AS beforeAt
       FROM archive_gap ORDER BY coalesce(before_at, 9223372036854775807) DESC, id DESC`,
  );

/** Notes a hole; returns its id. */
export const addGap = (db: WritableDb, gap: Omit<ArchiveGap, 'id'>): number =>
  insert(
    db,
    'INSERT INTO archive_gap (after_id, after_at, before_id, before_at) VALUES (?, ?, ?, ?)',
    gap.afterId,
    gap.afterAt,
    gap.beforeId,
    gap.beforeAt,
  );

/** A page at the hole's newer end has been stored: it now ends before that page's first message. */
export function narrowGap(db: WritableDb, id: number, o: { beforeId: string; beforeAt: number }): void {
  run(db, 'UPDATE archive_gap SET before_id = ?, before_at = ? WHERE id = ?', o.beforeId, o.beforeAt, id);
}

/** Everything in it is known now. */
export function closeGap(db: WritableDb, id: number): void {
  run(db, 'DELETE FROM archive_gap WHERE id = ?', id);
}

/** The newest archive entry up to which everything but the gaps is known; null on a fresh profile. */
export function newestArchived(db: ReadableDb): { id: string; at: number } | null {
  const stored = readState(db, newestKey);
  // Written by setNewestArchived alone.
  return stored === null ? null : (JSON.parse(stored) as { id: string; at: number });
}

export function setNewestArchived(db: WritableDb, entry: { id: string; at: number } | null): void {
  writeState(db, newestKey, entry && JSON.stringify({ id: entry.id, at: entry.at }));
}
