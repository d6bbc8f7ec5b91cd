import type { ReceivedMessage, ReceivedPresence } from 'stanza/protocol/index.js';
import { type ErrorCode, PostcardError } from '../../contract/errors.ts';
import { type RoomSays, whyGone } from './modules/xep-0045-said.ts';
import type { RoomTrust } from './modules/xep-0045-info.ts';
import type { LeftWhy, Occupant, RoomHandlers } from './room-types.ts';
import { bareAddress } from './server-address.ts';

/** ms until everybody in a room must have been told: some rooms are large, and some servers slow. */
const ENTER_TIMEOUT = 60_000;
/** Messages kept until it is known who is there. */
const MOST_HELD = 2000;

/** What of a room is needed to read what comes from it. */
export interface RoomView {
  readonly address: string;
  readonly trust: RoomTrust;
  /** Myself in it; null while I am on the way in. */
  readonly self: Occupant | null;
  occupant(nick: string): Occupant | undefined;
  withOccupantId(id: string): Occupant | undefined;
}

interface Entered {
  readonly self: Occupant;
  /** The room was made by this (XEP-0045 status code 201). */
  readonly made: boolean;
}

const nothingTrusted: RoomTrust = { stanzaIds: false, occupantIds: false };

class Room implements RoomView {
  readonly address: string;
  /** What I am called there, or want to be. */
  readonly wanted: string;
  trust: RoomTrust = nothingTrusted;
  readonly occupants = new Map<string, Occupant>();
  readonly #byId = new Map<string, Occupant>();
  self: Occupant | null = null;
  /** Messages from before everybody there was known: of a stream that was resumed by another process. */
  held: ReceivedMessage[] = [];
  entering: { resolve(entered: Entered): void; reject(error: unknown): void } | null = null;

  constructor(address: string, wanted: string) {
    this.address = address;
    this.wanted = wanted;
  }

  occupant(nick: string): Occupant | undefined {
    return this.occupants.get(nick);
  }

  withOccupantId(id: string): Occupant | undefined {
    return this.#byId.get(id);
  }

  put(occupant: Occupant): void {
    this.remove(occupant.nick);
    this.occupants.set(occupant.nick, occupant);
    if (occupant.occupantId !== null) this.#byId.set(occupant.occupantId, occupant);
    if (occupant.self) this.self = occupant;
  }

  remove(nick: string): void {
    const old = this.occupants.get(nick);
    this.occupants.delete(nick);
    if (old?.occupantId != null && this.#byId.get(old.occupantId) === old) this.#byId.delete(old.occupantId);
  }
}

/**
 * The rooms this session is in, and who is there (XEP-0045 section 7). It outlives a connection that is resumed, for
 * then the server still has me in them; after any other one it is empty.
 */
export class RoomTable {
  readonly #rooms = new Map<string, Room>();
  readonly #shared = new Map<string, Promise<Occupant>>();

  /** The room that I am in, or on the way in. */
  get(address: string | null | undefined): RoomView | undefined {
    return address == null ? undefined : this.#rooms.get(address);
  }

  /** Myself in a room that was entered. */
  selfIn(room: string): Occupant | null {
    const found = this.#rooms.get(room);
    return found?.entering === null ? found.self : null;
  }

  /** What I am called in a room, also on the way in; null where I am not. */
  nickOf(room: string): string | null {
    const found = this.#rooms.get(room);
    return found === undefined ? null : (found.self?.nick ?? found.wanted);
  }

