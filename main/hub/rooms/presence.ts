/** Entering and leaving rooms (XEP-0045 §7.1, §7.6, §7.14). */
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { lastRoomMessage } from '../store/room-archive.ts';
import { child, elements, serialize, withAttrs } from '../xml.ts';
import { roomNote, tellHeld } from './held.ts';
import { sendHistory } from './history.ts';
import { foldNickname, readNickname } from './nicknames.ts';
import { destroyRoom, keepPerson, occupantPresence, showOccupant, showSelf } from './occupants.ts';
import { rankOf } from './rights.ts';
import { writtenTo } from './room.ts';
import type { HubCore } from '../core.ts';
import type { Jid } from '../jid.ts';
import type { RoomPerson } from '../store/rooms.ts';
import type { Occupant, Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** Presence sent to a room's occupant address; `from` is stamped already. @throws StanzaError */
export function handleRoomPresence(core: HubCore, session: Session, presence: XmlElement, target: Jid): void {
  const { type } = presence.attrs;
  if (type === 'unavailable') {
    const room = core.rooms.find(target.user);
    if (room) leave(core, session, room, presence);
    return;
  }
  if (type !== undefined) return; // probes, subscriptions and errors mean nothing to a room
  if (!target.user || !target.resource) throw new StanzaError('jid-malformed');
  const nick = readNickname(target.resource);
  if (nick === null) throw new StanzaError('not-acceptable', 'This can not be a nickname');
  const known = core.rooms.find(target.user);
  const inside = known?.occupantOf(session);
  if (known && inside && !child(presence, 'x', NS.muc)) update(core, known, inside, nick, presence);
  else if (inside || child(presence, 'x', NS.muc)) join(core, session, known, target.user, nick, presence);
  // Presence without <x/> from somebody who thinks to be in: they have to be told that they are not (§7.2.3).
  else throw new StanzaError('not-acceptable');
}

function join(
  core: HubCore,
  session: Session,
  known: Room | null,
  name: string,
  nick: string,
  presence: XmlElement,
): void {
  if (core.rooms.roomsOf(session).size >= LIMITS.roomsOfOneSession)
    throw new StanzaError('resource-constraint');
  const room = known ?? core.rooms.create(name, session.user);
  const wasMade = known === null;
  checkEntry(room, session.user);
  const present = room.occupants.get(session.user);
  // All devices of an account have one name; the one that is there already counts (210).
  if (!present) checkNickname(room, session.user, nick);
  const person = enteringPerson(core, room, session.user, present?.nick ?? nick);
  if (person !== room.people.get(session.user)) keepPerson(core.db, room, person);
  const occupant = present ?? newOccupant(core, room, session.user, nick);
  occupant.said = whatIsSaid(presence);
  for (const other of room.occupants.values())
    if (other !== occupant) session.send(withAttrs(occupantPresence(room, other), { to: session.jid }));
  occupant.sessions.set(session, writtenTo(session));
  room.occupants.set(session.user, occupant);
  core.rooms.roomsOf(session).add(room);
  if (!present) room.broadcast(occupantPresence(room, occupant), occupant);
  const codes = [100, ...(wasMade ? [201] : []), ...(occupant.nick === nick ? [] : [210])];
  showSelf(room, occupant, [session], { codes });
  sendHistory(core, session, room, child(presence, 'x', NS.muc));
  tellPolicy(core, session, room);
}

/** Where history is closed, what was decided before they came can't be read: the room says it itself. */
function tellPolicy(core: HubCore, session: Session, room: Room): void {
  const { policy } = room.config;
  if (policy !== undefined) session.send(withAttrs(roomNote(room, 'policy', policy), { to: session.jid }));
  tellHeld(core, session, room);
}

function checkEntry(room: Room, user: string): void {
  const rank = rankOf(room.standingOf(user));
  if (rank < 0) throw new StanzaError('forbidden');
  if (!room.configured && rank < 3) throw new StanzaError('item-not-found');
  if (room.config.membersOnly && rank < 1) throw new StanzaError('registration-required');
  if (!room.people.has(user) && room.people.size >= LIMITS.roomPeople)
    throw new StanzaError('service-unavailable', 'The room is full');
}

/** A nickname is one account's, whether it is there or not, and nobody else has one that looks like it (§7.2.9). */
function checkNickname(room: Room, user: string, nick: string): void {
  const holder = room.nicks.get(foldNickname(nick));
  if (holder !== undefined && holder !== user) throw new StanzaError('conflict');
}

function enteringPerson(core: HubCore, room: Room, user: string, nick: string): RoomPerson {
  const old = room.people.get(user);
  if (old?.nick === nick && old.since !== null) return old;
  const since = old?.since ?? lastRoomMessage(core.db, room.id);
  const stranger = {
    user,
    affiliation: 'none',
    muted: false,
    mutedUntil: null,
    invitedBy: '',
    reason: '',
    wrote: false,
  } as const;
  return { ...(old ?? stranger), nick, since };
}

function newOccupant(core: HubCore, room: Room, user: string, nick: string): Occupant {
  const occupantId = room.occupantId(core.db, user);
  return { user, occupantId, nick, role: room.roleBy(user), said: [], sessions: new Map() };
}

/** What others may see of a presence: nothing that only a room may say, and not too much. */
function whatIsSaid(presence: XmlElement): XmlElement[] {
  const said = elements(presence).filter(
    ({ name, ns }) =>
      (ns === NS.client && (name === 'show' || name === 'status')) ||
      ns === NS.caps ||
      ns === 'vcard-temp:x:update' ||
      ns === 'urn:xmpp:idle:1',
  );
  return said.map((e) => serialize(e).length).reduce((sum, n) => sum + n, 0) > 4_000 ? [] : said;
}

function update(core: HubCore, room: Room, occupant: Occupant, nick: string, presence: XmlElement): void {
  if (nick !== occupant.nick) {
    checkNickname(room, occupant.user, nick);
    if (occupant.role === 'visitor') throw new StanzaError('not-allowed');
    const person = enteringPerson(core, room, occupant.user, nick);
    keepPerson(core.db, room, person);
    showOccupant(room, occupant, { gone: true, nick, codes: [303] });
    occupant.nick = nick;
  }
  occupant.said = whatIsSaid(presence);
  showOccupant(room, occupant);
}

/** A device leaves; the account does with its last one. */
function leave(core: HubCore, session: Session, room: Room, presence?: XmlElement): void {
  const occupant = room.occupantOf(session);
  if (!occupant) return;
  const codes = presence ? [] : [333];
  const last = occupant.sessions.size === 1;
  showSelf(room, occupant, [session], { gone: true, codes });
  occupant.sessions.delete(session);
  core.rooms.roomsOf(session).delete(room);
  if (!last) return;
  room.occupants.delete(occupant.user);
  room.broadcast(occupantPresence(room, occupant, { gone: true, codes }));
  const temporary = !room.config.persistent || !room.configured;
  if (temporary && room.occupants.size === 0) destroyRoom(core, room);
}

/** A session goes offline or is lost for good (333); one that can be resumed stays where it is. */
export function leaveRooms(core: HubCore, session: Session, presence?: XmlElement): void {
  for (const room of [...core.rooms.roomsOf(session)]) leave(core, session, room, presence);
}
