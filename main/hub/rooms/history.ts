/** What a room says of the past: to those who enter (§7.2.14), and who may read it at all. */
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError, timestamp } from '../stanza.ts';
import { listRoomMessages } from '../store/room-archive.ts';
import { child, el, parseXml, textEl, withAttrs, withChildren } from '../xml.ts';
import { rankOf } from './rights.ts';
import type { HubCore } from '../core.ts';
import type { RoomFilter } from '../store/room-archive.ts';
import type { Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/**
 * The part of the archive that an account may read: in a members-only room members do, in others whoever has been in it;
 * where history is closed, only what came after they joined. @throws StanzaError forbidden
 */
export function readablePart(room: Room, user: string): RoomFilter {
  const person = room.people.get(user);
  const rank = person ? rankOf(person) : 0;
  const allowed = room.config.membersOnly ? rank >= 1 : rank >= 0 && person !== undefined;
  if (!allowed) throw new StanzaError('forbidden');
  const moderates = rank >= 2 || room.standingOf(user).role === 'moderator';
  const part = moderates ? {} : { public: true };
  if (room.config.history) return part;
  return { ...part, after: person?.since ?? Number.MAX_SAFE_INTEGER };
}

/** Sends the last messages as far as they are wanted, then the subject: everything after that is new. */
export function sendHistory(core: HubCore, session: Session, room: Room, x: XmlElement | undefined): void {
  const wanted = x && child(x, 'history');
  const number = (name: string): number | undefined => {
    const text = wanted?.attrs[name];
    return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  };
  const filter = readablePart(room, session.user);
  const seconds = number('seconds');
  const since = Date.parse(wanted?.attrs.since ?? '');
  if (seconds !== undefined) filter.start = Date.now() - seconds * 1000;
  if (!Number.isNaN(since)) filter.start = Math.max(filter.start ?? 0, since);
  const limit = number('maxchars') === 0 ? 0 : Math.min(number('maxstanzas') ?? 20, LIMITS.roomHistory);
  const page = { limit, last: true, skip: 0 };
  for (const row of limit > 0 ? listRoomMessages(core.db, room.id, filter, page) : []) {
    const message = parseXml(row.xml);
    const delay = el('delay', NS.delay, { from: room.jid, stamp: timestamp(row.at) });
    const delayed = withChildren(message, [...message.children, delay]);
    session.send(withAttrs(delayed, { to: session.jid }));
  }
  const none = el('message', NS.client, { from: room.jid, type: 'groupchat' }, [
    textEl('subject', NS.client, ''),
  ]);
  session.send(withAttrs(room.subject === null ? none : parseXml(room.subject), { to: session.jid }));
}
