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
import { childText, el, elements, parseXml, serialize, textEl, withAttrs, withChildren } from '../xml.ts';
import { keepPerson } from './occupants.ts';
import { judge, postIn } from './policy.ts';
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

/**
 * A message that is sent once more, as apps do that heard no answer: it waits as before, whatever the policy says by now.
 * @throws StanzaError not-allowed where a moderator did not want it
 */
export function waitsAlready(core: HubCore, room: Room, author: Occupant, message: XmlElement): boolean {
  const messageId = message.attrs.id ?? '';
  const state = heldState(core.db, room.id, author.user, messageId);
  if (state === 'dropped') throw new StanzaError('not-allowed', 'A moderator did not want this');
  if (state === 'held') tellWaiting(room, author, messageId);
  return state === 'held';
}

/** Keeps a message until a moderator has seen it. @throws StanzaError where too many wait */
export function hold(
  core: HubCore,
  room: Room,
  author: Occupant,
  o: { message: XmlElement; post: Post; why: 'first' | 'words' },
): void {
  const messageId = idOf(o.message);
  const { all, own } = countHeldInRoom(core.db, room.id, author.user);
  if (own >= LIMITS.roomHeldFromOne || all >= LIMITS.roomHeld)
    throw new StanzaError('resource-constraint', 'Too much waits here already');
  const xml = [serialize(spoken(room, author, o.message))];
  const held = { user: author.user, messageId, at: Date.now(), why: o.why, xml };
  const id = addHeldInRoom(core.db, room.id, held);
  room.tellModerators(heldNote(room, { ...held, id }));
  tellWaiting(room, author, messageId);
}

/**
 * The caption of a message that waits, waits with it; nothing else comes with it. True: it was that.
 * @throws StanzaError where the room's policy refuses it
 */
export function holdCaption(
  core: HubCore,
  room: Room,
  author: Occupant,
  message: XmlElement,
  of: string,
): boolean {
  const held = findHeldMessage(core.db, room.id, author.user, of);
  if (!held) return false;
  const caption = captionAlone(message);
  const post = postIn(caption);
  if (post) judge(room.policy, { ...post, edits: null }, { wrote: true, lastAt: null }, Date.now());
  if (held.xml.length === 1) {
    const xml = [...held.xml, serialize(spoken(room, author, caption))];
    extendHeld(core.db, held.id, xml);
    // Moderators publish what they have read, and that is both.
    room.tellModerators(heldNote(room, { ...held, xml }));
  }
  tellWaiting(room, author, idOf(message));
  return true;
}

const captionAlone = (message: XmlElement): XmlElement =>
  withChildren(
    message,
    elements(message).filter(
      ({ ns, name }) =>
        (ns === NS.client && name === 'body') || ns === NS.caption || ns === NS.sid || ns === NS.hints,
    ),
  );

const tellWaiting = (room: Room, author: Occupant, message: string): void =>
  tellAuthor(room, author, 'waiting', { message });

/** All devices of somebody; about a message of theirs by their id of it. */
function tellAuthor(
  room: Room,
  author: Occupant,
  what: 'waiting' | 'discarded' | 'reviewed',
  value: { message: string } | { id: string },
): void {
  const note = roomNote(room, what, value);
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
  const photo = messages.some((message) =>
    elements(message).some(({ ns }) => ns === NS.fileSharing || ns === NS.oob),
  );
  const urls = messages.flatMap((message) =>
    elements(message, 'x', NS.oob).map((x) => childText(x, 'url') ?? ''),
  );
  const texts = messages.map((message) => (postIn(message)?.text ?? '').trim());
  const text = [...texts, ...urls].filter((line) => line !== '').join('\n');
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
export function review(core: HubCore, room: Room, moderator: Occupant, json: string): void {
  const { id, publish: wanted } = readReview(json);
  const held = findHeld(core.db, room.id, id);
  if (!held) {
    tellAuthor(room, moderator, 'reviewed', { id: String(id) });
    throw new StanzaError('item-not-found', 'Another moderator saw to this');
  }
  if (wanted && rankOf(room.standingOf(held.user)) >= (room.config.membersOnly ? 1 : 0))
    release(core, room, held);
  else refuse(core, room, held);
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
  tellAuthor(room, author, 'discarded', { message });
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
