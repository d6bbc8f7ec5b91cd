import { sql } from './database.ts';
import type { Db } from './database.ts';

/** One rule of a privacy list (XEP-0016 §2.1); `kinds` empty means everything. */
export interface PrivacyItem {
  action: 'allow' | 'deny';
  order: number;
  type: 'jid' | 'group' | 'subscription' | null;
  value: string;
  kinds: PrivacyKind[];
}
export type PrivacyKind = 'message' | 'iq' | 'presence-in' | 'presence-out';

export function listPrivacyLists(db: Db, user: string): string[] {
  const query = 'SELECT name FROM privacy_list WHERE user = ? ORDER BY name';
  return sql<{ name: string }>(db, query)
    .all(user)
    .map((row) => row.name);
}

/** A list's rules in order; null when there is no such list. */
export function findPrivacyList(db: Db, user: string, name: string): PrivacyItem[] | null {
  const query = 'SELECT items FROM privacy_list WHERE user = ? AND name = ?';
  const row = sql<{ items: string }>(db, query).get(user, name);
  return row ? (JSON.parse(row.items) as PrivacyItem[]) : null; // written by savePrivacyList alone
}

export function savePrivacyList(db: Db, user: string, name: string, items: PrivacyItem[]): void {
  const ordered = items.toSorted((a, b) => a.order - b.order);
  const insert = 'INSERT OR REPLACE INTO privacy_list (user, name, items) VALUES (?, ?, ?)';
  sql(db, insert).run(user, name, JSON.stringify(ordered));
}

export function deletePrivacyList(db: Db, user: string, name: string): void {
  sql(db, 'DELETE FROM privacy_list WHERE user = ? AND name = ?').run(user, name);
}

export function listBlocks(db: Db, user: string): string[] {
  const query = 'SELECT jid FROM block WHERE user = ? ORDER BY jid';
  return sql<{ jid: string }>(db, query)
    .all(user)
    .map((row) => row.jid);
}

/** Whether any of the given forms of an address is blocked. */
export function isBlockedAny(db: Db, user: string, forms: string[]): boolean {
  const query = 'SELECT 1 FROM block WHERE user = ? AND jid IN (?, ?, ?, ?) LIMIT 1';
  const four = [0, 1, 2, 3].map((i) => forms[i] ?? '');
  return sql(db, query).get(user, ...four) !== undefined;
}

export function addBlock(db: Db, user: string, jid: string): void {
  sql(db, 'INSERT INTO block (user, jid) VALUES (?, ?) ON CONFLICT DO NOTHING').run(user, jid);
}

export function removeBlock(db: Db, user: string, jid: string): void {
  sql(db, 'DELETE FROM block WHERE user = ? AND jid = ?').run(user, jid);
}

export interface Report {
  reporter: string;
  culprit: string;
  reason: string;
  xml: string;
}

/** Puts a report (XEP-0377) into the queue of whoever looks after this hub. */
export function addReport(db: Db, report: Report): void {
  const insert = 'INSERT INTO report (at, reporter, culprit, reason, xml) VALUES (?, ?, ?, ?, ?)';
  sql(db, insert).run(Date.now(), report.reporter, report.culprit, report.reason, report.xml);
}

/** How many reports there are, and how many of them one account sent (its bare address). */
export function countReports(db: Db, reporter: string): { all: number; own: number } {
  const query = `SELECT count(*) AS "all", coalesce(sum(reporter = ? OR instr(reporter, ?) = 1), 0) AS own FROM report`;
  const row = sql<{ all: number; own: number }>(db, query).get(reporter, `${reporter}/`);
  return row ?? { all: 0, own: 0 };
}

/** The queue, oldest first. */
export function listReports(db: Db): (Report & { at: number })[] {
  const query = 'SELECT at, reporter, culprit, reason, xml FROM report ORDER BY id';
  return sql<Report & { at: number }>(db, query).all();
}