  /** One way in at a time; who asks meanwhile gets the same answer. */
  once(room: string, enter: () => Promise<Occupant>): Promise<Occupant> {
    const running = this.#shared.get(room);
    if (running !== undefined) return running;
    const started = enter().finally(() => this.#shared.delete(room));
    this.#shared.set(room, started);
    return started;
  }

  /**
   * Waits for a room to let me in or not; what it says is kept from now on. The caller says what of it is to be trusted,
   * and sends the presence.
   */
  begin(address: string, nick: string): Promise<Entered> {
    const room = new Room(address, nick);
    this.#rooms.set(address, room);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(room, new PostcardError('no-answer')), ENTER_TIMEOUT);
      timer.unref();
      room.entering = {
        resolve: (entered) => {
          clearTimeout(timer);
          resolve(entered);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error instanceof Error ? error : new PostcardError('internal', {}, { cause: error }));
        },
      };
    });
  }

  #fail(room: Room, error: unknown): void {
    if (this.#rooms.get(room.address) === room) this.#rooms.delete(room.address);
    room.entering?.reject(error);
    room.entering = null;
  }

  trust(room: string, trust: RoomTrust): void {
    const found = this.#rooms.get(room);
    if (found !== undefined) found.trust = trust;
  }

  /** I am not in it, or not any more. `error`: for who waits to be let in. */
  forget(room: string, error: unknown = new PostcardError('cancelled')): void {
    const found = this.#rooms.get(room);
    if (found !== undefined) this.#fail(found, error);
  }

  /** The connection is gone; nobody will answer who is on the way in. */
  interrupt(): void {
    for (const room of [...this.#rooms.values()])
      if (room.entering !== null) this.#fail(room, new PostcardError('offline'));
  }

  /** A new session: the server has me nowhere. */
  clear(): void {
    this.interrupt();
    this.#rooms.clear();
  }

  /** Keeps a message until everybody in its room is known. False: take it now. */
  hold(room: RoomView, message: ReceivedMessage): boolean {
    const found = this.#rooms.get(room.address);
    if (found === undefined || found.entering === null) return false;
    if (found.held.length < MOST_HELD) found.held.push(message);
    return true;
  }

  /**
   * True: it was about a room of mine, and nobody else's concern. `take`: gets the messages that waited for it.
   * A presence that does not say what the room says is its sender's alone (item 8 of the list of distrust).
   */
  onPresence(
    presence: ReceivedPresence,
    handlers: RoomHandlers,
    take: (message: ReceivedMessage) => void,
  ): boolean {
    const address = bareAddress(presence.from);
    const room = address === null ? undefined : this.#rooms.get(address);
    if (room === undefined) return false;
    const nick = nickIn(presence.from);
    if (presence.type === 'error') {
      if (room.entering !== null) this.#fail(room, refusal(presence));
      return true;
    }
    const says = presence.roomSays;
    if (nick === null || says === undefined || says === 'forged') return true;
    const gone = presence.type === 'unavailable';
    if (!gone && presence.type !== undefined) return true;
    const occupant = this.#read(room, nick, says, presence.occupant);
    if (gone) this.#gone(room, occupant, says, handlers);
    else this.#here(room, occupant, says, handlers, take);
    return true;
  }

  #read(room: Room, nick: string, says: RoomSays, id: string | undefined): Occupant {
    const [item] = says.items;
    const self = says.codes.has('110') || (room.self !== null && room.self.nick === nick);
    return {
      room: room.address,
      nick,
      address: item?.address ?? room.occupants.get(nick)?.address ?? null,
      occupantId: room.trust.occupantIds ? (id ?? null) : null,
      affiliation: item?.affiliation ?? 'none',
      role: item?.role ?? 'none',
      self,
    };
  }

  #here(
    room: Room,
    occupant: Occupant,
    says: RoomSays,
    handlers: RoomHandlers,
    take: (message: ReceivedMessage) => void,
  ): void {
    room.put(occupant);
    handlers.onOccupant({ ...occupant, live: room.entering === null });
    if (!occupant.self || room.entering === null) return;
    const { entering, held } = room;
    room.entering = null;
    room.held = [];
    for (const message of held) take(message);
    entering.resolve({ self: occupant, made: says.codes.has('201') });
  }

  #gone(room: Room, occupant: Occupant, says: RoomSays, handlers: RoomHandlers): void {
    const [item] = says.items;
    const newNick = says.codes.has('303') ? (item?.nick ?? null) : null;
    room.remove(occupant.nick);
    const about = { actor: item?.actor ?? null, reason: says.destroyed ?? item?.reason ?? '' };
    if (newNick !== null) {
      // They stay: the presence under the new name follows.
      if (occupant.self) room.self = { ...occupant, nick: newNick };
      return handlers.onOccupantGone({ ...occupant, why: 'left', newNick, ...about });
    }
    const why = whyGone(says);
    if (!occupant.self) return handlers.onOccupantGone({ ...occupant, why, newNick: null, ...about });
    // The echo of my going, which had not come when I turned back: what the room says to my coming is behind it.
    if (why === 'left' && room.entering !== null) return;
    const wasEntering = room.entering !== null;
    this.#fail(room, new PostcardError(why === 'left' ? 'cancelled' : outWhileEntering[why]));
    if (!wasEntering) handlers.onLeft({ room: room.address, why, ...about });
  }
}

/** Of a stream that was resumed, what happened before comes while I am on the way in again. */
const outWhileEntering: Readonly<Record<Exclude<LeftWhy, 'left'>, ErrorCode>> = {
  lost: 'no-answer',
  kicked: 'group-closed',
  removed: 'group-closed',
  banned: 'banned',
  destroyed: 'group-not-found',
};

/** The resource of an occupant's address; null of the room's own. */
export function nickIn(full: string | undefined): string | null {
  const slash = full?.indexOf('/') ?? -1;
  return full === undefined || slash < 0 ? null : full.slice(slash + 1);
}

/** XEP-0045 section 7.2: why one may not enter. */
function refusal(presence: ReceivedPresence): PostcardError {
  const error = (presence as { error?: { condition?: string } }).error;
  const condition = error?.condition ?? 'undefined-condition';
  return new PostcardError(refusals[condition] ?? 'server-error', { condition });
}

const refusals: Readonly<Record<string, ErrorCode>> = {
  conflict: 'nickname-taken',
  'not-acceptable': 'nickname-taken',
  'jid-malformed': 'nickname-taken',
  'registration-required': 'group-closed',
  'not-authorized': 'group-closed',
  'service-unavailable': 'group-closed',
  forbidden: 'banned',
  'item-not-found': 'group-not-found',
  gone: 'group-not-found',
  'not-allowed': 'group-not-found',
  'remote-server-not-found': 'server-not-found',
  'remote-server-timeout': 'no-answer',
};
