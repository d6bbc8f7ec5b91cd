import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run } from './sql.ts';

/** One setting of the account as it is stored. */
export interface AccountSettingRow {
  readonly key: string;
  /** JSON. */
  readonly value: string;
  /** Unix time in ms of the change, by the clock of the device that made it. */
  readonly changedAt: number;
  /** The server does not have it yet. */
  readonly unsynced: boolean;
}

interface Stored extends Omit<AccountSettingRow, 'unsynced'> {
  readonly unsynced: number;
}

const columns = 'key, value, changed_at AS changedAt, unsynced';
const toRow = (stored: Stored): AccountSettingRow => ({ ...stored, unsynced: stored.unsynced === 1 });

export const accountSettingRows = (db: ReadableDb): AccountSettingRow[] =>
  rows<Stored>(db, `SELECT ${columns} FROM account_setting ORDER BY key`).map(toRow);

export const unsyncedAccountSettings = (db: ReadableDb): AccountSettingRow[] =>
  accountSettingRows(db).filter((setting) => setting.unsynced);

/**
 * Stores a setting unless a newer one is there; of two of the same time the greater text wins, on every device
 * alike. One that nobody chose (time 0) gives way to any. True when it was stored.
 */
export function saveAccountSetting(db: WritableDb, given: AccountSettingRow): boolean {
  const changed = run(
    db,
    `INSERT INTO account_setting (key, value, changed_at, unsynced) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at,
       unsynced = excluded.unsynced
     WHERE excluded.changed_at > changed_at OR excluded.changed_at = 0 AND changed_at = 0
       OR excluded.changed_at = changed_at AND excluded.value > value`,
    given.key,
    given.value,
    given.changedAt,
    given.unsynced ? 1 : 0,
  );
  return changed > 0;
}

/** Unix time in ms for a change made now: later than what is stored, whatever another device's clock said. */
export function nextChangeAt(db: ReadableDb, key: string, now: number): number {
  const known = row<{ at: number }>(db, 'SELECT changed_at AS at FROM account_setting WHERE key = ?', key);
  return Math.max(now, (known?.at ?? 0) + 1);
}

/** The server has the one of this time; a later change still waits. */
export const markAccountSettingSynced = (db: WritableDb, key: string, changedAt: number): number =>
  run(db, 'UPDATE account_setting SET unsynced = 0 WHERE key = ? AND changed_at = ?', key, changedAt);
