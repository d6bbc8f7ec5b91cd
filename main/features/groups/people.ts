import type { ConversationId } from '../../../contract/ids.ts';
import {
  nobodyPresent,
  presentIn,
  putRoomPerson,
  rankIn,
  renameInRooms,
  replaceRanks,
  roomByAddress,
  roomById,
  roomPerson,
  transact,
  updateRoom,
  type RoomRow,
} from '../../store/index.ts';
import type { Affiliated, Affiliation, Occupant, RoomCalls } from '../../xmpp/index.ts';
import { cleanLine, MAX_NAME } from '../plain-text.ts';
import { isMuted, rankOf } from './describe.ts';
import type { GroupParts, Told } from './parts.ts';

/** Who is in my groups: from the presence of each, and from the lists of the room. */
export interface RoomPeople {
  /** Everybody who was told while I entered, at once. */
  arrived(room: RoomRow, self: Occupant): void;
  /** I am out of it. */
  left(id: ConversationId, room: string): void;
  /** Reads these lists of the room anew. */
  read(room: RoomRow, which: readonly Affiliation[]): Promise<void>;
  /** Who is there under this address; null for nobody. */
  present(room: string, address: string): Occupant | null;
  everybodyIn(room: string): readonly Occupant[];
  close(): void;
}

/** Unix time, ms: muted until a moderator ends it. */
export const ALWAYS = 8_640_000_000_000_000;

const REASON = 500;

export const addressOf = (occupant: Pick<Occupant, 'room' | 'nick' | 'address'>): string =>
  occupant.address ?? `${occupant.room}/${occupant.nick}`;

