import { PostcardError } from '../../../contract/errors.ts';
import type { GroupState } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  allRooms,
  dropAllHeld,
  roomByAddress,
  roomById,
  transact,
  updateRoom,
  type RoomRow,
} from '../../store/index.ts';
import type { LeftWhy, Occupant } from '../../xmpp/index.ts';
import { cleanLine } from '../plain-text.ts';
import { rankOf } from './describe.ts';
import { enterAs } from './enter.ts';
import type { GroupParts, Told } from './parts.ts';
import type { RoomPeople } from './people.ts';

/** Whether I am in my groups, and how I get back into them: docs/mechanisms/groups.md "States". */
export interface Membership {
  /** Goes in now; resolves once I am in. What a room answers is its new state. Throws as `RoomCalls.enter`. */
  enter(id: ConversationId): Promise<void>;
  /** As `enter`, when its turn comes; failures are tried again. */
  want(id: ConversationId): void;
  /** Out and in again. */
  again(id: ConversationId): void;
  /** I go, or have been made to. */
  out(id: ConversationId, state: GroupState, reason: string): void;
  close(): void;
}

/** Rooms that are entered at once: each answers with everybody in it. */
const AT_ONCE = 4;
/** ms until a room that did not let me in for no final reason is tried again, and the longest. */
const TRY_AGAIN = 5_000;
const TRY_AGAIN_MOST = 120_000;
/** ms between two questions whether the rooms still know me (XEP-0410). */
const PING_EVERY = 5 * 60_000;
const REASON = 500;

/** What a refusal to let me in means. */
const refusals: Readonly<Partial<Record<string, GroupState>>> = {
  'group-not-found': 'destroyed',
  'group-closed': 'removed',
  banned: 'banned',
};

