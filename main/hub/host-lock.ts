import Database from 'better-sqlite3';

/** The right to host the hub of a home; the system takes it back when the process ends, however it ends. */
export interface HostLock {
  release(): void;
}

/**
 * Takes the lock if it is free; null when another process (or another part of this one) has it.
 * SQLite's own file lock, because it behaves alike on all systems and leaves nothing stale behind.
 * @throws SQLITE_CANTOPEN and the like when the file can't be used at all
 */
export function takeLock(file: string): HostLock | null {
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
    return { release: () => void db.close() };
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
}