export function createRoomPeople(
  o: GroupParts & {
    told: Told;
    /** Somebody is there whose role may have to change: they came in, or I did. */
    onPresent(room: RoomRow, occupant: Occupant): void;
    /** I own it from now on. */
    onOwner(id: ConversationId): void;
  },
): RoomPeople {
  const { db, told } = o;
  /** By room and nickname. */
  const there = new Map<string, Map<string, Occupant>>();
  const inside = (room: string): Map<string, Occupant> => {
    const known = there.get(room) ?? new Map<string, Occupant>();
    there.set(room, known);
    return known;
  };
  const isThere = (room: string, address: string) =>
    [...inside(room).values()].some((one) => addressOf(one) === address);

  /** In a transaction or alone: one person of a group as the room tells them. */
  const put = (room: RoomRow, occupant: Occupant) => {
    const address = addressOf(occupant);
    const before = roomPerson(db, room.conversationId, address);
    const changed = putRoomPerson(db, room.conversationId, {
      address,
      nick: cleanLine(occupant.nick, MAX_NAME),
      occupantId: occupant.occupantId,
      rank: rankOf(occupant.affiliation),
      present: true,
      mutedUntil: mutedUntil(before, occupant),
    });
    if (occupant.self) putSelf(room, occupant);
    return changed;
  };
  const putSelf = (room: RoomRow, { nick, affiliation, ...occupant }: Occupant & { live?: boolean }) => {
    const until = roomPerson(db, room.conversationId, addressOf({ ...occupant, nick }))?.mutedUntil ?? null;
    const mine = { nick, rank: rankOf(affiliation), mutedUntil: until };
    const before = roomById(db, room.conversationId)?.rank;
    if (updateRoom(db, room.conversationId, mine)) told.group(room.conversationId);
    // A device that is new in it knows nothing yet that it could hand on.
    const isNew = before === 'none' && occupant.live !== true;
    if (mine.rank === 'owner' && before !== 'owner' && !isNew) o.onOwner(room.conversationId);
  };

  const here = (occupant: Occupant & { live: boolean }) => {
    inside(occupant.room).set(occupant.nick, occupant);
    // Of those who are there when I enter, all are written down at once.
    if (!occupant.live) return;
    const room = roomByAddress(db, occupant.room);
    if (room === null) return;
    if (transact(db, () => put(room, occupant))) told.members(room.conversationId);
    o.onPresent(room, occupant);
  };
  const gone: NonNullable<Parameters<typeof o.connection.listen>[0]['onOccupantGone']> = (change) => {
    const known = inside(change.room);
    const old = known.get(change.nick);
    known.delete(change.nick);
    if (change.newNick !== null && old)
      return void known.set(change.newNick, { ...old, nick: change.newNick });
    const room = roomByAddress(db, change.room);
    const address = addressOf(change);
    if (room === null || isThere(change.room, address)) return;
    const { conversationId: id } = room;
    const rank =
      change.why === 'banned' ? 'banned' : change.why === 'removed' ? 'none' : rankIn(db, id, address);
    const reason = change.why === 'banned' ? cleanLine(change.reason, REASON) : '';
    if (putRoomPerson(db, id, { address, present: false, rank, reason })) told.members(id);
  };

  const stopListening = o.events.listen((name, payload) => {
    if (name !== 'people.changed') return;
    const { items } = payload as { items: readonly { address: string }[] };
    for (const { address } of items) for (const id of renameInRooms(db, address)) told.members(id);
  });
  o.connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed) there.clear();
    },
    onOccupant: here,
    onOccupantGone: gone,
    onAffiliation: ({ room: address, address: person, affiliation }) => {
      const room = roomByAddress(db, address);
      if (room === null) return;
      const rank = rankOf(affiliation);
      if (putRoomPerson(db, room.conversationId, { address: person, rank }))
        told.members(room.conversationId);
      if (person === o.ownAddress && updateRoom(db, room.conversationId, { rank }))
        told.group(room.conversationId);
    },
  });

  return {
    arrived: (room, self) => {
      inside(room.address).set(self.nick, self);
      const all = [...inside(room.address).values()];
      transact(db, () => {
        const here = new Set(all.map(addressOf));
        // Of a thousand who are still there nothing is written.
        for (const address of presentIn(db, room.conversationId))
          if (!here.has(address)) putRoomPerson(db, room.conversationId, { address, present: false });
        for (const occupant of all) put(room, occupant);
      });
      told.members(room.conversationId);
      for (const occupant of all) o.onPresent(room, occupant);
    },
    left: (id, room) => {
      there.delete(room);
      nobodyPresent(db, id);
      told.members(id);
    },
    read: async (room, which) => {
      const people = await readLists(o.connection.online().rooms, room, which, o.ownAddress);
      const changed = people.map(([affiliation, list]) =>
        replaceRanks(
          db,
          room.conversationId,
          [rankOf(affiliation)],
          list.map((one) => ({
            address: one.address,
            nick: one.nick && cleanLine(one.nick, MAX_NAME),
            rank: rankOf(one.affiliation),
            reason: cleanLine(one.reason, REASON),
          })),
        ),
      );
      if (changed.includes(true)) told.members(room.conversationId);
    },
    present: (room, address) => [...inside(room).values()].find((one) => addressOf(one) === address) ?? null,
    everybodyIn: (room) => [...inside(room).values()],
    close: stopListening,
  };
}

/**
 * What a role says of being muted. Until when is told by a note, which comes behind the role; who speaks again while
 * being there was let by a moderator; who comes in anew was not (some servers forget it on leaving).
 */
function mutedUntil(
  before: { present: boolean; mutedUntil: number | null } | null,
  occupant: Occupant & { live?: boolean },
): number | null {
  const known = before?.mutedUntil ?? null;
  if (occupant.role === 'visitor') return known ?? ALWAYS;
  if (occupant.role === 'moderator') return null;
  const wasThere = before?.present === true && occupant.live === true;
  return wasThere && isMuted(known, Date.now()) ? null : known;
}

/**
 * The lists that could be read. A room that does not let me read one answers with nobody: of owners there is always
 * one, and who is a member is on the list of members.
 */
async function readLists(
  calls: RoomCalls,
  room: RoomRow,
  which: readonly Affiliation[],
  own: string,
): Promise<(readonly [Affiliation, readonly Affiliated[]])[]> {
  const found = await Promise.all(
    which.map(async (one) => [one, await calls.affiliated(room.address, [one])] as const),
  );
  const owners = found.find(([one]) => one === 'owner')?.[1];
  return found.filter(([one, list]) => {
    if (one === 'owner') return list.length > 0;
    if (one === 'admin') return list.length > 0 || (owners !== undefined && owners.length > 0);
    if (one === 'member')
      return list.length > 0 && (room.rank !== 'member' || list.some(({ address }) => address === own));
    return room.rank === 'owner' || room.rank === 'moderator';
  });
}
