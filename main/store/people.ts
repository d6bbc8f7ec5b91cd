import type { Person, Relation } from '../../contract/people.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { PersonRow, Subscription } from './rows.ts';
import { row, rows, run } from './sql.ts';
import { folded } from './text.ts';

const columns = `address, name, nick, avatar_hash AS avatarHash, avatar_sha256 AS avatarSha256, subscription,
  fetched_at AS fetchedAt, bio, interests, link, private AS isPrivate, in_roster AS inRoster, accepted,
  follow_pending AS followPending, follow_request AS followRequest, roster_groups AS rosterGroups`;

type Flag = 'isPrivate' | 'inRoster' | 'accepted' | 'followPending' | 'followRequest';
type List = 'interests' | 'rosterGroups';
/** As SQLite has it: flags are 0 and 1, lists are JSON that only this file writes. */
type Stored = Omit<PersonRow, Flag | List> & Record<Flag, 0 | 1> & Record<List, string>;

const toRow = (p: Stored): PersonRow => ({
  ...p,
  interests: JSON.parse(p.interests) as string[],
  rosterGroups: JSON.parse(p.rosterGroups) as string[],
  isPrivate: p.isPrivate === 1,
  inRoster: p.inRoster === 1,
  accepted: p.accepted === 1,
  followPending: p.followPending === 1,
  followRequest: p.followRequest === 1,
});

/**
 * What somebody is called: what we call them, in a room what it calls them, what they call themselves, or the local part
 * of their address. A room gives a name once, and our hub none that looks like another; a profile can say anything.
 */
export function shownName(
  address: string,
  name: string | null,
  nick: string | null,
  occupant: string | null = null,
): string {
  const local = address.slice(0, Math.max(0, address.indexOf('@')));
  return name?.trim() || occupant?.trim() || nick?.trim() || local || address;
}

const toPerson = (p: Pick<PersonRow, 'address' | 'name' | 'nick' | 'avatarSha256'>): Person => ({
  address: p.address,
  name: shownName(p.address, p.name, p.nick),
  avatar: p.avatarSha256,
});

/** Everything stored about somebody; null when nothing is. */
export function personRow(db: ReadableDb, address: string): PersonRow | null {
  const found = row<Stored>(db, `SELECT ${columns} FROM person WHERE address = ?`, address);
  return found ? toRow(found) : null;
}

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
  bio: '',
  interests: [],
  link: '',
  isPrivate: false,
  inRoster: false,
  accepted: false,
  followPending: false,
  followRequest: false,
  rosterGroups: [],
} as const satisfies Omit<PersonRow, 'address'>;

/** Of a name, for the order of lists. Characters. */
const SORTED = 100;

const upsert = `
  INSERT INTO person (address, name, nick, avatar_hash, avatar_sha256, subscription, fetched_at, avatar_stale, bio,
    interests, link, private, in_roster, accepted, follow_pending, follow_request, roster_groups, sort_name, search_text)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (address) DO UPDATE SET name = excluded.name, nick = excluded.nick, avatar_hash = excluded.avatar_hash,
    avatar_sha256 = excluded.avatar_sha256, subscription = excluded.subscription, fetched_at = excluded.fetched_at,
    avatar_stale = excluded.avatar_stale, bio = excluded.bio, interests = excluded.interests, link = excluded.link,
    private = excluded.private, in_roster = excluded.in_roster, accepted = excluded.accepted,
    follow_pending = excluded.follow_pending, follow_request = excluded.follow_request,
    roster_groups = excluded.roster_groups, sort_name = excluded.sort_name, search_text = excluded.search_text`;

/**
 * Stores what is given and keeps the rest. An avatar whose hash changes without its file is stale until the file is
 * given (`staleAvatars`); the old picture stays meanwhile. True when something changed, `fetchedAt` aside.
 */
export function upsertPerson(
  db: WritableDb,
  given: { readonly address: string } & Partial<Omit<PersonRow, 'address'>>,
): boolean {
  const before = personRow(db, given.address);
  const merged: PersonRow = { ...unknown, ...before, ...given };
  const hashChanged = merged.avatarHash !== (before?.avatarHash ?? null);
  const gone = merged.avatarHash === null && hashChanged && !given.avatarSha256;
  const after = gone ? { ...merged, avatarSha256: null } : merged;
  // A roster of thousands is told anew at each sign-in, and most of it is as it was.
  if (before !== null && given.avatarSha256 === undefined && same(before, after)) return false;
  const shown = shownName(after.address, after.name, after.nick);
  const flag = (value: boolean) => (value ? 1 : 0);
  run(
    db,
    upsert,
    after.address,
    after.name,
    after.nick,
    after.avatarHash,
    after.avatarSha256,
    after.subscription,
    after.fetchedAt,
    flag(staleAfter(db, given, after, hashChanged)),
    after.bio,
    JSON.stringify(after.interests),
    after.link,
    flag(after.isPrivate),
    flag(after.inRoster),
    flag(after.accepted),
    flag(after.followPending),
    flag(after.followRequest),
    JSON.stringify(after.rosterGroups),
    folded(shown).slice(0, SORTED),
    folded([shown, after.nick, after.address, ...after.interests].join('\n')),
  );
  return before === null || !same({ ...before, fetchedAt: after.fetchedAt }, after);
}

const same = (a: PersonRow, b: PersonRow): boolean =>
  (Object.keys(a) as (keyof PersonRow)[]).every((key) => String(a[key]) === String(b[key]));

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
 * How somebody stands to this account, from the stored roster. `friend`, `following` and `accepted` are people I let
 * in; `follower` and `stranger` are not.
 */
export function relationTo(db: ReadableDb, ownAddress: string, address: string): Relation {
  if (address === ownAddress) return 'self';
  const known = row<Pick<Stored, 'subscription' | 'accepted'>>(
    db,
    'SELECT subscription, accepted FROM person WHERE address = ?',
    address,
  );
  return known ? relationOf(known.subscription, known.accepted === 1) : 'stranger';
}

/** What a roster's subscription means, to somebody else than oneself. */
export function relationOf(subscription: Subscription, accepted: boolean): Exclude<Relation, 'self'> {
  if (subscription === 'both') return 'friend';
  if (subscription === 'to') return 'following';
  if (accepted) return 'accepted';
  return subscription === 'from' ? 'follower' : 'stranger';
}

/** Addresses of all roster items. */
export const rosterAddresses = (db: ReadableDb): string[] =>
  rows<{ address: string }>(db, 'SELECT address FROM person WHERE in_roster = 1').map((p) => p.address);

/**
 * People known here whose name, address or interests contain the query, by name; an empty query gives everybody.
 * Reads an index that has the folded texts in this order, and stops when it has enough.
 */
export function searchPeople(db: ReadableDb, query: string, limit: number): Person[] {
  return rows<PersonRow>(
    db,
    `SELECT address, name, nick, avatar_sha256 AS avatarSha256 FROM person WHERE address IN
      (SELECT address FROM person WHERE instr(search_text, ?) > 0 ORDER BY sort_name, address LIMIT ?)
      ORDER BY sort_name, address`,
    folded(query.trim()),
    limit,
  ).map(toPerson);
}

/** People whose announced avatar is not here, oldest look first. */
export const staleAvatars = (db: ReadableDb, limit = 100): PersonRow[] =>
  rows<Stored>(
    db,
    `SELECT ${columns} FROM person WHERE avatar_stale = 1 ORDER BY fetched_at LIMIT ?`,
    limit,
  ).map(toRow);
