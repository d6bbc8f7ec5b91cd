import type { WritableDb } from './db.ts';

export interface Store {
  readonly db: WritableDb;
  close(): void;
}

/** Opens (or makes) the database. Throws PostcardError: database-newer {found, known}, database-broken, disk-full, folder-unwritable. */
export function openStore(_o: { file: string; backupFolder: string }): Store {
  throw new Error('not there yet');
}
/** Runs `fn` in one transaction (a savepoint inside another one); an error undoes it. */
export function transact<T>(_db: WritableDb, _fn: () => T): T {
  throw new Error('not there yet');
}
/** As `transact`, and on disk when it returns: for what the person wrote. Never inside `transact`. */
export function durably<T>(_db: WritableDb, _fn: () => T): T {
  throw new Error('not there yet');
}
/** A copy of the whole database in `folder`, of which the last 3 are kept. Returns its path. */
export function backup(_db: WritableDb, _folder: string): string {
  throw new Error('not there yet');
}
