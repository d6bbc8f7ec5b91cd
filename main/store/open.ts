import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PostcardError } from '../../contract/errors.ts';
import { backup } from './backup.ts';
import type { WritableDb } from './db.ts';
import { saysBroken, translated } from './errors.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { transact } from './transaction.ts';
import { forgetUnclean, wasUnclean } from './unclean.ts';

export { backup } from './backup.ts';
export { durably, transact } from './transaction.ts';

export interface Store {
  readonly db: WritableDb;
  /** Folds the write-ahead log in and closes; a second call does nothing. */
  close(): void;
}

export interface OpenStoreOptions {
  /** Absolute path of the database; made, with its folder, when it is missing. */
  readonly file: string;
  /** Where copies go before the schema changes. */
  readonly backupFolder: string;
  /** The schema's steps; another list is for tests. */
  readonly migrations?: readonly Migration[];
}

/** 'Post': tells our files from other SQLite databases. */
const applicationId = 0x506f7374;

const pragma = (db: Database.Database, name: string): number => Number(db.pragma(name, { simple: true }));

function connect(file: string): WritableDb {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // The one place where a connection becomes writable; the brand exists in the types only.
  return new Database(file, { timeout: 5000 }) as WritableDb;
}

/** Settings of a connection. The first one reads the file's header: what is no database ends here. */
function configure(db: WritableDb): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  // Without it macOS only hands a commit to the drive's cache; costs nothing elsewhere.
  db.pragma('fullfsync = ON');
  db.pragma('foreign_keys = ON');
  // What was unsent must not be readable in the file: freed space is overwritten.
  db.pragma('secure_delete = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma('cache_size = -32000');
  // 32 MB. What has been changed again meanwhile is copied once, and the disk is waited for seldom: with SQLite's own
  // 4 MB that took two thirds of the time of reading 100,000 messages from an archive.
  db.pragma('wal_autocheckpoint = 8000');
  db.pragma('journal_size_limit = 67108864');
  // A database somebody else prepared can't run more through its triggers than SQLite holds harmless.
  db.pragma('trusted_schema = OFF');
}

/** Refuses what is not ours before anything is written to it. Returns the version found; 0 for an empty file. */
function versionOf(db: WritableDb, known: number): number {
  const found = pragma(db, 'user_version');
  if (found > known) throw new PostcardError('database-newer', { found, known });
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get();
  const ours = pragma(db, 'application_id') === applicationId && found > 0;
  if (!ours && tables !== 0) throw new PostcardError('database-broken', { reason: 'not-postcard' });
  if (ours && tables === 0) throw new PostcardError('database-broken', { reason: 'empty' });
  return found;
}

function checkIfUnclean(db: WritableDb, file: string): void {
  if (!wasUnclean(file)) return;
  const answer = db.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') throw new PostcardError('database-broken', { reason: 'check' });
  forgetUnclean(file);
}

function migrate(db: WritableDb, found: number, steps: readonly Migration[], backupFolder: string): void {
  const missing = steps.filter((step) => step.version > found);
  if (missing.length === 0) return;
  if (found > 0) backup(db, backupFolder);
  for (const step of missing) {
    transact(db, () => {
      step.up(db);
      db.pragma(`user_version = ${step.version}`);
      db.pragma(`application_id = ${applicationId}`);
    });
  }
  // The new schema is on the disk before anything is written into it.
  db.pragma('wal_checkpoint(TRUNCATE)');
}

/**
 * Opens the account's database, or makes it, and brings it to this build's version after a backup. A file that is
 * broken or newer stays as it is. Throws PostcardError: database-newer {found, known}, database-broken, disk-full,
 * folder-unwritable.
 */
export function openStore(o: OpenStoreOptions): Store {
  const steps = o.migrations ?? migrations;
  let db: WritableDb | undefined;
  try {
    db = connect(o.file);
    // Read before `journal_mode` writes to the header of a database that may not be ours.
    const found = versionOf(db, steps.at(-1)?.version ?? 0);
    configure(db);
    checkIfUnclean(db, o.file);
    migrate(db, found, steps, o.backupFolder);
    const opened = db;
    return { db, close: () => void opened.close() };
  } catch (error) {
    db?.close();
    throw saysBroken(error)
      ? new PostcardError('database-broken', {}, { cause: error })
      : translated(error, o.file);
  }
}
