/** XEP-0425 Moderated Message Retraction, version 0.3.0, and XEP-0424 in rooms: the archive forgets. */
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { dropUploads, scrubLater } from '../retraction.ts';
import { StanzaError, timestamp } from '../stanza.ts';
import { dropRoomUploadUses } from '../store/retraction.ts';
import { addRoomMessage, findRoomMessage, laterWith, setRoomMessage } from '../store/room-archive.ts';
import { child, childText, el, elements, parseXml, serialize, textEl, withChildren } from '../xml.ts';
import { readablePart } from './history.ts';
import { authorOf } from './publish.ts';
import { checkRight } from './rights.ts';
import { occupantIdElement } from './room.ts';
import type { HubCore } from '../core.ts';
import type { RoomMessage } from '../store/room-archive.ts';
import type { Occupant, Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement, XmlNode } from '../xml.ts';

/** Erases a message of the one who takes it back. @throws StanzaError forbidden where it isn't theirs */
export function retractOwn(core: HubCore, room: Room, occupant: Occupant, id: string): void {
  const row = stored(core, room, id);
  if (row.occupant !== occupant.occupantId) throw new StanzaError('forbidden');
  erase(core, room, row, []);
}

/** A moderator takes somebody's message back for everybody. @throws StanzaError */
export function moderate(core: HubCore, session: Session, room: Room, request: XmlElement): null {
  checkRight(room.standingOf(session.user), { do: 'moderate' }, room.config);
  readablePart(room, session.user);
  if (!child(request, 'retract', NS.retraction)) throw new StanzaError('bad-request');
  const row = stored(core, room, request.attrs.id ?? '');
  const reason = (childText(request, 'reason') ?? '').slice(0, LIMITS.roomReasonChars);
  const by = room.people.get(session.user)?.nick;
  const occupantId = room.occupantId(core.db, session.user);
  const how: XmlNode[] = [
    el('moderated', NS.moderation, { by: by ? room.at(by) : undefined }, [occupantIdElement(occupantId)]),
  ];
  if (reason) how.push(textEl('reason', NS.retraction, reason));
  erase(core, room, row, how);
  announce(core, room, el('retract', NS.retraction, { id: row.id }, how));
  return null;
}

/** From the room itself, archived: whoever was away hears of it. */
function announce(core: HubCore, room: Room, retract: XmlElement): void {
  const id = addRoomMessage(core.db, room.id, Date.now(), { occupant: '', nick: '' });
  const stamp = el('stanza-id', NS.sid, { id, by: room.jid });
  const attrs = { from: room.jid, type: 'groupchat', id: `moderation-${id}` };
  const message = el('message', NS.client, attrs, [retract, el('store', NS.hints), stamp]);
  setRoomMessage(core.db, id, serialize(message));
  room.broadcast(message);
}

function stored(core: HubCore, room: Room, id: string): RoomMessage {
  const row = /^\d{1,15}$/.test(id) ? findRoomMessage(core.db, room.id, Number(id)) : null;
  // What the room itself said is no message of anybody.
  if (!row || row.occupant === '') throw new StanzaError('item-not-found');
  return row;
}

/** Leaves tombstones (XEP-0424 §5) of a message and of what belongs to it; one that is there already stays. */
function erase(core: HubCore, room: Room, row: RoomMessage, how: readonly XmlNode[]): void {
  for (const one of [row, ...belonging(core, room, row)]) {
    const was = parseXml(one.xml);
    if (child(was, 'retracted', NS.retraction)) continue;
    const attrs = { stamp: timestamp(Date.now()) };
    const tombstone = el('retracted', NS.retraction, attrs, [...how]);
    setRoomMessage(core.db, one.id, serialize(withChildren(was, [tombstone, ...whichItWas(was)])));
    dropRoomUploadUses(core.db, one.id);
    const author = authorOf(was);
    if (author !== undefined) dropUploads(core, author, [was]);
  }
  scrubLater(core);
}

/** What says which message it was, and nothing of what it said. */
const whichItWas = (was: XmlElement): XmlElement[] =>
  elements(was).flatMap((e) => {
    if (e.ns === NS.sid || e.ns === NS.occupantId || e.ns === NS.mucUser) return [e];
    if (e.ns === NS.correction) return [el('replace', NS.correction, { id: e.attrs.id })];
    return e.ns === NS.caption && e.name === 'caption'
      ? [el('caption', NS.caption, { for: e.attrs.for })]
      : [];
  });

/**
 * What its author said in place of it (XEP-0308), of its caption for other apps, and in place of those: messages of their
 * own, with the text in them.
 */
function belonging(core: HubCore, room: Room, row: RoomMessage): RoomMessage[] {
  const first = parseXml(row.xml);
  const ids = new Set(idsOf(first));
  const texts = [NS.correction, NS.caption, ...ids];
  return laterWith(core.db, room.id, row, texts).filter((later) => {
    const message = parseXml(later.xml);
    if (child(message, 'retract', NS.retraction)) return false;
    const about = [
      child(message, 'replace', NS.correction)?.attrs.id,
      child(message, 'caption', NS.caption)?.attrs.for,
    ].filter((id) => id !== undefined);
    // Some apps count from 1 at each start: what follows is about this one.
    if (about.length === 0) for (const id of idsOf(message)) ids.delete(id);
    if (!about.some((id) => ids.has(id))) return false;
    for (const id of idsOf(message)) ids.add(id);
    return true;
  });
}

/** What its author calls it. */
const idsOf = (message: XmlElement): string[] =>
  [message.attrs.id, child(message, 'origin-id', NS.sid)?.attrs.id].filter((id): id is string => Boolean(id));
