import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run } from './sql.ts';
import { transact } from './transaction.ts';

/** What I wrote down about somebody, for myself. */
export interface ContactNote {
  readonly address: string;
  readonly note: string;
  /** By name. */
  readonly tags: readonly string[];
  /** Unix time, ms; 0 where nothing was ever written. */
  readonly changedAt: number;
}

/** Also for people nothing was written about. */
export function contactNote(db: ReadableDb, address: string): ContactNote {
  const found = row<{ note: string; changedAt: number }>(
    db,
    'SELECT note, changed_at AS changedAt FROM contact_note WHERE address = ?',
    address,
  );
  const tags = rows<{ tag: string }>(
    db,
    'SELECT tag FROM contact_tag WHERE address = ? ORDER BY tag',
    address,
  ).map(({ tag }) => tag);
  return { address, note: found?.note ?? '', tags, changedAt: found?.changedAt ?? 0 };
}

/** Stores a note with its tags. `unsynced`: other devices have not been told yet. */
export function saveContactNote(
  db: WritableDb,
  note: ContactNote,
  { unsynced }: { unsynced: boolean },
): void {
  transact(db, () => {
    run(
      db,
      `INSERT INTO contact_note (address, note, changed_at, unsynced) VALUES (?, ?, ?, ?)
       ON CONFLICT (address) DO UPDATE SET note = excluded.note, changed_at = excluded.changed_at,
         unsynced = excluded.unsynced`,
      note.address,
      note.note,
      note.changedAt,
      unsynced ? 1 : 0,
    );
    run(db, 'DELETE FROM contact_tag WHERE address = ?', note.address);
    for (const tag of new Set(note.tags)) {
      run(db, 'INSERT INTO contact_tag (address, tag) VALUES (?, ?)', note.address, tag);
    }
  });
}

/** Notes that other devices have not been told of. */
export const unsyncedNotes = (db: ReadableDb): ContactNote[] =>
  rows<{ address: string }>(db, 'SELECT address FROM contact_note WHERE unsynced = 1').map(({ address }) =>
    contactNote(db, address),
  );

/** Other devices were told of it as it was then. */
export function markNoteSynced(db: WritableDb, note: Pick<ContactNote, 'address' | 'changedAt'>): void {
  run(
    db,
    'UPDATE contact_note SET unsynced = 0 WHERE address = ? AND changed_at = ?',
    note.address,
    note.changedAt,
  );
}

/** Every tag in use, by name. */
export const allTags = (db: ReadableDb): string[] =>
  rows<{ tag: string }>(db, 'SELECT DISTINCT tag FROM contact_tag ORDER BY tag').map(({ tag }) => tag);
