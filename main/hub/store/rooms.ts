import { sql } from './database.ts';
import type { Db } from './database.ts';

export type Affiliation = 'owner' | 'admin' | 'member' | 'none' | 'outcast';

export interface RoomConfig {
  name: string;
  description: string;
  membersOnly: boolean;
  persistent: boolean;
  public: boolean;
  moderated: boolean;
  allowInvites: boolean;
  changeSubject: boolean;
  /** Whether new members may read what was written before they joined. */
  history: boolean;
  /** The owner's `policy` note as it was sent (JSON); missing where there is none. */
  policy?: string;
}

export interface StoredRoom {
  id: number;
  name: string;
  secret: string;
  configured: boolean;
  config: RoomConfig;
  /** The XML of the message that set it. */
  subject: string | null;
}

/** Somebody a room knows. */
export interface RoomPerson {
  user: string;
  affiliation: Affiliation;
  /** The nickname that is theirs; '' for none. */
  nick: string;
  /** Id of the last message before they joined; null until they did. */
  since: number | null;
  muted: boolean;
  /** Unix ms when the mute ends by itself; null: when a moderator ends it, or there is none. */
  mutedUntil: number | null;
  invitedBy: string;
  reason: string;
  /** They have written something that was published. */
  wrote: boolean;
}

type RoomRow = Omit<StoredRoom, 'configured' | 'config'> & { configured: number; config: string };
type PersonRow = Omit<RoomPerson, 'muted' | 'wrote'> & { muted: number; wrote: number };

const COLUMNS = 'id, name, secret, configured, config, subject';
const toRoom = (row: RoomRow): StoredRoom => ({
  ...row,
  configured: row.configured === 1,
  config: JSON.parse(row.config) as RoomConfig, // written below alone
});

export function findRoom(db: Db, name: string): StoredRoom | null {
  const row = sql<RoomRow>(db, `SELECT ${COLUMNS} FROM room WHERE name = ?`).get(name);
  return row ? toRoom(row) : null;
}

/** Rooms that anybody may find, by name. */
export function listPublicRooms(db: Db, limit: number): StoredRoom[] {
  const query = `SELECT ${COLUMNS} FROM room WHERE configured = 1 AND json_extract(config, '$.public')
    ORDER BY name LIMIT ?`;
  return sql<RoomRow>(db, query).all(limit).map(toRoom);
}

export function insertRoom(db: Db, name: string, secret: string, config: RoomConfig): number {
  const insert = `INSERT INTO room (name, secret, created_at, configured, persistent, config)
    VALUES (?, ?, ?, 0, ?, ?)`;
  const values = [name, secret, Date.now(), config.persistent ? 1 : 0, JSON.stringify(config)];
  return Number(sql(db, insert).run(...values).lastInsertRowid);
}

export function saveRoom(db: Db, { id, configured, config, subject }: StoredRoom): void {
  const update = 'UPDATE room SET configured = ?, persistent = ?, config = ?, subject = ? WHERE id = ?';
  sql(db, update).run(configured ? 1 : 0, config.persistent ? 1 : 0, JSON.stringify(config), subject, id);
}

/** Removes a room with its people and its archive. */
export function deleteRoom(db: Db, id: number): void {
  sql(db, 'DELETE FROM room WHERE id = ?').run(id);
}

/** Removes rooms that live only while somebody is in them, and those nobody finished making. */
export function deleteTemporaryRooms(db: Db): void {
  sql(db, 'DELETE FROM room WHERE persistent = 0 OR configured = 0').run();
}

export function countRooms(db: Db, owner: string): { all: number; own: number } {
  const query = `SELECT (SELECT count(*) FROM room) AS "all",
    (SELECT count(*) FROM room_person WHERE user = ? AND affiliation = 'owner') AS own`;
  return sql<{ all: number; own: number }>(db, query).get(owner) ?? { all: 0, own: 0 };
}

/** Everybody a room knows, those who came first at the beginning where that is known. */
export function listPeopleOfRoom(db: Db, room: number): RoomPerson[] {
  const query = `SELECT user, affiliation, nick, since, muted, muted_until AS mutedUntil, invited_by AS invitedBy,
      reason, wrote
    FROM room_person WHERE room = ? ORDER BY since IS NULL, since, user`;
  return sql<PersonRow>(db, query)
    .all(room)
    .map((row) => ({ ...row, muted: row.muted === 1, wrote: row.wrote === 1 }));
}

export function savePerson(db: Db, room: number, p: RoomPerson): void {
  const insert = `INSERT OR REPLACE INTO room_person
    (room, user, affiliation, nick, since, muted, muted_until, invited_by, reason, wrote)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
  const values = [
    p.user,
    p.affiliation,
    p.nick,
    p.since,
    p.muted ? 1 : 0,
    p.mutedUntil,
    p.invitedBy,
    p.reason,
    p.wrote ? 1 : 0,
  ];
  sql(db, insert).run(room, ...values);
}

export function deletePerson(db: Db, room: number, user: string): void {
  sql(db, 'DELETE FROM room_person WHERE room = ? AND user = ?').run(room, user);
}

/** Names of the rooms that know an account. */
export function roomsKnowing(db: Db, user: string): string[] {
  const query = 'SELECT name FROM room JOIN room_person ON room = id WHERE user = ?';
  return sql<{ name: string }>(db, query)
    .all(user)
    .map(({ name }) => name);
}

/** When an account was made, in ms: a later one of the same name is somebody else. */
export function accountMadeAt(db: Db, user: string): number {
  const query = 'SELECT created_at AS at FROM account WHERE user = ?';
  return sql<{ at: number }>(db, query).get(user)?.at ?? 0;
}
