import type { Migration } from './migration.ts';

/** Ids of messages of ours that came back as errors: the archive keeps its copy of them all the same. */
export const bounces: Migration = {
  version: 2,
  name: 'bounces',
  up: (db) => void db.exec('CREATE TABLE bounce (origin_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;'),
};
