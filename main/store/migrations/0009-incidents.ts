import type { Migration } from './migration.ts';

/**
 * Reports and their evidence (docs/mechanisms/reports.md). An incident holds copies, and refers to no message, so
 * that what is unsent, deleted or folded later stays in it. `evidence` and `manifest` are written once and never
 * changed. `incident_file` names files of the media store that clearing away leaves alone. `report_in_block` is the
 * report that goes inside of a block (XEP-0377).
 */
const tables = `
CREATE TABLE incident (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  token TEXT NOT NULL,
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  sending TEXT NOT NULL
    CHECK (sending IN ('kept', 'waiting', 'wire', 'sent', 'refused', 'nobody', 'by-hand')),
  contacts TEXT NOT NULL DEFAULT '[]',
  sent_to TEXT,
  wire_at INTEGER,
  sent_at INTEGER,
  report_in_block TEXT NOT NULL DEFAULT 'none' CHECK (report_in_block IN ('none', 'waiting', 'sent')),
  summary TEXT NOT NULL,
  manifest TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX incident_by_token ON incident (token);
CREATE INDEX incident_by_time ON incident (created_at DESC, id DESC);
CREATE INDEX incident_to_send ON incident (id) WHERE sending IN ('waiting', 'wire');
CREATE INDEX incident_in_block ON incident (address, id) WHERE report_in_block = 'waiting';

CREATE TABLE incident_file (
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  PRIMARY KEY (incident_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_file_by_file ON incident_file (sha256);

CREATE TABLE incident_note (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  content TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;
CREATE INDEX incident_note_by_incident ON incident_note (incident_id, id);
`;

export const incidents: Migration = { version: 9, name: 'incidents', up: (db) => void db.exec(tables) };
