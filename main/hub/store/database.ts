import Database from 'better-sqlite3';
import { MIGRATIONS } from './migrations/index.ts';

export type Db = Database.Database;

/** The file was written by a newer Postcard; opening it could damage it. */
export class NewerHubDatabase extends Error {
  readonly code = 'ENEWER';
}

/**
 * Opens (or creates) the hub's file and brings it to the current version.
 * `synchronous=FULL`, because an acknowledged message must survive a power cut.
 * @throws NewerHubDatabase, or SQLite's own error (SQLITE_CANTOPEN, SQLITE_FULL, SQLITE_NOTADB)
 */
export function openDatabase(file: string): Db {
  const db = new Database(file);
  try {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('busy_timeout = 3000');
    // What somebody takes back must not be readable in the file: freed space is overwritten.
    db.pragma('secure_delete = ON');
    migrate(db);
    // A crash may have left what was erased in the log.
    db.pragma('wal_checkpoint(TRUNCATE)');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function migrate(db: Db): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > MIGRATIONS.length) {
    throw new NewerHubDatabase(
      `The hub's data is of version ${version}, this program knows ${MIGRATIONS.length}`,
    );
  }
  MIGRATIONS.slice(version).forEach((sql, i) => {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${version + i + 1}`);
    }).immediate();
  });
}

const prepared = new WeakMap<Db, Map<string, Database.Statement<unknown[], unknown>>>();

/** A prepared statement, kept for the life of the database. `Row` is what the columns of the query are. */
export function sql<Row = never>(db: Db, text: string): Database.Statement<unknown[], Row> {
  let cache = prepared.get(db);
  if (!cache) prepared.set(db, (cache = new Map<string, Database.Statement<unknown[], unknown>>()));
  let statement = cache.get(text);
  if (!statement) cache.set(text, (statement = db.prepare<unknown[], unknown>(text)));
  return statement as Database.Statement<unknown[], Row>; // the caller names the row of its own query
}

/** Whether an error says that the disk (or the quota) is full. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT';
}
