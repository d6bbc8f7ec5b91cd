import { sql } from './database.ts';
import type { Db } from './database.ts';

export interface Person {
  user: string;
  fn: string;
  nick: string;
  /** One a line. */
  interests: string;
}

export function findVcard(db: Db, user: string): string | null {
  return sql<{ xml: string }>(db, 'SELECT xml FROM vcard WHERE user = ?').get(user)?.xml ?? null;
}

export function saveVcard(db: Db, user: string, xml: string): void {
  sql(db, 'INSERT OR REPLACE INTO vcard (user, xml) VALUES (?, ?)').run(user, xml);
}

/** What one source (vCard, vCard4, nickname) says about somebody: names and interests. */
export function saveNames(
  db: Db,
  user: string,
  source: string,
  said: { fn: string; nick: string; interests?: readonly string[] },
): void {
  const interests = (said.interests ?? []).map((text) => text.replaceAll(/\s+/g, ' ').trim()).join('\n');
  const query = 'INSERT OR REPLACE INTO directory (user, source, fn, nick, interests) VALUES (?, ?, ?, ?, ?)';
  sql(db, query).run(user, source, said.fn, said.nick, interests);
}

/** Everybody with the names to show. Case is folded by the caller, since SQLite knows ASCII only. */
export function listPeople(db: Db): IterableIterator<Person> {
  const query = `SELECT account.user, coalesce(max(nullif(fn, '')), '') AS fn,
    coalesce(max(nullif(nick, '')), '') AS nick, coalesce(max(nullif(interests, '')), '') AS interests
    FROM account LEFT JOIN directory USING (user) GROUP BY account.user ORDER BY account.user`;
  return sql<Person>(db, query).iterate();
}
