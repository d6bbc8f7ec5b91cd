import { randomBytes } from 'node:crypto';
import { LIMITS } from '../limits.ts';
import { StanzaError } from '../stanza.ts';
import {
  countRooms,
  deleteRoom,
  deleteTemporaryRooms,
  findRoom,
  insertRoom,
  listPeopleOfRoom,
  savePerson,
} from '../store/rooms.ts';
import { defaultConfig } from './config.ts';
import { Room } from './room.ts';
import type { Db } from '../store/database.ts';
import type { Session } from '../session.ts';

/** The rooms that are in memory; the disk has them all. */
export class RoomRegistry {
  readonly #db: Db;
  readonly #rooms = new Map<string, Room>();
  #joined = new WeakMap<Session, Set<Room>>();
  readonly #invited = new Map<string, { since: number; count: number }>();
  readonly #said = new Map<string, { at: number; left: number }>();
  #stale = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** At the start: rooms that live only while somebody is in them are gone, because nobody is. */
  dropTemporary(): void {
    deleteTemporaryRooms(this.#db);
  }

  /**
   * Runs work on rooms. An expected refusal comes before anything is changed; after any other failure the turn undoes
   * what was written, so that what is in memory has to be read again.
   */
  guard<T>(work: () => T): T {
    if (this.#stale) this.#reload();
    try {
      return work();
    } catch (error) {
      if (!(error instanceof StanzaError)) this.#stale = true;
      throw error;
    }
  }

  #reload(): void {
    this.#stale = false;
    for (const [name, room] of this.#rooms) {
      const stored = findRoom(this.#db, name);
      if (stored?.id === room.id) room.reload(stored, listPeopleOfRoom(this.#db, room.id));
      else this.#rooms.delete(name);
    }
  }

  find(name: string): Room | null {
    const known = this.#rooms.get(name);
    if (known) return known;
    const stored = findRoom(this.#db, name);
    if (!stored) return null;
    const room = new Room(stored, listPeopleOfRoom(this.#db, stored.id));
    this.#rooms.set(name, room);
    return room;
  }

  /** @throws StanzaError item-not-found */
  get(name: string): Room {
    const room = this.find(name);
    if (!room) throw new StanzaError('item-not-found');
    return room;
  }

  /** Makes a room that only its owner can enter until it is configured (§10.1). @throws StanzaError */
  create(name: string, owner: string): Room {
    if (name.length > 200) throw new StanzaError('not-allowed', 'The name is too long');
    const { all, own } = countRooms(this.#db, owner);
    if (all >= LIMITS.rooms || own >= LIMITS.roomsOfOneOwner) throw new StanzaError('resource-constraint');
    const secret = randomBytes(32).toString('base64url');
    const config = defaultConfig();
    const id = insertRoom(this.#db, name, secret, config);
    const room = new Room({ id, name, secret, configured: false, config, subject: null }, []);
    const person = {
      user: owner,
      affiliation: 'owner',
      nick: '',
      since: 0,
      muted: false,
      mutedUntil: null,
      wrote: false,
    } as const;
    savePerson(this.#db, id, { ...person, invitedBy: '', reason: '' });
    room.keep({ ...person, invitedBy: '', reason: '' });
    this.#rooms.set(name, room);
    return room;
  }

  /** Removes a room for good; whoever was in it has to be told already. */
  remove(room: Room): void {
    deleteRoom(this.#db, room.id);
    for (const occupant of room.occupants.values())
      for (const session of occupant.sessions.keys()) this.#joined.get(session)?.delete(room);
    room.occupants.clear();
    this.#rooms.delete(room.name);
  }

  /** The rooms a session is in. */
  roomsOf(session: Session): Set<Room> {
    let rooms = this.#joined.get(session);
    if (!rooms) this.#joined.set(session, (rooms = new Set()));
    return rooms;
  }

  /** Counts an invitation. @throws StanzaError resource-constraint where there were too many in a minute */
  countInvitations(user: string, more: number): void {
    const now = Date.now();
    if (this.#invited.size > 10_000) this.#invited.clear();
    const seen = this.#invited.get(user);
    const current = seen && now - seen.since < 60_000 ? seen : { since: now, count: 0 };
    if (current.count + more > LIMITS.invitationsPerMinute) throw new StanzaError('resource-constraint');
    this.#invited.set(user, { ...current, count: current.count + more });
  }

  /** Counts a message, whatever room it is for. @throws StanzaError resource-constraint where they come too fast */
  countMessage(user: string): void {
    const now = Date.now();
    if (this.#said.size > 10_000) this.#said.clear();
    const seen = this.#said.get(user) ?? { at: now, left: LIMITS.roomBurst };
    const more = ((now - seen.at) / 1000) * LIMITS.roomMessagesPerSecond;
    const left = Math.min(LIMITS.roomBurst, seen.left + more) - 1;
    if (left < 0) throw new StanzaError('resource-constraint', 'Too many messages');
    this.#said.set(user, { at: now, left });
  }

  /** All sessions ended at once: as after a crash, only the disk counts. */
  clear(): void {
    this.#rooms.clear();
    this.#joined = new WeakMap();
  }
}
