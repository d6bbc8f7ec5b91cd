import { PostcardError } from '../../contract/errors.ts';
import type { Rank } from '../../contract/groups.ts';
import type { ConversationId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { shownName } from './people.ts';
import { row, rows, run, value, values } from './sql.ts';
import { folded } from './text.ts';
import { transact } from './transaction.ts';

/** Somebody of a group: with a rank in it, or there right now. */
export interface RoomPersonRow {
  /** Bare; `ROOM/NICK` of who hides it. */
  readonly address: string;
  readonly nick: string;
  readonly occupantId: string | null;
  readonly rank: Rank;
  readonly present: boolean;
  /** Unix time, ms, as in the contract. */
  readonly mutedUntil: number | null;
  readonly reason: string;
  readonly name: string;
  readonly avatar: string | null;
}

interface Stored {
  address: string;
  nick: string;
  occupantId: string | null;
  rank: Rank;
  present: number;
  mutedUntil: number | null;
  reason: string;
  name: string | null;
  ownNick: string | null;
  avatar: string | null;
}

const select = `SELECT r.address, r.nick, r.occupant_id AS occupantId, r.rank, r.present, r.muted_until AS mutedUntil,
  r.reason, p.name, p.nick AS ownNick, p.avatar_sha256 AS avatar
  FROM room_person r LEFT JOIN person p ON p.address = r.address`;

const toRow = ({ ownNick, ...s }: Stored): RoomPersonRow => ({
  ...s,
  present: s.present === 1,
  name: shownName(s.address, s.name, ownNick, s.nick),
});

export function roomPerson(db: ReadableDb, id: ConversationId, address: string): RoomPersonRow | null {
  const found = row<Stored>(db, `${select} WHERE r.conversation_id = ? AND r.address = ?`, id, address);
  return found ? toRow(found) : null;
}

/** What somebody is in a group; `none` for who is not known in it. */
export const rankIn = (db: ReadableDb, id: ConversationId, address: string): Rank =>
  value<Rank>(db, 'SELECT rank FROM room_person WHERE conversation_id = ? AND address = ?', id, address) ??
  'none';

/** Everybody with a rank, by address. */
export const peopleOfRank = (db: ReadableDb, id: ConversationId, rank: Rank): RoomPersonRow[] =>
  rows<Stored>(
    db,
    `${select} WHERE r.conversation_id = ? AND r.rank = ? ORDER BY r.sort_name, r.address`,
    id,
    rank,
  ).map(toRow);

/** Owners, moderators and members. */
export const countMembers = (db: ReadableDb, id: ConversationId): number =>
  value<number>(
    db,
    `SELECT count(*) FROM room_person WHERE conversation_id = ? AND rank IN ('owner', 'moderator', 'member')`,
    id,
  ) ?? 0;

type Given = Partial<Omit<RoomPersonRow, 'address' | 'name' | 'avatar'>> & { readonly address: string };

/** Stores what is given and keeps the rest. False when nothing changed. */
export function putRoomPerson(db: WritableDb, id: ConversationId, given: Given): boolean {
  const before = roomPerson(db, id, given.address);
  const fresh = {
    nick: '',
    occupantId: null,
    rank: 'none',
    present: false,
    mutedUntil: null,
    reason: '',
  } as const;
  const after = { ...fresh, ...before, ...given };
  const keys = ['nick', 'occupantId', 'rank', 'present', 'mutedUntil', 'reason'] as const;
  if (before !== null && keys.every((key) => before[key] === after[key])) return false;
  run(
    db,
    `INSERT INTO room_person (conversation_id, address, nick, occupant_id, rank, present, muted_until, reason, sort_name)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, address) DO UPDATE SET nick = excluded.nick, occupant_id = excluded.occupant_id,
       rank = excluded.rank, present = excluded.present, muted_until = excluded.muted_until, reason = excluded.reason,
       sort_name = excluded.sort_name`,
    id,
    after.address,
    after.nick,
    after.occupantId,
    after.rank,
    Number(after.present),
    after.mutedUntil,
    after.reason,
    sortName(db, after.address, after.nick),
  );
  if (after.rank === 'none') dropNobody(db, id, after.address);
  return true;
}

/** Who is nothing in a group, not there, and not muted either, is nobody of it. */
function dropNobody(db: WritableDb, id: ConversationId, address: string): void {
  run(
    db,
    `DELETE FROM room_person WHERE conversation_id = ? AND address = ? AND rank = 'none' AND present = 0
        AND muted_until IS NULL`,
    id,
    address,
  );
}

/** Of a name, for the order of lists. Characters. */
const SORTED = 100;

function sortName(db: ReadableDb, address: string, nick: string): string {
  const person = row<{ name: string; nick: string }>(
    db,
    'SELECT name, nick FROM person WHERE address = ?',
    address,
  );
  return folded(shownName(address, person?.name ?? null, person?.nick ?? null, nick)).slice(0, SORTED);
}

/** Somebody is called something else now: their place in the lists of their groups. Those groups. */
export const renameInRooms = (db: WritableDb, address: string): ConversationId[] =>
  rows<{ id: ConversationId; nick: string; sorted: string }>(
    db,
    `SELECT r.conversation_id AS id, r.nick, r.sort_name AS sorted FROM room g CROSS JOIN room_person r
        ON r.conversation_id = g.conversation_id AND r.address = ?`,
    address,
  ).flatMap(({ id, nick, sorted }) => {
    const next = sortName(db, address, nick);
    if (next === sorted) return [];
    run(
      db,
      'UPDATE room_person SET sort_name = ? WHERE conversation_id = ? AND address = ?',
      next,
      id,
      address,
    );
    return [id];
  });

/**
 * What a room says of everybody with one of these ranks: who has one of them here and is not among them has none any
 * more. False when nothing changed.
 */
export function replaceRanks(
  db: WritableDb,
  id: ConversationId,
  ranks: readonly Rank[],
  people: readonly { address: string; nick: string | null; rank: Rank; reason: string }[],
): boolean {
  return transact(db, () => {
    const told = new Map(people.map((person) => [person.address, person]));
    let changed = false;
    for (const rank of ranks)
      for (const { address } of peopleOfRank(db, id, rank))
        if (!told.has(address))
          changed = putRoomPerson(db, id, { address, rank: 'none', reason: '' }) || changed;
    for (const { address, nick, rank, reason } of told.values()) {
      const given = { address, rank, reason: rank === 'banned' ? reason : '', ...(nick ? { nick } : {}) };
      changed = putRoomPerson(db, id, given) || changed;
    }
    return changed;
  });
}

/** Addresses of everybody who is there, as far as is known. */
export const presentIn = (db: ReadableDb, id: ConversationId): string[] =>
  values<string>(db, 'SELECT address FROM room_person WHERE conversation_id = ? AND present = 1', id);

/** Nobody is known to be there: before entering, and after leaving. */
export function nobodyPresent(db: WritableDb, id: ConversationId): void {
  run(db, 'UPDATE room_person SET present = 0 WHERE conversation_id = ? AND present = 1', id);
  run(db, `DELETE FROM room_person WHERE conversation_id = ? AND rank = 'none' AND muted_until IS NULL`, id);
}

/** When the next mute of any group ends after `now`, Unix ms; null when none does. */
export const nextMuteEnd = (db: ReadableDb, now: number): number | null =>
  value<number | null>(db, 'SELECT min(muted_until) FROM room_person WHERE muted_until > ?', now) ?? null;

/** Whose mutes were over at `now` (Unix ms), and still stand here. */
export const mutesOver = (
  db: ReadableDb,
  now: number,
): { conversationId: ConversationId; address: string; until: number }[] =>
  rows(
    db,
    `SELECT conversation_id AS conversationId, address, muted_until AS until FROM room_person
      WHERE muted_until <= ? ORDER BY muted_until`,
    now,
  );

/** Of the list of members, in this order; people without a rank who are there stand at its end. */
const listed: readonly Rank[] = ['owner', 'moderator', 'member', 'none'];

export interface RoomPeoplePage {
  readonly items: readonly RoomPersonRow[];
  readonly next: string | null;
  readonly total: number;
}

interface Place {
  readonly at: number;
  readonly sorted: string;
  readonly address: string;
}

/** Throws invalid-argument for what is no cursor of `listRoomPeople`. */
function parseCursor(cursor: string | null): Place {
  if (cursor === null) return { at: 0, sorted: '', address: '' };
  const [, at, address] = /^([0-3]) (.{1,3100})$/su.exec(cursor) ?? [];
  if (at === undefined || address === undefined) throw new PostcardError('invalid-argument');
  return { at: Number(at), sorted: '', address };
}

/** Owners first, each rank by name. `query`: part of a name or an address. `before`: `next` of the page before. */
export function listRoomPeople(
  db: ReadableDb,
  id: ConversationId,
  o: { query: string; list: 'members' | 'banned'; before: string | null; limit: number },
): RoomPeoplePage {
  const ranks: readonly Rank[] = o.list === 'banned' ? ['banned'] : listed;
  const from = parseCursor(o.before);
  const sorted =
    value<string>(
      db,
      'SELECT sort_name FROM room_person WHERE conversation_id = ? AND address = ?',
      id,
      from.address,
    ) ?? '';
  const query = folded(o.query.trim());
  const found: RoomPersonRow[] = [];
  for (const [at, rank] of ranks.entries()) {
    if (at < from.at || found.length > o.limit) continue;
    const after = at === from.at ? { sorted, address: from.address } : { sorted: '', address: '' };
    found.push(...pageOfRank(db, id, { rank, query, after, limit: o.limit + 1 - found.length }));
  }
  const items = found.slice(0, o.limit);
  const last = found.length > o.limit ? items.at(-1) : undefined;
  const next = last ? `${ranks.indexOf(last.rank)} ${last.address}` : null;
  return { items, next, total: totalOf(db, id, ranks, query) };
}

const pageOfRank = (
  db: ReadableDb,
  id: ConversationId,
  o: { rank: Rank; query: string; after: { sorted: string; address: string }; limit: number },
): RoomPersonRow[] =>
  rows<Stored>(
    db,
    `${select} WHERE r.conversation_id = ? AND r.rank = ? AND (r.sort_name, r.address) > (?, ?)
        AND (r.rank <> 'none' OR r.present = 1) AND (instr(r.sort_name, ?) > 0 OR instr(r.address, ?) > 0)
      ORDER BY r.sort_name, r.address LIMIT ?`,
    id,
    o.rank,
    o.after.sorted,
    o.after.address,
    o.query,
    o.query,
    o.limit,
  ).map(toRow);

const totalOf = (db: ReadableDb, id: ConversationId, ranks: readonly Rank[], query: string): number =>
  value<number>(
    db,
    `SELECT count(*) FROM room_person WHERE conversation_id = ? AND rank IN (SELECT value FROM json_each(?))
        AND (rank <> 'none' OR present = 1) AND (instr(sort_name, ?) > 0 OR instr(address, ?) > 0)`,
    id,
    JSON.stringify(ranks),
    query,
    query,
  ) ?? 0;
