import type Database from 'better-sqlite3';

declare const access: unique symbol;

/** The account's database, for functions that only read. */
export type ReadableDb = Database.Database & { readonly [access]: 'read' | 'write' };
/** The account's database, for functions that change it. */
export type WritableDb = Database.Database & { readonly [access]: 'write' };
