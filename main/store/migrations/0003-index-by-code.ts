import type { Migration } from './migration.ts';

/**
 * The code that inserts messages writes both search indexes, a page's texts at once. Within an INSERT that has a
 * trigger SQLite keeps a savepoint for each row, and FTS5 writes out what it has gathered at every savepoint: five
 * times the work.
 */
export const indexByCode: Migration = {
  version: 3,
  name: 'index-by-code',
  up: (db) => void db.exec('DROP TRIGGER message_search_insert;'),
};
