import { PostcardError } from '../../contract/errors.ts';
import type { ListedPerson, PeopleCounts, PeopleList } from '../../contract/people.ts';
import type { ReadableDb } from './db.ts';
import { relationOf, shownName } from './people.ts';
import type { Subscription } from './rows.ts';
import { rows, value } from './sql.ts';

interface ListedRow {
  readonly address: string;
  readonly name: string;
  readonly nick: string;
  readonly avatar: string | null;
  readonly subscription: Subscription;
  readonly accepted: 0 | 1;
  readonly pending: 0 | 1;
  readonly request: 0 | 1;
  readonly sortName: string;
  /** JSON. */
  readonly tags: string;
}

/** Word for word what the partial indexes say: else SQLite would not use them. */
const members: Readonly<Record<PeopleList, string>> = {
  friends: `subscription = 'both'`,
  following: `subscription IN ('to', 'both')`,
  followers: `subscription IN ('from', 'both')`,
  requests: 'follow_request = 1',
};

const page = (
  list: PeopleList,
) => `SELECT address, name, nick, avatar_sha256 AS avatar, subscription, accepted,
    follow_pending AS pending, follow_request AS request, sort_name AS sortName,
    (SELECT json_group_array(tag) FROM (SELECT tag FROM contact_tag t WHERE t.address = person.address ORDER BY tag))
      AS tags
  FROM person WHERE ${members[list]} AND (sort_name, address) > (?, ?) ORDER BY sort_name, address LIMIT ?`;

const listed = (p: ListedRow): ListedPerson => ({
  address: p.address,
  name: shownName(p.address, p.name, p.nick),
  avatar: p.avatar,
  relation: relationOf(p.subscription, p.accepted === 1),
  followsMe: p.subscription === 'from' || p.subscription === 'both',
  followPending: p.pending === 1,
  followRequest: p.request === 1,
  tags: JSON.parse(p.tags) as string[],
});

/** One page by name. Throws invalid-argument for what is no cursor. */
export function listPeople(
  db: ReadableDb,
  o: { list: PeopleList; before: string | null; limit: number },
): { items: ListedPerson[]; next: string | null } {
  const [name, address] = o.before === null ? ['', ''] : parseCursor(o.before);
  const found = rows<ListedRow>(db, page(o.list), name, address, o.limit);
  const last = found.length === o.limit ? found.at(-1) : undefined;
  return {
    items: found.map(listed),
    next: last ? JSON.stringify([last.sortName, last.address]) : null,
  };
}

function parseCursor(cursor: string): [string, string] {
  try {
    const parsed: unknown = JSON.parse(cursor);
    if (Array.isArray(parsed) && typeof parsed[0] === 'string' && typeof parsed[1] === 'string')
      return [parsed[0], parsed[1]];
  } catch (error) {
    throw new PostcardError('invalid-argument', {}, { cause: error });
  }
  throw new PostcardError('invalid-argument');
}

/** How many are in each list. */
export function countPeople(db: ReadableDb): PeopleCounts {
  const count = (list: PeopleList) =>
    value<number>(db, `SELECT count(*) FROM person WHERE ${members[list]}`) ?? 0;
  return {
    friends: count('friends'),
    following: count('following'),
    followers: count('followers'),
    requests: count('requests'),
  };
}

/** Addresses of everybody who asks to follow. */
export const followRequests = (db: ReadableDb): string[] =>
  rows<{ address: string }>(db, 'SELECT address FROM person WHERE follow_request = 1').map((p) => p.address);
