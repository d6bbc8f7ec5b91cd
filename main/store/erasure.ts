import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadableDb, WritableDb } from './db.ts';
import { guarded, run } from './sql.ts';
import { readState, writeState } from './state.ts';

const KEY = 'erasure';
/** Pages that the index for short queries is merged by at once; some ms. */
const MERGE_PAGES = 200;

/** What of unsent messages is still to be taken off the disk. */
export interface Erasure {
  /** By SHA-256: when a message with this file was last taken back, Unix time in ms. One used later is in use again. */
  readonly files: Readonly<Record<string, number>>;
  /** Unix time, ms: copies of the database that were made since then may hold one. */
  readonly since: number;
  /** Unix time, ms: what nobody refers to and was last used before goes too; null: nothing was made here. */
  readonly usedBefore: number | null;
}

/** null when there is nothing to do. */
export function pendingErasure(db: ReadableDb): Erasure | null {
  const text = readState(db, KEY);
  // Written below alone.
  return text === null ? null : (JSON.parse(text) as Erasure);
}

/** Adds to what is to be done: in the transaction that erases a message, so that no crash forgets it. */
export function addErasure(db: WritableDb, more: Erasure): void {
  const known = pendingErasure(db);
  const sum: Erasure = {
    files: { ...known?.files, ...more.files },
    since: Math.min(known?.since ?? Infinity, more.since),
    usedBefore: Math.max(known?.usedBefore ?? 0, more.usedBefore ?? 0) || null,
  };
  writeState(db, KEY, JSON.stringify(sum));
}

/** It has been done, unless more has come meanwhile. */
export function erasureDone(db: WritableDb, done: Erasure): void {
  if (JSON.stringify(pendingErasure(db)) === JSON.stringify(done)) writeState(db, KEY, null);
}

/**
 * What was deleted is no longer in the file, in its log or in the index of short queries (the other one drops its
 * entries at once). Blocks for as long as SQLite copies its log. Throws disk-full.
 */
export function scrub(db: WritableDb): void {
  guarded(db, () => {
    run(db, `INSERT INTO message_short (message_short, rank) VALUES ('merge', ?)`, -MERGE_PAGES);
    db.pragma('wal_checkpoint(TRUNCATE)');
  });
}

/** Copies made before a change of the schema that may hold what was unsent; `since`: Unix time, ms. */
export function dropBackups(folder: string, since: number): void {
  // Made with the first copy.
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && statSync(path).mtimeMs >= since) rmSync(path, { force: true });
  }
}
