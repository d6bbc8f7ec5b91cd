import type { ReadableDb, WritableDb } from './db.ts';
import { rows, run } from './sql.ts';

/** Somebody who is blocked, or whose unblocking the server has not heard of yet. */
export interface BlockRow {
  /** A bare address, or a domain: another app may have blocked a whole server (XEP-0191 section 3.1). */
  readonly address: string;
  /** False: unblocked here; the row waits until the server knows. */
  readonly blocked: boolean;
  /** The server does not know of it yet. */
  readonly unsynced: boolean;
  /** Unix time in ms from which on nothing of theirs counts. */
  readonly since: number;
}

interface Stored {
  readonly address: string;
  readonly blocked: number;
  readonly unsynced: number;
  readonly since: number;
}

const columns = 'address, blocked, unsynced, since';
const toRow = (stored: Stored): BlockRow => ({
  ...stored,
  blocked: stored.blocked === 1,
  unsynced: stored.unsynced === 1,
});

/** All rows, newest first. */
export const blockRows = (db: ReadableDb): BlockRow[] =>
  rows<Stored>(db, `SELECT ${columns} FROM block ORDER BY since DESC, address`).map(toRow);

export function saveBlock(db: WritableDb, block: BlockRow): void {
  run(
    db,
    `INSERT INTO block (address, blocked, unsynced, since) VALUES (?, ?, ?, ?)
     ON CONFLICT (address) DO UPDATE SET blocked = excluded.blocked, unsynced = excluded.unsynced,
       since = excluded.since`,
    block.address,
    block.blocked ? 1 : 0,
    block.unsynced ? 1 : 0,
    block.since,
  );
}

export const deleteBlock = (db: WritableDb, address: string): number =>
  run(db, 'DELETE FROM block WHERE address = ?', address);
