/** XEP-0425 Moderated Message Retraction, version 0.3.0, and XEP-0424 in rooms: the archive forgets. */
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { scrubLater } from '../retraction.ts';
import { StanzaError, timestamp } from '../stanza.ts';
import { addRoomMessage, findRoomMessage, setRoomMessage } from '../store/room-archive.ts';
import { child, childText, el, elements, parseXml, serialize, textEl, withChildren } from '../xml.ts';
import { readablePart } from './history.ts';
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
  erase(core, row, []);
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
  erase(core, row, how);
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

/** Leaves a tombstone (XEP-0424 §5); one that is there already stays. */
function erase(core: HubCore, row: RoomMessage, how: readonly XmlNode[]): void {
  const was = parseXml(row.xml);
  if (child(was, 'retracted', NS.retraction)) return;
  const kept = elements(was).filter((e) => e.ns === NS.sid || e.ns === NS.occupantId || e.ns === NS.mucUser);
  const attrs = { stamp: timestamp(Date.now()) };
  const tombstone = el('retracted', NS.retraction, attrs, [...how]);
  setRoomMessage(core.db, row.id, serialize(withChildren(was, [tombstone, ...kept])));
  scrubLater(core);
}
