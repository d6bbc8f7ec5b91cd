import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run, value } from './sql.ts';

/** Whether somebody's request was refused, and when that was decided last. */
export interface Refusal {
  /** Bare address. */
  readonly address: string;
  readonly refused: boolean;
  /** Unix time, ms, by the clock of the device where it was decided. */
  readonly changedAt: number;
}

interface Stored extends Omit<Refusal, 'refused'> {
  readonly refused: 0 | 1;
}

const columns = 'address, refused, changed_at AS changedAt';
const toRefusal = (stored: Stored): Refusal => ({ ...stored, refused: stored.refused === 1 });

export const isRefused = (db: ReadableDb, address: string): boolean =>
  value<number>(db, 'SELECT refused FROM refusal WHERE address = ?', address) === 1;

/** Decides on this device: later than what is stored, whatever another device's clock said. */
export function setRefused(db: WritableDb, address: string, refused: boolean): void {
  const known = row<Stored>(db, `SELECT ${columns} FROM refusal WHERE address = ?`, address);
  const changedAt = Math.max(Date.now(), (known?.changedAt ?? 0) + 1);
  run(
    db,
    `INSERT INTO refusal (address, refused, changed_at, unsynced) VALUES (?, ?, ?, 1)
     ON CONFLICT (address) DO UPDATE SET refused = excluded.refused, changed_at = excluded.changed_at, unsynced = 1`,
    address,
    refused ? 1 : 0,
    changedAt,
  );
}

/**
 * What another device decided: the later decision counts, and of two of the same time the refusal, on every device
 * alike. True when it was stored.
 */
export const takeRefusal = (db: WritableDb, r: Refusal): boolean =>
  run(
    db,
    `INSERT INTO refusal (address, refused, changed_at, unsynced) VALUES (?, ?, ?, 0)
     ON CONFLICT (address) DO UPDATE SET refused = excluded.refused, changed_at = excluded.changed_at, unsynced = 0
     WHERE excluded.changed_at > changed_at OR excluded.changed_at = changed_at AND excluded.refused > refused`,
    r.address,
    r.refused ? 1 : 0,
    r.changedAt,
  ) > 0;

/** Those that other devices have not been told of. */
export const unsyncedRefusals = (db: ReadableDb): Refusal[] =>
  rows<Stored>(db, `SELECT ${columns} FROM refusal WHERE unsynced = 1`).map(toRefusal);

/** Other devices were told of it as it was then. */
export const markRefusalSynced = (db: WritableDb, { address, changedAt }: Refusal): void =>
  void run(db, 'UPDATE refusal SET unsynced = 0 WHERE address = ? AND changed_at = ?', address, changedAt);
