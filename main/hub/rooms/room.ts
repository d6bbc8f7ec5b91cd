import { createHmac } from 'node:crypto';
import { ROOMS_DOMAIN } from '../jid.ts';
import { NS } from '../namespaces.ts';
import { el, serialize } from '../xml.ts';
import { foldNickname } from './nicknames.ts';
import { storedPolicy } from './policy.ts';
import { rankOf } from './rights.ts';
import { accountMadeAt } from '../store/rooms.ts';
import type { Db } from '../store/database.ts';
import type { GroupPolicy } from '../../../contract/groups.ts';
import type { Affiliation, RoomConfig, RoomPerson, StoredRoom } from '../store/rooms.ts';
import type { Session } from '../session.ts';
import type { Role, Standing } from './rights.ts';
import type { XmlElement } from '../xml.ts';

/** An account that is in a room, with one or several devices under one nickname. */
export interface Occupant {
  readonly user: string;
  readonly occupantId: string;
  nick: string;
  role: Role;
  /** What its last presence said: availability, status, capabilities. */
  said: XmlElement[];
  /** Its devices, each with the `to` of its copies as it is written. */
  readonly sessions: Map<Session, string>;
}

/** A room as it lives: everything that is on disk but its archive, and who is in it now. */
export class Room implements StoredRoom {
  readonly id: number;
  readonly name: string;
  readonly secret: string;
  readonly jid: string;
  configured: boolean;
  config: RoomConfig;
  subject: string | null;
  readonly people = new Map<string, RoomPerson>();
  /** Whose a nickname is, by what look-alikes have in common. */
  readonly nicks = new Map<string, string>();
  readonly occupants = new Map<string, Occupant>();
  #policy: { json: string | undefined; read: GroupPolicy } | null = null;

  constructor(stored: StoredRoom, people: readonly RoomPerson[]) {
    this.id = stored.id;
    this.name = stored.name;
    this.secret = stored.secret;
    this.jid = `${stored.name}@${ROOMS_DOMAIN}`;
    this.configured = stored.configured;
    this.config = stored.config;
    this.subject = stored.subject;
    for (const person of people) this.keep(person);
  }

  /** Takes what is on disk instead of what is in memory; whoever is in the room stays. */
  reload(stored: StoredRoom, people: readonly RoomPerson[]): void {
    this.configured = stored.configured;
    this.config = stored.config;
    this.subject = stored.subject;
    this.people.clear();
    this.nicks.clear();
    for (const person of people) this.keep(person);
  }

  /** Remembers a person, and whose the nickname is now. */
  keep(person: RoomPerson): void {
    this.forget(person.user);
    this.people.set(person.user, person);
    if (person.nick) this.nicks.set(foldNickname(person.nick), person.user);
  }

  forget(user: string): void {
    const old = this.people.get(user);
    if (old?.nick) this.nicks.delete(foldNickname(old.nick));
    this.people.delete(user);
  }

  affiliationOf(user: string): Affiliation {
    return this.people.get(user)?.affiliation ?? 'none';
  }

  standingOf(user: string): Standing {
    return { affiliation: this.affiliationOf(user), role: this.occupants.get(user)?.role ?? 'none' };
  }

  /** What its owner decided. */
  get policy(): GroupPolicy {
    const json = this.config.policy;
    if (this.#policy === null || this.#policy.json !== json)
      this.#policy = { json, read: storedPolicy(json) };
    return this.#policy.read;
  }

  /** The role somebody has by what they are. */
  roleBy(user: string): Role {
    const person = this.people.get(user);
    if (person && rankOf(person) >= 2) return 'moderator';
    return person?.muted ? 'visitor' : 'participant';
  }

  /** Who has a nickname, or one that looks like it, and is in the room. */
  occupantNamed(nick: string): Occupant | undefined {
    return this.occupants.get(this.nicks.get(foldNickname(nick)) ?? '');
  }

  /** The occupant a session is (part of). */
  occupantOf(session: Session): Occupant | undefined {
    const occupant = this.occupants.get(session.user);
    return occupant?.sessions.has(session) ? occupant : undefined;
  }

  owners(): string[] {
    return [...this.people.values()].filter((p) => p.affiliation === 'owner').map((p) => p.user);
  }

  /** Who somebody is in this room, whatever they are called (XEP-0421 §3): not another account of their name. */
  occupantId(db: Db, user: string): string {
    const text = `${user} ${accountMadeAt(db, user)}`;
    return createHmac('sha256', this.secret).update(text).digest('base64url').slice(0, 32);
  }

  /** Sends everybody in the room a copy; it is written once, whatever their number. */
  broadcast(stanza: XmlElement, except?: Occupant): void {
    this.#copy(stanza, (occupant) => occupant !== except);
  }

  /** Sends those who moderate a copy. */
  tellModerators(stanza: XmlElement): void {
    this.#copy(stanza, ({ role }) => role === 'moderator');
  }

  #copy(stanza: XmlElement, isFor: (occupant: Occupant) => boolean): void {
    const rest = serialize(stanza).slice(stanza.name.length + 1);
    for (const occupant of this.occupants.values()) {
      if (!isFor(occupant)) continue;
      for (const [session, to] of occupant.sessions)
        session.sendWritten(`<${stanza.name}${to}${rest}`, stanza);
    }
  }

  /** The address of somebody in the room. */
  at(nick: string): string {
    return `${this.jid}/${nick}`;
  }
}

/** ` to="…"` as it is written for a session. */
export const writtenTo = (session: Session): string =>
  serialize(el('a', '', { to: session.jid })).slice(2, -2);

export const occupantIdElement = (id: string): XmlElement => el('occupant-id', NS.occupantId, { id });
