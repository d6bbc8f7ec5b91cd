import { sql } from './database.ts';
import type { Db } from './database.ts';

export interface ArchivedMessage {
  id: number;
  at: number;
  xml: string;
}

/** Which part of an archive is asked for; times in ms, ids exclusive. */
export interface ArchiveFilter {
  peer?: string;
  peerFull?: string;
  start?: number;
  end?: number;
  after?: number;
  before?: number;
  ids?: number[];
}

/** Reserves the next archive id by writing an empty row, since the stored XML names its own id. */
export function addToArchive(db: Db, user: string, peer: string, peerFull: string, at: number): number {
  const insert = `INSERT INTO archive (user, peer, peer_full, at, xml) VALUES (?, ?, ?, ?, '')`;
  return Number(sql(db, insert).run(user, peer, peerFull, at).lastInsertRowid);
}

export function setArchivedXml(db: Db, id: number, xml: string): void {
  sql(db, 'UPDATE archive SET xml = ? WHERE id = ?').run(xml, id);
}

/** What it was sent with. */
export function setMessageId(db: Db, id: number, messageId: string): void {
  sql(db, 'UPDATE archive SET message_id = ? WHERE id = ?').run(messageId, id);
}

export function archivedIdExists(db: Db, user: string, id: number): boolean {
  return sql(db, 'SELECT 1 FROM archive WHERE id = ? AND user = ?').get(id, user) !== undefined;
}

function where(user: string, filter: ArchiveFilter): { text: string; values: unknown[] } {
  const clauses = ['user = ?'];
  const values: unknown[] = [user];
  const add = (clause: string, value: unknown): void => {
    if (value === undefined) return;
    clauses.push(clause);
    values.push(value);
  };
  add('peer = ?', filter.peer);
  add('peer_full = ?', filter.peerFull);
  add('at >= ?', filter.start);
  add('at <= ?', filter.end);
  add('id > ?', filter.after);
  add('id < ?', filter.before);
  if (filter.ids) {
    clauses.push(`id IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(filter.ids));
  }
  return { text: clauses.join(' AND '), values };
}

/** At most `limit` messages, oldest first; with `last` the newest ones of the filter. `skip` passes over rows. */
export function listArchive(
  db: Db,
  user: string,
  filter: ArchiveFilter,
  page: { limit: number; last: boolean; skip: number },
): ArchivedMessage[] {
  const { text, values } = where(user, filter);
  const order = page.last ? 'DESC' : 'ASC';
  const query = `SELECT id, at, xml FROM archive WHERE ${text} ORDER BY id ${order} LIMIT ? OFFSET ?`;
  const rows = sql<ArchivedMessage>(db, query).all(...values, page.limit, page.skip);
  return page.last ? rows.reverse() : rows;
}

export function countArchive(db: Db, user: string, filter: ArchiveFilter): number {
  const { text, values } = where(user, filter);
  return sql<{ n: number }>(db, `SELECT count(*) AS n FROM archive WHERE ${text}`).get(...values)?.n ?? 0;
}
