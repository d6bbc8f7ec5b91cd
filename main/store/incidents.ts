import type { ReportReason } from '../../contract/reports.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { insert, row, rows, run, value } from './sql.ts';
import { transact } from './transaction.ts';

/** `wire`: written to the stream and not confirmed. */
export type IncidentSending = 'kept' | 'waiting' | 'wire' | 'sent' | 'refused' | 'nobody' | 'by-hand';

/** What lists show of an incident; made by features/reports, which alone knows what is in it. */
export interface IncidentSummary {
  readonly messages: number;
  readonly files: number;
  readonly absent: number;
}

export interface IncidentRow {
  readonly id: number;
  /** Made by whoever asked for it, so that asking twice makes one. */
  readonly token: string;
  readonly address: string;
  readonly reason: ReportReason;
  /** Unix time, ms. */
  readonly createdAt: number;
  /** SHA-256 of the manifest, hexadecimal. */
  readonly sha256: string;
  readonly sending: IncidentSending;
  /** The server's contact addresses, as far as it was asked. */
  readonly contacts: readonly string[];
  readonly sentTo: string | null;
  /** Unix time, ms. */
  readonly wireAt: number | null;
  readonly sentAt: number | null;
  readonly summary: IncidentSummary;
}

/** A file of the media store under the name it has in the evidence. */
export interface IncidentFile {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly mediaType: string;
}

export interface IncidentNoteRow {
  /** Canonical JSON. */
  readonly content: string;
  readonly sha256: string;
}

export interface NewIncident {
  readonly token: string;
  readonly address: string;
  readonly reason: ReportReason;
  readonly createdAt: number;
  readonly sha256: string;
  readonly sending: 'kept' | 'waiting';
  readonly reportInBlock: boolean;
  readonly summary: IncidentSummary;
  /** Canonical JSON, both. */
  readonly manifest: string;
  readonly evidence: string;
  /** HTML. */
  readonly page: string;
  readonly files: readonly IncidentFile[];
}

const columns = `id, token, address, reason, created_at AS createdAt, sha256, sending, contacts, sent_to AS sentTo,
  wire_at AS wireAt, sent_at AS sentAt, summary`;

type Stored = Omit<IncidentRow, 'contacts' | 'summary'> & { contacts: string; summary: string };

// Both are JSON that only this file writes.
const toRow = (s: Stored): IncidentRow => ({
  ...s,
  contacts: JSON.parse(s.contacts) as string[],
  summary: JSON.parse(s.summary) as IncidentSummary,
});

/** Stores an incident with its files' names. One with this token that is there already stays as it is. */
export function insertIncident(db: WritableDb, i: NewIncident): number {
  return transact(db, () => {
    const known = value<number>(db, 'SELECT id FROM incident WHERE token = ?', i.token);
    if (known !== undefined) return known;
    const id = insert(
      db,
      `INSERT INTO incident (token, address, reason, created_at, sha256, sending, report_in_block, summary, manifest,
                             evidence, page) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      i.token,
      i.address,
      i.reason,
      i.createdAt,
      i.sha256,
      i.sending,
      i.reportInBlock ? 'waiting' : 'none',
      JSON.stringify(i.summary),
      i.manifest,
      i.evidence,
      i.page,
    );
    for (const f of i.files)
      run(
        db,
        'INSERT INTO incident_file (incident_id, name, sha256, bytes, media_type) VALUES (?, ?, ?, ?, ?)',
        id,
        f.name,
        f.sha256,
        f.bytes,
        f.mediaType,
      );
    return id;
  });
}

const only = (db: ReadableDb, where: string, ...params: (string | number)[]): IncidentRow | null => {
  const found = row<Stored>(db, `SELECT ${columns} FROM incident WHERE ${where}`, ...params);
  return found ? toRow(found) : null;
};

export const incidentById = (db: ReadableDb, id: number): IncidentRow | null => only(db, 'id = ?', id);
export const incidentByToken = (db: ReadableDb, token: string): IncidentRow | null =>
  only(db, 'token = ?', token);

/** What was kept, byte for byte; `page`: null where none was. Throws not-found. */
export function incidentContent(
  db: ReadableDb,
  id: number,
): { manifest: string; evidence: string; page: string | null } {
  const found = row<{ manifest: string; evidence: string; page: string | null }>(
    db,
    'SELECT manifest, evidence, page FROM incident WHERE id = ?',
    id,
  );
  if (!found) throw new PostcardError('not-found');
  return found;
}

/** Newest first. `before`: `next` of the page before; anything else throws invalid-argument. */
export function listIncidents(
  db: ReadableDb,
  o: { before: string | null; limit: number },
): { items: IncidentRow[]; next: string | null } {
  const [at, id] = o.before === null ? [Number.MAX_SAFE_INTEGER, 0] : parseCursor(o.before);
  const found = rows<Stored>(
    db,
    `SELECT ${columns} FROM incident WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`,
    at,
    id,
    o.limit + 1,
  );
  const last = found.length > o.limit ? found[o.limit - 1] : undefined;
  return { items: found.slice(0, o.limit).map(toRow), next: last ? `${last.createdAt}.${last.id}` : null };
}

function parseCursor(cursor: string): [number, number] {
  const [, at, id] = /^(\d{1,16})\.(\d{1,16})$/.exec(cursor) ?? [];
  if (at === undefined) throw new PostcardError('invalid-argument');
  return [Number(at), Number(id)];
}

/** By name. */
export const incidentFiles = (db: ReadableDb, id: number): IncidentFile[] =>
  rows<IncidentFile>(
    db,
    `SELECT name, sha256, bytes, media_type AS mediaType FROM incident_file WHERE incident_id = ? ORDER BY name`,
    id,
  );

/** In the order they were written. */
export const incidentNotes = (db: ReadableDb, id: number): IncidentNoteRow[] =>
  rows<IncidentNoteRow>(
    db,
    'SELECT content, sha256 FROM incident_note WHERE incident_id = ? ORDER BY id',
    id,
  );

/** `make` is given the notes so far, of which the new one holds the last one's hash. Throws not-found. */
export function addIncidentNote(
  db: WritableDb,
  id: number,
  make: (before: readonly IncidentNoteRow[], sha256: string) => IncidentNoteRow,
): void {
  transact(db, () => {
    const incident = incidentById(db, id);
    if (!incident) throw new PostcardError('not-found');
    const note = make(incidentNotes(db, id), incident.sha256);
    run(
      db,
      'INSERT INTO incident_note (incident_id, content, sha256) VALUES (?, ?, ?)',
      id,
      note.content,
      note.sha256,
    );
  });
}

/** With its notes; its files go with the next clearing away. False when it was gone already. */
export const deleteIncident = (db: WritableDb, id: number): boolean =>
  run(db, 'DELETE FROM incident WHERE id = ?', id) > 0;
