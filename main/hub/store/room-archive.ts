import { sql } from './database.ts';
import type { Db } from './database.ts';

export interface RoomMessage {
  id: number;
  at: number;
  occupant: string;
  nick: string;
  xml: string;
}

/** Which part of a room's archive is asked for; times in ms, ids exclusive. */
export interface RoomFilter {
  nick?: string;
  start?: number;
  end?: number;
  after?: number;
  before?: number;
  ids?: number[];
  /** Without what is for moderators alone. */
  public?: boolean;
}

/** Reserves the next id, since the stored XML names its own. */
export function addRoomMessage(
  db: Db,
  room: number,
  at: number,
  by: { occupant: string; nick: string; moderators?: boolean },
): number {
  const insert = `INSERT INTO room_archive (room, at, occupant, nick, moderators, xml) VALUES (?, ?, ?, ?, ?, '')`;
  const values = [room, at, by.occupant, by.nick, by.moderators ? 1 : 0];
  return Number(sql(db, insert).run(...values).lastInsertRowid);
}

export function setRoomMessage(db: Db, id: number, xml: string): void {
  sql(db, 'UPDATE room_archive SET xml = ? WHERE id = ?').run(xml, id);
}

export function findRoomMessage(db: Db, room: number, id: number): RoomMessage | null {
  const query = 'SELECT id, at, occupant, nick, xml FROM room_archive WHERE room = ? AND id = ?';
  return sql<RoomMessage>(db, query).get(room, id) ?? null;
}

/** Later messages of the same occupant that have one of these texts in them, oldest first. */
export function laterWith(
  db: Db,
  room: number,
  { id, occupant }: RoomMessage,
  texts: readonly string[],
): RoomMessage[] {
  const query = `SELECT id, at, occupant, nick, xml FROM room_archive
    WHERE room = ? AND id > ? AND occupant = ?
      AND EXISTS (SELECT 1 FROM json_each(?) t WHERE instr(xml, t.value) > 0) ORDER BY id`;
  return sql<RoomMessage>(db, query).all(room, id, occupant, JSON.stringify(texts));
}

/** The highest id of a room; 0 when nothing was written. */
export function lastRoomMessage(db: Db, room: number): number {
  return (
    sql<{ id: number | null }>(db, 'SELECT max(id) AS id FROM room_archive WHERE room = ?').get(room)?.id ?? 0
  );
}

function where(room: number, filter: RoomFilter): { text: string; values: unknown[] } {
  const clauses = ['room = ?'];
  const values: unknown[] = [room];
  const add = (clause: string, value: unknown): void => {
    if (value === undefined) return;
    clauses.push(clause);
    values.push(value);
  };
  add('nick = ?', filter.nick);
  if (filter.public) clauses.push('moderators = 0');
  add('at >= ?', filter.start);
  add('at <= ?', filter.end);
  add('id > ?', filter.after);
  add('id < ?', filter.before);
  add('id IN (SELECT value FROM json_each(?))', filter.ids && JSON.stringify(filter.ids));
  return { text: clauses.join(' AND '), values };
}

/** At most `limit` messages, oldest first; with `last` the newest ones of the filter. */
export function listRoomMessages(
  db: Db,
  room: number,
  filter: RoomFilter,
  page: { limit: number; last: boolean; skip: number },
): RoomMessage[] {
  const { text, values } = where(room, filter);
  const order = page.last ? 'DESC' : 'ASC';
  const query = `SELECT id, at, occupant, nick, xml FROM room_archive WHERE ${text} ORDER BY id ${order} LIMIT ? OFFSET ?`;
  const rows = sql<RoomMessage>(db, query).all(...values, page.limit, page.skip);
  return page.last ? rows.reverse() : rows;
}

export function countRoomMessages(db: Db, room: number, filter: RoomFilter): number {
  const { text, values } = where(room, filter);
  return (
    sql<{ n: number }>(db, `SELECT count(*) AS n FROM room_archive WHERE ${text}`).get(...values)?.n ?? 0
  );
}
