import { sql } from './database.ts';
import type { Db } from './database.ts';

/** `asked`: a stranger whose one text was let through. `known`: somebody the account let in. */
export type Acquaintance = 'asked' | 'known';

/** What an address is to an account; null for a stranger. */
export function findAcquaintance(db: Db, user: string, peer: string): Acquaintance | null {
  const query = 'SELECT state FROM acquaintance WHERE user = ? AND peer = ?';
  return sql<{ state: Acquaintance }>(db, query).get(user, peer)?.state ?? null;
}

export function markAsked(db: Db, user: string, peer: string): void {
  const insert = `INSERT OR IGNORE INTO acquaintance (user, peer, state) VALUES (?, ?, 'asked')`;
  sql(db, insert).run(user, peer);
}

/** False when they are known already. */
export function markKnown(db: Db, user: string, peer: string): boolean {
  if (findAcquaintance(db, user, peer) === 'known') return false;
  const insert = `INSERT OR REPLACE INTO acquaintance (user, peer, state) VALUES (?, ?, 'known')`;
  sql(db, insert).run(user, peer);
  return true;
}

/** An account is gone: whoever takes its name is somebody else. */
export function forgetPeer(db: Db, peer: string): void {
  sql(db, 'DELETE FROM acquaintance WHERE peer = ?').run(peer);
  sql(db, 'DELETE FROM held WHERE peer = ?').run(peer);
}

export type HeldKind = 'message' | 'photo' | 'extra';

export interface HeldMessage {
  /** Unix time, ms. */
  at: number;
  xml: string;
}

export function addHeld(
  db: Db,
  o: { user: string; peer: string; at: number; kind: HeldKind; xml: string },
): void {
  const insert = 'INSERT INTO held (user, peer, at, kind, chars, xml) VALUES (?, ?, ?, ?, ?, ?)';
  sql(db, insert).run(o.user, o.peer, o.at, o.kind, o.xml.length, o.xml);
}

/** In the order they came. */
export function listHeld(db: Db, user: string, peer: string): HeldMessage[] {
  const query = 'SELECT at, xml FROM held WHERE user = ? AND peer = ? ORDER BY id';
  return sql<HeldMessage>(db, query).all(user, peer);
}

/** False when there was nothing. */
export function deleteHeld(db: Db, user: string, peer: string): boolean {
  return sql(db, 'DELETE FROM held WHERE user = ? AND peer = ?').run(user, peer).changes > 0;
}

/** How much is held for an account, of one sender or of all of them; lengths in characters of XML. */
export function measureHeld(db: Db, user: string, peer?: string): { count: number; chars: number } {
  const one = peer === undefined ? '' : ' AND peer = ?';
  const query = `SELECT count(*) AS count, coalesce(sum(chars), 0) AS chars FROM held WHERE user = ?${one}`;
  const values = peer === undefined ? [user] : [user, peer];
  return sql<{ count: number; chars: number }>(db, query).get(...values) ?? { count: 0, chars: 0 };
}

export interface HeldCount {
  peer: string;
  /** Photos among them. */
  messages: number;
  photos: number;
  /** Unix time of the first one, ms. */
  at: number;
}

const COUNTS = `SELECT peer, sum(kind <> 'extra') AS messages, sum(kind = 'photo') AS photos, min(at) AS at FROM held`;

/** What is held from one sender; null when nothing is. */
export function countHeld(db: Db, user: string, peer: string): HeldCount | null {
  const query = `${COUNTS} WHERE user = ? AND peer = ? GROUP BY peer`;
  return sql<HeldCount>(db, query).get(user, peer) ?? null;
}

/** What is held for an account, by sender, the latest senders first. */
export function listHeldCounts(db: Db, user: string, limit: number): HeldCount[] {
  const query = `${COUNTS} WHERE user = ? GROUP BY peer ORDER BY max(id) DESC LIMIT ?`;
  return sql<HeldCount>(db, query).all(user, limit);
}
