import type { Migration } from './migration.ts';

/** Received messages whose senders want to hear that they were displayed, until they were told or it was not wanted. */
export const status: Migration = {
  version: 7,
  name: 'status',
  up: (db) =>
    void db.exec(
      `CREATE TABLE markable_message (
         message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE
       ) STRICT;`,
    ),
};
