import type { WritableDb } from '../db.ts';
import type { Migration } from './migration.ts';

/**
 * `sort_name` and `search_text` are folded by the app, since SQLite knows upper and lower case of ASCII only: lists
 * are paged by the one and searches look through the other, both in an index (docs/mechanisms/people.md).
 * `accepted` is what the roster says of who is let in, `roster_groups` what else its item says and has to be kept
 * when the item is written.
 */
const steps = `
ALTER TABLE person ADD COLUMN bio TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN interests TEXT NOT NULL DEFAULT '[]';
ALTER TABLE person ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN in_roster INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN follow_pending INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN follow_request INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN roster_groups TEXT NOT NULL DEFAULT '[]';
ALTER TABLE person ADD COLUMN sort_name TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE person SET in_roster = 1 WHERE subscription <> 'none';
CREATE INDEX person_by_text ON person (sort_name, address, search_text);
CREATE INDEX person_friends ON person (sort_name, address) WHERE subscription = 'both';
CREATE INDEX person_following ON person (sort_name, address) WHERE subscription IN ('to', 'both');
CREATE INDEX person_followers ON person (sort_name, address) WHERE subscription IN ('from', 'both');
CREATE INDEX person_requests ON person (sort_name, address) WHERE follow_request = 1;
CREATE INDEX person_in_roster ON person (address) WHERE in_roster = 1;

CREATE TABLE contact_note (
  address TEXT PRIMARY KEY,
  note TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL,
  unsynced INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_note_unsynced ON contact_note (address) WHERE unsynced = 1;
CREATE TABLE contact_tag (
  address TEXT NOT NULL REFERENCES contact_note (address) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (address, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_tag_by_tag ON contact_tag (tag, address);
`;

/** As they were when this was written: a migration does the same for good. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

function fillTexts(db: WritableDb): void {
  const all = db.prepare('SELECT address, name, nick FROM person').all() as {
    address: string;
    name: string;
    nick: string;
  }[];
  const update = db.prepare('UPDATE person SET sort_name = ?, search_text = ? WHERE address = ?');
  for (const { address, name, nick } of all) {
    const shown = name.trim() || nick.trim() || address.split('@')[0] || address;
    update.run(fold(shown).slice(0, 100), fold([shown, nick, address].join('\n')), address);
  }
}

export const people: Migration = {
  version: 4,
  name: 'people',
  up: (db) => {
    db.exec(steps);
    fillTexts(db);
  },
};
