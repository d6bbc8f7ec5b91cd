/** Messages that wait for a moderator, and the notes about them (docs/mechanisms/hub-rooms.md "Policy"). */
import { LIMITS } from '../limits.ts';
import { bareOfUser } from '../jid.ts';
import { NS } from '../namespaces.ts';
import { scrubLater } from '../retraction.ts';
import { StanzaError, errorReply } from '../stanza.ts';
import {
  addHeldInRoom,
  countHeldInRoom,
  deleteHeld,
  dropHeldInRoom,
  extendHeld,
  findHeld,
  findHeldMessage,
  heldState,
  listHeldInRoom,
} from '../store/room-held.ts';
import { childText, el, parseXml, serialize, textEl, withAttrs } from '../xml.ts';
import { keepPerson } from './occupants.ts';
import { postIn } from './policy.ts';
import { publish, spoken } from './publish.ts';
import { rankOf } from './rights.ts';
import type { HubCore } from '../core.ts';
import type { HeldInRoom } from '../store/room-held.ts';
import type { Post } from './policy.ts';
import type { Author } from './publish.ts';
import type { Occupant, Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** Something the room itself says to apps that know groups; nothing of it is archived. */
export function roomNote(room: Room, kind: string, value: unknown): XmlElement {
  const payload = textEl(kind, NS.groups, typeof value === 'string' ? value : JSON.stringify(value));
  return el('message', NS.client, { from: room.jid, type: 'groupchat' }, [payload, el('no-store', NS.hints)]);
}

/** Keeps a message until a moderator has seen it. @throws StanzaError where one said no, or too many wait */
export function hold(
  core: HubCore,
  room: Room,
  author: Occupant,
  o: { message: XmlElement; post: Post; why: 'first' | 'words' },
): void {
  const messageId = idOf(o.message);
  const state = heldState(core.db, room.id, author.user, messageId);
  if (state === 'dropped') throw new StanzaError('not-allowed', 'A moderator did not want this');
  if (state === 'held') return tellWaiting(room, author, messageId);
  const { all, own } = countHeldInRoom(core.db, room.id, author.user);
  if (own >= LIMITS.roomHeldFromOne || all >= LIMITS.roomHeld)
    throw new StanzaError('resource-constraint', 'Too much waits here already');
  const xml = [serialize(spoken(room, author, o.message))];
  const held = { user: author.user, messageId, at: Date.now(), why: o.why, xml };
  const id = addHeldInRoom(core.db, room.id, held);
  room.tellModerators(heldNote(room, { ...held, id }));
  tellWaiting(room, author, messageId);
}

/** The caption of a message that waits, waits with it. True: it was that. */
export function holdCaption(
  core: HubCore,
  room: Room,
  author: Occupant,
  message: XmlElement,
  of: string,
): boolean {
  const held = findHeldMessage(core.db, room.id, author.user, of);
  if (!held) return false;
  if (held.xml.length === 1)
    extendHeld(core.db, held.id, [...held.xml, serialize(spoken(room, author, message))]);
  tellWaiting(room, author, idOf(message));
  return true;
}

const tellWaiting = (room: Room, author: Occupant, message: string): void =>
  tellAuthor(room, author, 'waiting', message);

/** All their devices, about a message by their id of it. */
function tellAuthor(room: Room, author: Occupant, what: 'waiting' | 'discarded', message: string): void {
  const note = roomNote(room, what, { message });
  for (const session of author.sessions.keys()) session.send(withAttrs(note, { to: session.jid }));
}

function idOf(message: XmlElement): string {
  const id = message.attrs.id ?? '';
  if (id === '' || id.length > 256) throw new StanzaError('bad-request', 'This has to have an id');
  return id;
}

/** As moderators see it. */
function heldNote(room: Room, held: HeldInRoom): XmlElement {
  const messages = held.xml.map(parseXml);
  const photo = messages.some(({ children }) =>
    children.some((e) => typeof e !== 'string' && (e.ns === NS.fileSharing || e.ns === NS.oob)),
  );
  const text = messages
    .map((message) => childText(message, 'body') ?? postIn(message)?.text ?? '')
    .join('\n');
  return roomNote(room, 'held', {
    id: String(held.id),
    sender: bareOfUser(held.user),
    text: text.slice(0, 4000),
    photo,
    why: held.why,
    at: held.at,
  });
}

/** Whoever may look at them is told what waits when they enter. */
export function tellHeld(core: HubCore, session: Session, room: Room): void {
  if (room.standingOf(session.user).role !== 'moderator') return;
  for (const held of listHeldInRoom(core.db, room.id, LIMITS.roomHeld))
    session.send(withAttrs(heldNote(room, held), { to: session.jid }));
}

/** A moderator publishes a message that waits, or says no. What another one saw to already stays so. */
export function review(core: HubCore, room: Room, json: string): void {
  const { id, publish: wanted } = readReview(json);
  const held = findHeld(core.db, room.id, id);
  if (held && wanted && rankOf(room.standingOf(held.user)) >= (room.config.membersOnly ? 1 : 0))
    release(core, room, held);
  else if (held) refuse(core, room, held);
  room.tellModerators(roomNote(room, 'reviewed', { id: String(id) }));
}

/** Whoever wrote a message that waits does not want it any more. @throws StanzaError where none of theirs waits */
export function discard(core: HubCore, room: Room, author: Occupant, json: string): void {
  const { message } = (readJson(json) ?? {}) as { message?: unknown };
  if (typeof message !== 'string') throw new StanzaError('bad-request');
  const held = findHeldMessage(core.db, room.id, author.user, message);
  if (!held) throw new StanzaError('item-not-found');
  // Remembered: a device that sends it once more does not bring it back.
  dropHeldInRoom(core.db, held.id, Date.now() - LIMITS.roomDroppedMs);
  scrubLater(core);
  room.tellModerators(roomNote(room, 'reviewed', { id: String(held.id) }));
  tellAuthor(room, author, 'discarded', message);
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new StanzaError('bad-request', error instanceof SyntaxError ? error.message : '');
  }
}

function readReview(json: string): { id: number; publish: boolean } {
  const { id, publish: wanted } = (readJson(json) ?? {}) as { id?: unknown; publish?: unknown };
  if (typeof id !== 'string' || !/^\d{1,15}$/.test(id) || typeof wanted !== 'boolean')
    throw new StanzaError('bad-request');
  return { id: Number(id), publish: wanted };
}

function release(core: HubCore, room: Room, held: HeldInRoom): void {
  const person = room.people.get(held.user);
  if (!person) return;
  const { user, nick } = person;
  const author: Author = { user, nick, occupantId: room.occupantId(core.db, user) };
  deleteHeld(core.db, held.id);
  if (!person.wrote) keepPerson(core.db, room, { ...person, wrote: true });
  for (const xml of held.xml) publish(core, room, spoken(room, author, parseXml(xml)), author);
}

/** Its sender is told as of any message that was not taken; their app may ask again later and is told the same. */
function refuse(core: HubCore, room: Room, held: HeldInRoom): void {
  dropHeldInRoom(core.db, held.id, Date.now() - LIMITS.roomDroppedMs);
  const occupant = room.occupants.get(held.user);
  for (const session of occupant?.sessions.keys() ?? []) {
    const was = el('message', NS.client, {
      from: session.jid,
      to: room.jid,
      id: held.messageId,
      type: 'groupchat',
    });
    session.send(errorReply(was, new StanzaError('not-allowed', 'A moderator did not want this')));
  }
}
