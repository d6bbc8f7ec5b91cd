import type { WritableDb } from '../db.ts';

/** One step of the schema. Once released it never changes; a later one mends it. */
export interface Migration {
  /** The database's `user_version` after it. */
  readonly version: number;
  readonly name: string;
  /** Runs inside a transaction. */
  up(db: WritableDb): void;
}
