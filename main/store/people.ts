import type { Person } from '../../contract/people.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { PersonRow } from './rows.ts';
import { row, rows, run } from './sql.ts';
import { folded } from './text.ts';

const columns = `address, name, nick, avatar_hash AS avatarHash, avatar_sha256 AS avatarSha256, subscription,
  fetched_at AS fetchedAt`;

/** What somebody is called: what we call them, what they call themselves, or the local part of their address. */
export function shownName(address: string, name: string | null, nick: string | null): string {
  const local = address.slice(0, Math.max(0, address.indexOf('@')));
  return name?.trim() || nick?.trim() || local || address;
}

const toPerson = (p: PersonRow): Person => ({
  address: p.address,
  name: shownName(p.address, p.name, p.nick),
  avatar: p.avatarSha256,
});

/** Everything stored about somebody; null when nothing is. */
export const personRow = (db: ReadableDb, address: string): PersonRow | null =>
  row<PersonRow>(db, `SELECT ${columns} FROM person WHERE address = ?`, address) ?? null;

/** The contract's Person from what is stored; also for addresses nothing is known of. */
export function personByAddress(db: ReadableDb, address: string): Person {
  const known = personRow(db, address);
  return known ? toPerson(known) : { address, name: shownName(address, null, null), avatar: null };
}

const unknown = {
  name: '',
  nick: '',
  avatarHash: null,
  avatarSha256: null,
  subscription: 'none',
  fetchedAt: null,
} as const satisfies Omit<PersonRow, 'address'>;

/**
 * Stores what is given and keeps the rest. An avatar whose hash changes without its file is stale until the file is
 * given (`staleAvatars`); the old picture stays meanwhile. True when something changed, `fetchedAt` aside.
 */
export function upsertPerson(
  db: WritableDb,
  given: { readonly address: string } & Partial<Omit<PersonRow, 'address'>>,
): boolean {
  const before = personRow(db, given.address);
  const after: PersonRow = { ...unknown, ...before, ...given };
  const hashChanged = after.avatarHash !== (before?.avatarHash ?? null);
  const avatarSha256 =
    after.avatarHash === null && hashChanged && !given.avatarSha256 ? null : after.avatarSha256;
  const stale = staleAfter(db, given, after, hashChanged);
  run(
    db,
    `INSERT INTO person (address, name, nick, avatar_hash, avatar_sha256, subscription, fetched_at, avatar_stale)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (address) DO UPDATE SET name = excluded.name, nick = excluded.nick,
       avatar_hash = excluded.avatar_hash, avatar_sha256 = excluded.avatar_sha256,
       subscription = excluded.subscription, fetched_at = excluded.fetched_at, avatar_stale = excluded.avatar_stale`,
    after.address,
    after.name,
    after.nick,
    after.avatarHash,
    avatarSha256,
    after.subscription,
    after.fetchedAt,
    stale ? 1 : 0,
  );
  return (
    before === null ||
    hashChanged ||
    after.name !== before.name ||
    after.nick !== before.nick ||
    avatarSha256 !== before.avatarSha256 ||
    after.subscription !== before.subscription
  );
}

function staleAfter(
  db: ReadableDb,
  given: Partial<PersonRow>,
  after: PersonRow,
  hashChanged: boolean,
): boolean {
  if (after.avatarHash === null || given.avatarSha256) return false;
  if (hashChanged || given.avatarSha256 === null) return true;
  return (
    row<{ stale: number }>(db, 'SELECT avatar_stale AS stale FROM person WHERE address = ?', after.address)
      ?.stale === 1
  );
}

/**
 * People known here whose name or address contains the query, by name; an empty query gives everybody. Reads the
 * whole table, which has one row a person, since SQLite knows upper and lower case of ASCII only.
 */
export function searchPeople(db: ReadableDb, query: string, limit: number): Person[] {
  const wanted = folded(query.trim());
  return rows<PersonRow>(db, `SELECT ${columns} FROM person`)
    .filter((p) => [p.address, p.name, p.nick].some((text) => folded(text).includes(wanted)))
    .map(toPerson)
    .sort((a, b) => a.name.localeCompare(b.name) || (a.address < b.address ? -1 : 1))
    .slice(0, limit);
}

/** People whose announced avatar is not here, oldest look first. */
export const staleAvatars = (db: ReadableDb, limit = 100): PersonRow[] =>
  rows<PersonRow>(
    db,
    `SELECT ${columns} FROM person WHERE avatar_stale = 1 ORDER BY fetched_at LIMIT ?`,
    limit,
  );
