/** Messages to a room and through it (XEP-0045 §7.4, §7.5, §8.1). */
import { LIMITS } from '../limits.ts';
import { bareOfUser, parseJid } from '../jid.ts';
import { stripForged } from '../messages.ts';
import { NS } from '../namespaces.ts';
import { isBlocked, mayReach } from '../policy.ts';
import { StanzaError } from '../stanza.ts';
import { saveRoom } from '../store/rooms.ts';
import { child, el, elements, serialize, textEl, withAttrs, withChildren } from '../xml.ts';
import { discard, hold, holdCaption, review, waitsAlready } from './held.ts';
import { declineInvitation, invitePeople } from './invitations.ts';
import { retractOwn } from './moderation.ts';
import { heedMute } from './mutes.ts';
import { keepPerson } from './occupants.ts';
import { judge, noteIn, postIn, readPolicy } from './policy.ts';
import { publish, spoken } from './publish.ts';
import { checkRight, rankOf } from './rights.ts';
import { slowModeOf } from './slow-mode.ts';
import { occupantIdElement } from './room.ts';
import type { HubCore } from '../core.ts';
import type { Jid } from '../jid.ts';
import type { Occupant, Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** A message to a room or to somebody in it; `from` is stamped already. @throws StanzaError */
export function handleRoomMessage(core: HubCore, session: Session, received: XmlElement, target: Jid): void {
  if (received.attrs.type === 'error') return;
  if (!target.user) throw new StanzaError('service-unavailable');
  const room = core.rooms.get(target.user);
  const x = child(received, 'x', NS.mucUser);
  if (!target.resource && received.attrs.type !== 'groupchat' && x) {
    if (child(x, 'decline')) declineInvitation(core, session, room, x);
    else invitePeople(core, session, room, x);
    return;
  }
  const occupant = room.occupantOf(session);
  if (!occupant) throw new StanzaError('not-acceptable');
  core.rooms.countMessage(session.user);
  const message = clean(received);
  if (serialize(message).length > LIMITS.roomMessageChars)
    throw new StanzaError('policy-violation', 'Too long');
  if (target.resource) whisper(core, session, room, occupant, message, target.resource);
  else if (message.attrs.type === 'groupchat') speak(core, room, occupant, message);
  else throw new StanzaError('bad-request');
}

/** Removes what only a room, an archive or a server says. */
function clean(received: XmlElement): XmlElement {
  const message = stripForged(received);
  const kept = elements(message).filter(
    ({ name, ns }) =>
      ns !== NS.mucUser &&
      ns !== NS.occupantId &&
      ns !== NS.mam &&
      ns !== NS.moderation &&
      ns !== NS.carbons &&
      ns !== NS.forward &&
      !(ns === NS.retraction && name === 'retracted') &&
      !(ns === NS.delay && name === 'delay'),
  );
  const claimsModeration = kept.some((e) => e.ns === NS.retraction && child(e, 'moderated', NS.moderation));
  if (claimsModeration) throw new StanzaError('forbidden', 'Only the room says that');
  return withChildren(message, kept);
}

function speak(core: HubCore, room: Room, occupant: Occupant, received: XmlElement): void {
  const standing = room.standingOf(occupant.user);
  const retracts = child(received, 'retract', NS.retraction) !== undefined;
  // Who is muted takes back what is theirs all the same, and tells moderators.
  if (!retracts && !isForModerators(received)) checkRight(standing, { do: 'speak' }, room.config);
  const message = retracts ? withoutWords(received, standing.role === 'visitor') : received;
  const isSubject = child(message, 'subject') !== undefined && child(message, 'body') === undefined;
  if (isSubject) checkRight(standing, { do: 'subject' }, room.config);
  const retract = child(message, 'retract', NS.retraction);
  // Before anybody hears of it: what isn't theirs is refused.
  if (retract) retractOwn(core, room, occupant, retract.attrs.id ?? '');
  if (heedNote(core, room, occupant, message) || heldByPolicy(core, room, occupant, message)) return;
  const said = publish(core, room, spoken(room, occupant, message), occupant);
  if (!isSubject) return;
  const { configured, config } = room;
  saveRoom(core.db, { id: room.id, name: room.name, secret: room.secret, configured, config, subject: said });
  room.subject = said;
}

/** A note that a muted member may send, too: nobody but moderators and the room hears it. */
function isForModerators(message: XmlElement): boolean {
  const note = noteIn(message);
  return note?.family === NS.groups && (note.kind === 'report' || note.kind === 'discard');
}

/** Of a retraction what names the message, with words of the room's own: no policy looks at it, so it says nothing else. */
const withoutWords = (said: XmlElement, silent: boolean): XmlElement =>
  withChildren(said, [
    ...elements(said, 'retract', NS.retraction).map(({ attrs }) =>
      el('retract', NS.retraction, { id: attrs.id }),
    ),
    // Which caption for other apps it is that goes.
    ...elements(said, 'caption', NS.caption).map(({ attrs }) =>
      el('caption', NS.caption, { for: attrs.for }),
    ),
    ...elements(said, 'origin-id', NS.sid).map(({ attrs }) => el('origin-id', NS.sid, { id: attrs.id })),
    el('store', NS.hints),
    ...(child(said, 'body') && !silent
      ? [textEl('body', NS.client, RETRACTED), el('fallback', NS.fallback, { for: NS.retraction })]
      : []),
  ]);

/** What apps show that take nothing back. */
const RETRACTED = 'A message was taken back, which this app cannot show.';

/** What may be said by a payload of our own, and by whom. True: it is not for everybody. */
function heedNote(core: HubCore, room: Room, occupant: Occupant, message: XmlElement): boolean {
  const standing = room.standingOf(occupant.user);
  const note = noteIn(message);
  if (note === null || note.family !== NS.groups) return false;
  if (BY_ROOM.has(note.kind)) throw new StanzaError('forbidden', 'Only the room says that');
  if (note.kind === 'policy') {
    if (standing.affiliation !== 'owner') throw new StanzaError('forbidden');
    readPolicy(note.json);
    const config = { ...room.config, policy: note.json };
    const { id, name, secret, configured, subject } = room;
    saveRoom(core.db, { id, name, secret, configured, subject, config });
    room.config = config;
  }
  if (BY_MODERATORS.has(note.kind)) checkRight(standing, { do: 'moderate' }, room.config);
  if (note.kind === 'mute') heedMute(core, room, occupant, note.json);
  if (note.kind === 'review') review(core, room, occupant, note.json);
  if (note.kind === 'discard') discard(core, room, occupant, note.json);
  if (note.kind === 'report') publish(core, room, spoken(room, occupant, message), occupant, true);
  return TO_THE_ROOM.has(note.kind);
}

/** What only the room itself says. */
const BY_ROOM = new Set(['held', 'reviewed', 'waiting', 'discarded']);
/** What nobody else hears, or moderators alone. */
const TO_THE_ROOM = new Set(['review', 'report', 'discard']);
const BY_MODERATORS = new Set(['review', 'log', 'mute', 'pin']);

/** True: a member's message waits for a moderator. @throws StanzaError where the room's policy refuses it */
function heldByPolicy(core: HubCore, room: Room, occupant: Occupant, message: XmlElement): boolean {
  const post = postIn(message);
  const { user } = occupant;
  const person = room.people.get(user);
  if (post === null || !person) return false;
  if (waitsAlready(core, room, occupant, message)) return true;
  if (occupant.role === 'moderator' || rankOf(person) >= 2) return false;
  const { captionOf } = post;
  if (captionOf !== null && holdCaption(core, room, occupant, message, captionOf)) return true;
  const now = Date.now();
  const { lastAt, keep } = slowModeOf(core.db, room, occupant, { message, post, now });
  const verdict = judge(room.policy, post, { wrote: person.wrote, lastAt }, now);
  if (verdict !== 'publish') hold(core, room, occupant, { message, post, why: verdict });
  else if (!person.wrote) keepPerson(core.db, room, { ...person, wrote: true });
  keep();
  return verdict !== 'publish';
}

/** A private message: it says by `<x/>` that it came through a room, and the rules for its real sender count. */
function whisper(
  core: HubCore,
  session: Session,
  room: Room,
  from: Occupant,
  message: XmlElement,
  nick: string,
): void {
  const type = message.attrs.type ?? 'normal';
  if (type !== 'chat' && type !== 'normal') throw new StanzaError('bad-request');
  const to = room.occupantNamed(nick);
  if (!to) throw new StanzaError('item-not-found');
  if (from.role === 'visitor' && to.role !== 'moderator') throw new StanzaError('forbidden');
  const real = parseJid(session.jid);
  const shown = parseJid(room.at(from.nick));
  if (!real || !shown) throw new StanzaError('internal-server-error');
  const other = parseJid(bareOfUser(to.user));
  if (to.user !== from.user && other && isBlocked(core.db, from.user, other))
    throw new StanzaError('not-acceptable', '', el('blocked', NS.blockingErrors));
  const takers = [...to.sessions.keys()].filter(
    (s) =>
      mayReach(core.db, { user: s.user, session: s }, real, 'message') && !isBlocked(core.db, s.user, shown),
  );
  if (takers.length === 0) throw new StanzaError('service-unavailable');
  const marks = [el('x', NS.mucUser), occupantIdElement(from.occupantId)];
  const attrs = { from: room.at(from.nick), type, id: message.attrs.id };
  const out = el('message', NS.client, attrs, [...message.children, ...marks]);
  for (const taker of takers) taker.send(withAttrs(out, { to: taker.jid }));
}
