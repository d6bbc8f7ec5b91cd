import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  mutesOver,
  nextMuteEnd,
  putRoomPerson,
  roomById,
  roomPerson,
  updateRoom,
  type RoomRow,
} from '../../store/index.ts';
import type { Occupant, Role } from '../../xmpp/index.ts';
import { isMuted } from './describe.ts';
import type { GroupParts, Told } from './parts.ts';
import { addressOf, ALWAYS, type RoomPeople } from './people.ts';

/** Keeps roles and mutes together: docs/mechanisms/groups.md "Mutes". */
export interface GroupMutes {
  /** Somebody is there whose role may say something else than their mute. */
  look(room: RoomRow, occupant: Occupant): void;
  /** A mute was set or ended. */
  changed(): void;
  close(): void;
}

/** ms; the longest a timer is set for. A computer that slept is at most this late. */
const LOOK_AGAIN = 60_000;
/** ms after its end until the muted one's own app does something: a moderator's may be doing it. */
const OWN_AFTER = 3_000;

export function createGroupMutes(
  o: GroupParts & {
    told: Told;
    people(): RoomPeople;
    /** Goes out of a group and in again. */
    again(id: ConversationId): void;
  },
): GroupMutes {
  const { db } = o;
  let timer: NodeJS.Timeout | null = null;
  /** Ends of my own mutes: those that are waited for, and those after which I went in anew. */
  const own = new Map<string, NodeJS.Timeout>();
  const tried = new Set<string>();
  let closed = false;

  const setRole = (room: RoomRow, nick: string, role: Role) => {
    o.connection
      .online()
      .rooms.setRole(room.address, nick, role, '')
      .catch((error: unknown) => {
        // Another moderator was faster, or they went.
        if (!(error instanceof PostcardError)) o.log(`a role could not be set: ${String(error)}`);
      });
  };
  const look = (room: RoomRow, occupant: Occupant) => {
    const now = Date.now();
    const me = roomById(db, room.conversationId);
    const person = roomPerson(db, room.conversationId, addressOf(occupant));
    const until = person?.mutedUntil ?? null;
    if (me === null || until === null || !o.connection.isReady()) return;
    if (!isMuted(until, now) || isFreed(me, occupant)) return over(me, occupant);
    const moderates = me.rank === 'owner' || me.rank === 'moderator';
    if (moderates && !occupant.self && occupant.role === 'participant')
      setRole(room, occupant.nick, 'visitor');
    plan();
  };
  /** The hub mutes by itself, also who comes back: whom it lets speak, a moderator has let speak meanwhile. */
  const isFreed = ({ enforced }: RoomRow, { role }: Occupant) => enforced && role === 'participant';
  /** A mute has come to its end, and they are there. */
  const over = (room: RoomRow, occupant: Occupant) => {
    const id = room.conversationId;
    const moderates = room.rank === 'owner' || room.rank === 'moderator';
    if (occupant.role !== 'visitor') return cleared(id, addressOf(occupant));
    if (occupant.self) return liftOwn(room);
    if (!moderates) return;
    setRole(room, occupant.nick, 'participant');
    cleared(id, addressOf(occupant));
  };
  const cleared = (id: ConversationId, address: string) => {
    if (putRoomPerson(db, id, { address, mutedUntil: null })) o.told.members(id);
    if (address === o.ownAddress && updateRoom(db, id, { mutedUntil: null })) o.told.group(id);
  };
  /** No moderator is there to lift it: some servers give the voice back to who comes in anew. */
  const liftOwn = (room: RoomRow) => {
    const id = room.conversationId;
    const until = roomPerson(db, id, o.ownAddress)?.mutedUntil ?? null;
    const key = `${id} ${until ?? ''}`;
    o.told.group(id);
    if (tried.has(key)) return stillMuted(id);
    if (own.has(key)) return;
    const again = () => {
      own.delete(key);
      tried.add(key);
      const still = o.people().present(room.address, o.ownAddress);
      if (!closed && still?.role === 'visitor' && roomPerson(db, id, o.ownAddress)?.mutedUntil === until)
        o.again(id);
    };
    own.set(key, setTimeout(again, OWN_AFTER));
  };
  /** The server keeps to the role: then it is for as long as no moderator's app ends it. */
  const stillMuted = (id: ConversationId) => {
    putRoomPerson(db, id, { address: o.ownAddress, mutedUntil: ALWAYS });
    if (updateRoom(db, id, { mutedUntil: ALWAYS })) o.told.group(id);
  };
  const overs = () => {
    const now = Date.now();
    for (const { conversationId, address, until } of mutesOver(db, ALWAYS)) {
      const room = roomById(db, conversationId);
      if (room === null || !o.entered.isIn(room.address)) continue;
      const occupant = o.people().present(room.address, address);
      if (isMuted(until, now) && !(occupant && isFreed(room, occupant))) continue;
      o.told.members(conversationId);
      // Who is away is looked at when they come, and on a cut connection everybody once it is back.
      if (occupant && o.connection.isReady()) over(room, occupant);
    }
  };
  const plan = () => {
    if (timer !== null) clearTimeout(timer);
    const now = Date.now();
    const next = nextMuteEnd(db, now);
    timer =
      next === null || closed ? null : setTimeout(run, Math.min(LOOK_AGAIN, Math.max(0, next - now) + 1));
  };
  const run = () => {
    overs();
    plan();
  };
  plan();
  o.connection.listen({
    onReady: ({ resumed }) => {
      if (resumed) run();
    },
  });

  return {
    look,
    // An archive also tells of mutes that were over before anybody here heard of them.
    changed: run,
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      for (const one of own.values()) clearTimeout(one);
    },
  };
}
