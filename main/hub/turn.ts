import type Database from 'better-sqlite3';
import type { Db } from './store/database.ts';

/** Something that holds back what it has to say until the turn is on disk. */
export interface Flushable {
  flush(): void;
}

/**
 * One transaction for everything that arrives in one turn of the event loop.
 *
 * Nothing is written to a socket before the commit: an acknowledgement, a result or a delivered message
 * is therefore only ever seen for what is already on disk. With `synchronous=FULL` a commit costs a sync of
 * the disk, and 200 messages of one burst share it.
 */
export class Turn {
  readonly #db: Db;
  readonly #onFailure: (error: unknown) => void;
  readonly #waiting = new Set<Flushable>();
  readonly #lastWords = new Map<string, () => void>();
  #changesAtBegin = 0;
  readonly #countChanges: Database.Statement<[], number>;
  #scheduled = false;
  #began = false;

  /** `onFailure` is called when a whole turn could not be kept: nothing of it may be seen outside. */
  constructor(db: Db, onFailure: (error: unknown) => void) {
    this.#db = db;
    this.#onFailure = onFailure;
    this.#countChanges = db.prepare<[], number>('SELECT total_changes()').pluck();
  }

  /** Runs work inside the current turn; what it wrote is undone alone when it throws. */
  run<T>(work: () => T): T {
    this.#begin();
    this.#db.exec('SAVEPOINT step');
    try {
      const result = work();
      this.#db.exec('RELEASE step');
      return result;
    } catch (error) {
      // SQLite may have given up the whole transaction by itself (a full disk); settle() notices.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK TO step; RELEASE step');
      throw error;
    }
  }

  /**
   * Has `write` run just before the commit, once a turn and key; but only when the turn wrote something
   * anyway, so that a ping does not cost a sync of the disk.
   */
  beforeCommit(key: string, write: () => void): void {
    this.#lastWords.set(key, write);
  }

  /** Has `target` flushed once the turn is on disk. */
  flushLater(target: Flushable): void {
    this.#waiting.add(target);
    this.#schedule();
  }

  /** Commits now and lets everything out. */
  settle(): void {
    try {
      if (this.#scheduled && this.#db.open && this.#began) this.#commit();
    } catch (error) {
      this.#waiting.clear();
      this.#lastWords.clear();
      this.#began = false;
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      this.#onFailure(error);
    }
    this.#scheduled = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const target of waiting) target.flush();
  }

  #commit(): void {
    this.#began = false;
    if (!this.#db.inTransaction) throw new Error('The transaction was lost');
    const wrote = this.#totalChanges() !== this.#changesAtBegin;
    if (wrote) for (const write of this.#lastWords.values()) write();
    this.#lastWords.clear();
    this.#db.exec('COMMIT');
  }

  #begin(): void {
    if (!this.#began) {
      this.#db.exec('BEGIN');
      this.#began = true;
      this.#changesAtBegin = this.#totalChanges();
    }
    this.#schedule();
  }

  #totalChanges(): number {
    return this.#countChanges.get() ?? 0;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.settle());
  }
}
