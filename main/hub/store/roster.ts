import { sql } from './database.ts';
import type { Db } from './database.ts';

/** One contact of an account (RFC 6121 §2.1). `request` is a waiting subscription request's XML, else ''. */
export interface RosterItem {
  contact: string;
  name: string;
  groups: string[];
  to: boolean;
  from: boolean;
  ask: boolean;
  request: string;
  /** False for somebody who only asked: such a row is not shown as part of the roster. */
  visible: boolean;
}

interface Row {
  contact: string;
  name: string;
  groups: string;
  sub_to: number;
  sub_from: number;
  ask: number;
  request: string;
  visible: number;
}

const COLUMNS = 'contact, name, groups, sub_to, sub_from, ask, request, visible';

function toItem(row: Row): RosterItem {
  return {
    contact: row.contact,
    name: row.name,
    groups: JSON.parse(row.groups) as string[], // written by saveItem alone
    to: row.sub_to === 1,
    from: row.sub_from === 1,
    ask: row.ask === 1,
    request: row.request,
    visible: row.visible === 1,
  };
}

export function findItem(db: Db, user: string, contact: string): RosterItem | null {
  const row = sql<Row>(db, `SELECT ${COLUMNS} FROM roster WHERE user = ? AND contact = ?`).get(user, contact);
  return row ? toItem(row) : null;
}

export function listItems(db: Db, user: string): RosterItem[] {
  return sql<Row>(db, `SELECT ${COLUMNS} FROM roster WHERE user = ? ORDER BY contact`).all(user).map(toItem);
}

/** Writes an item, or removes its row when it neither is shown nor means anything. */
export function saveItem(db: Db, user: string, item: RosterItem): void {
  if (!item.visible && !item.to && !item.from && !item.ask && !item.request) {
    deleteItem(db, user, item.contact);
    return;
  }
  const flag = (value: boolean): number => (value ? 1 : 0);
  sql(db, `INSERT OR REPLACE INTO roster (user, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    user,
    item.contact,
    item.name,
    JSON.stringify(item.groups),
    flag(item.to),
    flag(item.from),
    flag(item.ask),
    item.request,
    flag(item.visible),
  );
}

export function deleteItem(db: Db, user: string, contact: string): void {
  sql(db, 'DELETE FROM roster WHERE user = ? AND contact = ?').run(user, contact);
}

/** A row that means nothing yet. */
export function newItem(contact: string): RosterItem {
  return { contact, name: '', groups: [], to: false, from: false, ask: false, request: '', visible: false };
}

/** The `subscription` attribute for an item. */
export function subscriptionOf(item: RosterItem | null): 'none' | 'to' | 'from' | 'both' {
  if (item?.to) return item.from ? 'both' : 'to';
  return item?.from ? 'from' : 'none';
}
