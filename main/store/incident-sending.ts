import type { ReadableDb, WritableDb } from './db.ts';
import { incidentById, type IncidentRow } from './incidents.ts';
import { run, value, values } from './sql.ts';

/** Those in `waiting` or on the wire, oldest first. */
export const incidentsToSend = (db: ReadableDb): IncidentRow[] =>
  values<number>(
    db,
    `SELECT id FROM incident WHERE sending IN ('waiting', 'wire') ORDER BY id LIMIT 100`,
  ).flatMap((id) => incidentById(db, id) ?? []);

export function setIncidentContacts(db: WritableDb, id: number, contacts: readonly string[]): void {
  run(db, 'UPDATE incident SET contacts = ? WHERE id = ?', JSON.stringify(contacts), id);
}

/** What becomes of one that was to be sent, where its server can't be written to. */
export function setIncidentUnsendable(db: WritableDb, id: number, sending: 'nobody' | 'by-hand'): void {
  run(db, `UPDATE incident SET sending = ? WHERE id = ? AND sending = 'waiting'`, sending, id);
}

/** To be on the disk before a byte leaves. */
export function markIncidentOnWire(db: WritableDb, id: number, o: { to: string; at: number }): void {
  run(db, `UPDATE incident SET sending = 'wire', sent_to = ?, wire_at = ? WHERE id = ?`, o.to, o.at, id);
}

/** False when it was not on the wire. */
export const markIncidentSent = (db: WritableDb, id: number, at: number): boolean =>
  run(
    db,
    `UPDATE incident SET sending = 'sent', sent_at = ? WHERE id = ? AND sending IN ('wire', 'waiting')`,
    at,
    id,
  ) > 0;

/** To be sent, or sent again. */
export const requeueIncident = (db: WritableDb, id: number): boolean =>
  run(
    db,
    `UPDATE incident SET sending = 'waiting', wire_at = NULL
      WHERE id = ? AND sending IN ('kept', 'wire', 'refused', 'nobody', 'by-hand')`,
    id,
  ) > 0;

/** Its contact did not take it. False when it was not sent there. */
export const markIncidentRefused = (db: WritableDb, token: string, from: string): boolean =>
  run(
    db,
    `UPDATE incident SET sending = 'refused', sent_at = NULL
      WHERE token = ? AND sent_to = ? AND sending IN ('wire', 'sent')`,
    token,
    from,
  ) > 0;

/** The newest one whose report goes inside the block of this address (XEP-0377). */
export function incidentForBlock(db: ReadableDb, address: string): IncidentRow | null {
  const id = value<number>(
    db,
    `SELECT id FROM incident WHERE address = ? AND report_in_block = 'waiting' ORDER BY id DESC LIMIT 1`,
    address,
  );
  return id === undefined ? null : incidentById(db, id);
}

/** Addresses that were to be blocked with a report that has not been told. */
export const incidentBlocksWaiting = (db: ReadableDb): string[] =>
  values<string>(db, `SELECT DISTINCT address FROM incident WHERE report_in_block = 'waiting'`);

/** The block with its report was told, or there is none any more. */
export function markIncidentsInBlock(db: WritableDb, address: string, o: { told: boolean }): void {
  run(
    db,
    `UPDATE incident SET report_in_block = ? WHERE address = ? AND report_in_block = 'waiting'`,
    o.told ? 'sent' : 'none',
    address,
  );
}
