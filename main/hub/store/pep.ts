import { sql } from './database.ts';
import type { Db } from './database.ts';

export type AccessModel = 'open' | 'presence' | 'roster' | 'authorize' | 'whitelist';

export interface PepNode {
  node: string;
  access: AccessModel;
  maxItems: number;
  persist: boolean;
  sendLast: string;
}

export interface PepItem {
  item: string;
  xml: string;
}

interface NodeRow {
  node: string;
  access: AccessModel;
  max_items: number;
  persist: number;
  send_last: string;
}

const COLUMNS = 'node, access, max_items, persist, send_last';
const toNode = (row: NodeRow): PepNode => ({
  node: row.node,
  access: row.access,
  maxItems: row.max_items,
  persist: row.persist === 1,
  sendLast: row.send_last,
});

export function findNode(db: Db, user: string, node: string): PepNode | null {
  const row = sql<NodeRow>(db, `SELECT ${COLUMNS} FROM pep_node WHERE user = ? AND node = ?`).get(user, node);
  return row ? toNode(row) : null;
}

export function listNodes(db: Db, user: string): PepNode[] {
  return sql<NodeRow>(db, `SELECT ${COLUMNS} FROM pep_node WHERE user = ?`).all(user).map(toNode);
}

/** Creates a node or changes its configuration. */
export function saveNode(db: Db, user: string, n: PepNode): void {
  const upsert = `INSERT INTO pep_node (user, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (user, node) DO UPDATE SET access = excluded.access, max_items = excluded.max_items,
      persist = excluded.persist, send_last = excluded.send_last`;
  sql(db, upsert).run(user, n.node, n.access, n.maxItems, n.persist ? 1 : 0, n.sendLast);
}

export function deleteNode(db: Db, user: string, node: string): void {
  sql(db, 'DELETE FROM pep_node WHERE user = ? AND node = ?').run(user, node);
}

/** Writes an item as the newest of its node and drops the oldest beyond `maxItems`. */
export function putItem(db: Db, user: string, node: string, item: PepItem, maxItems: number): void {
  const upsert = 'INSERT OR REPLACE INTO pep_item (user, node, item, xml) VALUES (?, ?, ?, ?)';
  sql(db, upsert).run(user, node, item.item, item.xml);
  const trim = `DELETE FROM pep_item WHERE user = ? AND node = ? AND seq <= (
    SELECT seq FROM pep_item WHERE user = ? AND node = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)`;
  sql(db, trim).run(user, node, user, node, maxItems);
}

export function findPepItem(db: Db, user: string, node: string, item: string): PepItem | null {
  const query = 'SELECT item, xml FROM pep_item WHERE user = ? AND node = ? AND item = ?';
  return sql<PepItem>(db, query).get(user, node, item) ?? null;
}

/** The newest `limit` items, oldest first. */
export function listPepItems(db: Db, user: string, node: string, limit: number): PepItem[] {
  const query = 'SELECT item, xml FROM pep_item WHERE user = ? AND node = ? ORDER BY seq DESC LIMIT ?';
  return sql<PepItem>(db, query).all(user, node, limit).reverse();
}

export function deletePepItem(db: Db, user: string, node: string, item: string): boolean {
  const statement = sql(db, 'DELETE FROM pep_item WHERE user = ? AND node = ? AND item = ?');
  return statement.run(user, node, item).changes > 0;
}

export function purgeNode(db: Db, user: string, node: string): void {
  sql(db, 'DELETE FROM pep_item WHERE user = ? AND node = ?').run(user, node);
}
