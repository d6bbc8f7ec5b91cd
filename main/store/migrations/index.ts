import type { Migration } from './migration.ts';
import { start } from './0001-start.ts';
import { bounces } from './0002-bounces.ts';
import { searchLater } from './0003-search-later.ts';
import { people } from './0004-people.ts';

/** All of them, in order. A new one is added at the end, with a database of the version before it for the tests. */
export const migrations: readonly Migration[] = [start, bounces, searchLater, people];

/** The version this build writes. */
export const schemaVersion = migrations.length;
