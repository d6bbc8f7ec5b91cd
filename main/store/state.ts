import type { ReadableDb, WritableDb } from './db.ts';
import { run, value } from './sql.ts';

/** A value of this account that fits nowhere else (the stream to resume, what was done once); null when not set. */
export const readState = (db: ReadableDb, key: string): string | null =>
  value<string>(db, 'SELECT value FROM state WHERE key = ?', key) ?? null;

/** null takes it away. */
export function writeState(db: WritableDb, key: string, newValue: string | null): void {
  if (newValue === null) run(db, 'DELETE FROM state WHERE key = ?', key);
  else {
    run(
      db,
      'INSERT INTO state (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      newValue,
    );
  }
}
