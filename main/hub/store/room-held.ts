import { sql } from './database.ts';
import type { Db } from './database.ts';

/** A message that waits for a moderator. */
export interface HeldInRoom {
  readonly id: number;
  readonly user: string;
  /** Its sender's id of it. */
  readonly messageId: string;
  /** ms */
  readonly at: number;
  readonly why: 'first' | 'words';
  /** What it will be once it is published; with a caption that followed it, both. */
  readonly xml: readonly string[];
}

type Row = Omit<HeldInRoom, 'xml'> & { xml: string };
const COLUMNS = 'id, user, message_id AS messageId, at, why, xml';
const toHeld = (row: Row): HeldInRoom => ({ ...row, xml: JSON.parse(row.xml) as string[] }); // written below alone

export function addHeldInRoom(db: Db, room: number, held: Omit<HeldInRoom, 'id'>): number {
  const insert = 'INSERT INTO room_held (room, user, message_id, at, why, xml) VALUES (?, ?, ?, ?, ?, ?)';
  const values = [room, held.user, held.messageId, held.at, held.why, JSON.stringify(held.xml)];
  return Number(sql(db, insert).run(...values).lastInsertRowid);
}

/** Adds what belongs to it. */
export function extendHeld(db: Db, id: number, xml: readonly string[]): void {
  sql(db, 'UPDATE room_held SET xml = ? WHERE id = ?').run(JSON.stringify(xml), id);
}

/** What became of somebody's message: it waits, somebody said no, or (null) it never waited. */
export function heldState(db: Db, room: number, user: string, messageId: string): 'held' | 'dropped' | null {
  const query = 'SELECT dropped FROM room_held WHERE room = ? AND user = ? AND message_id = ?';
  const row = sql<{ dropped: number }>(db, query).get(room, user, messageId);
  return row === undefined ? null : row.dropped === 1 ? 'dropped' : 'held';
}

export function findHeld(db: Db, room: number, id: number): HeldInRoom | null {
  const query = `SELECT ${COLUMNS} FROM room_held WHERE room = ? AND id = ? AND dropped = 0`;
  const row = sql<Row>(db, query).get(room, id);
  return row ? toHeld(row) : null;
}

export function findHeldMessage(db: Db, room: number, user: string, messageId: string): HeldInRoom | null {
  const query = `SELECT ${COLUMNS} FROM room_held WHERE room = ? AND user = ? AND message_id = ? AND dropped = 0`;
  const row = sql<Row>(db, query).get(room, user, messageId);
  return row ? toHeld(row) : null;
}

export function listHeldInRoom(db: Db, room: number, limit: number): HeldInRoom[] {
  const query = `SELECT ${COLUMNS} FROM room_held WHERE room = ? AND dropped = 0 ORDER BY id LIMIT ?`;
  return sql<Row>(db, query).all(room, limit).map(toHeld);
}

export function countHeldInRoom(db: Db, room: number, user: string): { all: number; own: number } {
  const query = `SELECT count(*) AS "all", coalesce(sum(user = ?), 0) AS own FROM room_held WHERE room = ? AND dropped = 0`;
  return sql<{ all: number; own: number }>(db, query).get(user, room) ?? { all: 0, own: 0 };
}

export function deleteHeld(db: Db, id: number): void {
  sql(db, 'DELETE FROM room_held WHERE id = ?').run(id);
}

/** Forgets its text and remembers that it is not wanted; `before` (ms): since when such memories are over. */
export function dropHeldInRoom(db: Db, id: number, before: number): void {
  sql(db, "UPDATE room_held SET dropped = 1, xml = '[]' WHERE id = ?").run(id);
  sql(db, 'DELETE FROM room_held WHERE dropped = 1 AND at < ?').run(before);
}
