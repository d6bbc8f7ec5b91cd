import type { Migration } from './migration.ts';

/**
 * The readable page of an incident as it was sealed, byte for byte: a later version of the app would write another one,
 * which its fingerprint would not fit. Null for incidents that were made before it was kept.
 */
export const incidentPage: Migration = {
  version: 19,
  name: 'incident-page',
  up: (db) => void db.exec('ALTER TABLE incident ADD COLUMN page TEXT'),
};
