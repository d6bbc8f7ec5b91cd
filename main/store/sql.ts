import type Database from 'better-sqlite3';
import { saysUnclean, translated } from './errors.ts';
import { markUnclean } from './unclean.ts';
import type { ReadableDb, WritableDb } from './db.ts';

export type Param = string | number | bigint | null | Buffer;
type Statement = Database.Statement<Param[]>;

const prepared = new WeakMap<ReadableDb, Map<string, Statement>>();
const plucked = new WeakMap<ReadableDb, Map<string, Statement>>();

function cacheOf(caches: WeakMap<ReadableDb, Map<string, Statement>>, db: ReadableDb) {
  let cache = caches.get(db);
  if (!cache) caches.set(db, (cache = new Map<string, Statement>()));
  return cache;
}

/** The prepared statement of this text, made once a database. Texts are constants: never put values into them. */
export function statement(db: ReadableDb, text: string): Statement {
  const cache = cacheOf(prepared, db);
  let found = cache.get(text);
  if (!found) cache.set(text, (found = db.prepare<Param[]>(text)));
  return found;
}

/** Every text prepared so far, for the test that looks at their plans. */
export const preparedTexts = (db: ReadableDb): string[] => [
  ...cacheOf(prepared, db).keys(),
  ...cacheOf(plucked, db).keys(),
];

/** Runs what may fail because of the disk; the error that leaves is one of the contract where it is expected. */
export function guarded<T>(db: ReadableDb, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    if (saysUnclean(error)) markUnclean(db.name);
    throw translated(error, db.name);
  }
}

/** The first row, or undefined. `T` is what the statement's columns are: the SQL stands beside it. */
export const row = <T>(db: ReadableDb, text: string, ...params: Param[]): T | undefined =>
  guarded(db, () => statement(db, text).get(...params) as T | undefined);

export const rows = <T>(db: ReadableDb, text: string, ...params: Param[]): T[] =>
  guarded(db, () => statement(db, text).all(...params) as T[]);

/** Row by row, for a caller that may stop early. No writing meanwhile. */
export const each = <T>(db: ReadableDb, text: string, ...params: Param[]): IterableIterator<T> =>
  guarded(db, () => statement(db, text).iterate(...params) as IterableIterator<T>);

function pluck(db: ReadableDb, text: string): Statement {
  const cache = cacheOf(plucked, db);
  let found = cache.get(text);
  if (!found) cache.set(text, (found = db.prepare<Param[]>(text).pluck()));
  return found;
}

/** The first column of the first row, or undefined. */
export const value = <T>(db: ReadableDb, text: string, ...params: Param[]): T | undefined =>
  guarded(db, () => pluck(db, text).get(...params) as T | undefined);

/** The first column of every row. */
export const values = <T>(db: ReadableDb, text: string, ...params: Param[]): T[] =>
  guarded(db, () => pluck(db, text).all(...params) as T[]);

/** Executes; returns the number of rows changed. */
export const run = (db: WritableDb, text: string, ...params: Param[]): number =>
  guarded(db, () => statement(db, text).run(...params).changes);

/** Executes an INSERT; returns the new row's id. */
export const insert = (db: WritableDb, text: string, ...params: Param[]): number =>
  guarded(db, () => Number(statement(db, text).run(...params).lastInsertRowid));