export function createMembership(
  o: GroupParts & {
    told: Told;
    people: RoomPeople;
    /** I have just come in, and know who decides there. */
    onEntered(room: RoomRow): void;
  },
): Membership {
  const { db, connection, entered, told, people } = o;
  const waiting: ConversationId[] = [];
  const running = new Map<ConversationId, Promise<void>>();
  const failures = new Map<ConversationId, number>();
  const timers = new Map<ConversationId, NodeJS.Timeout>();
  const asking = new Set<string>();
  let closed = false;

  const set = (id: ConversationId, given: Parameters<typeof updateRoom>[2]) => {
    if (updateRoom(db, id, given)) told.group(id);
  };
  const out = (id: ConversationId, state: GroupState, reason: string) => {
    const room = roomById(db, id);
    if (room === null) return;
    const lost = state === 'removed' || state === 'left' || state === 'destroyed';
    transact(db, () => {
      dropAllHeld(db, id);
      const rank = state === 'banned' ? 'banned' : lost ? 'none' : room.rank;
      set(id, { state, reason: cleanLine(reason, REASON), rank, ...(lost ? { mutedUntil: null } : {}) });
      people.left(id, room.address);
    });
    entered.note(room.address, false);
    told.group(id);
  };

  const enterNow = async (room: RoomRow): Promise<void> => {
    const session = connection.online();
    // The room tells anew what waits for a moderator; what another one saw to meanwhile is not told.
    if (dropAllHeld(db, room.conversationId)) told.group(room.conversationId);
    let self: Occupant;
    try {
      self = await enterAs(session.rooms, room.address, room.nick);
    } catch (error) {
      const state = finalState(error);
      if (state !== null && roomById(db, room.conversationId)?.state === 'joining')
        out(room.conversationId, state, '');
      throw error;
    }
    const now = roomById(db, room.conversationId);
    // Left, or closed, while the room was answering.
    if (closed || now === null || now.state !== 'joining') {
      if (!closed) session.rooms.leave(room.address);
      throw new PostcardError('cancelled');
    }
    transact(db, () => {
      set(room.conversationId, { state: 'joined', reason: '', nick: self.nick });
      // Also my rank: who has become an owner meanwhile has something to say.
      people.arrived(now, self);
    });
    failures.delete(room.conversationId);
    // Who decides there has to be known before it is read what they decided.
    await people.read({ ...now, rank: rankOf(self.affiliation) }, ['owner', 'admin']);
    const inside = roomById(db, room.conversationId);
    if (closed || inside?.state !== 'joined') throw new PostcardError('cancelled');
    entered.note(room.address, true);
    o.onEntered(inside);
  };

  const enter = (id: ConversationId): Promise<void> => {
    const under = running.get(id);
    if (under) return under;
    const room = roomById(db, id);
    if (room === null) return Promise.reject(new PostcardError('not-found'));
    set(id, { state: 'joining' });
    const going = enterNow({ ...room, state: 'joining' }).finally(() => {
      running.delete(id);
      next();
    });
    running.set(id, going);
    return going;
  };
  const next = () => {
    while (running.size < AT_ONCE && connection.isReady() && !closed) {
      const id = waiting.shift();
      if (id === undefined) return;
      const room = roomById(db, id);
      if (room === null || !isWanted(room) || entered.isIn(room.address)) continue;
      enter(id).catch((error: unknown) => failed(id, error));
    }
  };
  const failed = (id: ConversationId, error: unknown) => {
    if (closed) return;
    const code = error instanceof PostcardError ? error.code : null;
    if (code === null) o.log(`a group could not be entered: ${String(error)}`);
    const room = roomById(db, id);
    // Offline: the next connection begins anew.
    if (room === null || !isWanted(room) || code === 'offline' || !connection.isReady()) return;
    const times = (failures.get(id) ?? 0) + 1;
    failures.set(id, times);
    later(id, Math.min(TRY_AGAIN_MOST, TRY_AGAIN * 2 ** (times - 1)));
  };
  const later = (id: ConversationId, ms: number) => {
    clearTimeout(timers.get(id));
    const timer = setTimeout(() => {
      timers.delete(id);
      want(id);
    }, ms);
    timers.set(id, timer);
  };
  const want = (id: ConversationId) => {
    if (!waiting.includes(id) && !running.has(id)) waiting.push(id);
    next();
  };

  const wentOut = (address: string, why: LeftWhy, by: string | null, reason: string) => {
    const room = roomByAddress(db, address);
    if (room === null || !isWanted(room)) return;
    // Another device of mine gave the membership up.
    const mine = why === 'removed' && by === o.ownAddress;
    const final = mine ? 'left' : finalWhys[why];
    if (final !== null) return out(room.conversationId, final, reason);
    lost(room);
  };
  /** Not thrown out, only not there any more. */
  const lost = (room: RoomRow) => {
    set(room.conversationId, { state: 'joining' });
    people.left(room.conversationId, room.address);
    entered.note(room.address, false);
    want(room.conversationId);
  };
  const ask = async (address: string) => {
    const room = roomByAddress(db, address);
    if (room?.state !== 'joined' || asking.has(address) || !connection.isReady()) return;
    asking.add(address);
    try {
      const answer = await connection.online().rooms.selfPing(address, room.nick);
      const now = roomByAddress(db, address);
      if (answer === 'out' && now?.state === 'joined' && !closed) lost(now);
    } catch (error) {
      if (!(error instanceof PostcardError)) throw error;
    } finally {
      asking.delete(address);
    }
  };
  const askAll = async () => {
    for (const room of allRooms(db)) if (!closed && entered.isIn(room.address)) await ask(room.address);
  };
  const report = (error: unknown) => o.log(`asking after a group failed: ${String(error)}`);

  entered.onDoubt((address) => void ask(address).catch(report));
  const ping = setInterval(() => void askAll().catch(report), PING_EVERY);
  ping.unref();
  // What was so when the app was closed is not so any more.
  for (const { conversationId, state } of allRooms(db))
    if (state === 'joined') updateRoom(db, conversationId, { state: 'joining' });

  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed) {
        entered.none();
        for (const room of allRooms(db))
          if (room.state === 'joined') set(room.conversationId, { state: 'joining' });
      }
      for (const room of allRooms(db))
        if (isWanted(room) && !entered.isIn(room.address)) want(room.conversationId);
    },
    onLeft: ({ room, why, actor, reason }) => wentOut(room, why, actor, reason),
  });

  return {
    enter,
    want,
    again: (id) => {
      const room = roomById(db, id);
      if (room?.state !== 'joined' || !connection.isReady()) return;
      connection.online().rooms.leave(room.address);
      lost(room);
    },
    out,
    close: () => {
      closed = true;
      clearInterval(ping);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

const isWanted = ({ state }: Pick<RoomRow, 'state'>): boolean => state === 'joining' || state === 'joined';

function finalState(error: unknown): GroupState | null {
  if (!(error instanceof PostcardError)) return null;
  // As many as it takes are in it (XEP-0045 section 7.2.9): later there may be room.
  if (error.detail['condition'] === 'service-unavailable') return null;
  return refusals[error.code] ?? null;
}

/** null: I am to be in it, and go in again. */
const finalWhys: Readonly<Record<LeftWhy, GroupState | null>> = {
  left: null,
  lost: null,
  kicked: 'removed',
  removed: 'removed',
  banned: 'banned',
  destroyed: 'destroyed',
};
