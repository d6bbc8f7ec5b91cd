import type { WritableDb } from './db.ts';
import { guarded, run } from './sql.ts';

function inside<T>(db: WritableDb, begin: string, commit: string, undo: readonly string[], fn: () => T): T {
  run(db, begin);
  try {
    const result = fn();
    run(db, commit);
    return result;
  } catch (error) {
    // After a full disk SQLite may have rolled back by itself; then there is nothing left to undo.
    if (db.inTransaction) for (const text of undo) run(db, text);
    throw error;
  }
}

/**
 * Runs `fn` in one transaction (a savepoint inside another one); an error undoes it. `fn` is synchronous.
 * Throws PostcardError disk-full, database-broken, folder-unwritable, and whatever `fn` throws.
 */
export function transact<T>(db: WritableDb, fn: () => T): T {
  return db.inTransaction
    ? inside(
        db,
        'SAVEPOINT inner_step',
        'RELEASE inner_step',
        ['ROLLBACK TO inner_step', 'RELEASE inner_step'],
        fn,
      )
    : inside(db, 'BEGIN IMMEDIATE', 'COMMIT', ['ROLLBACK'], fn);
}

/**
 * As `transact`, and on the disk when it returns, power cut or not: for what the person wrote. It also makes
 * everything committed before durable. Must be the outermost transaction: SQLite does not let `synchronous` change
 * inside one.
 */
export function durably<T>(db: WritableDb, fn: () => T): T {
  if (db.inTransaction) throw new Error('durably() inside a transaction would not be durable');
  guarded(db, () => db.pragma('synchronous = FULL'));
  try {
    return transact(db, fn);
  } finally {
    db.pragma('synchronous = NORMAL');
  }
}
