import { NS } from '../namespaces.ts';
import { scrubLater } from '../retraction.ts';
import { el, textEl, withAttrs } from '../xml.ts';
import { occupantIdElement } from './room.ts';
import { deletePerson, savePerson } from '../store/rooms.ts';
import type { Db } from '../store/database.ts';
import type { HubCore } from '../core.ts';
import type { RoomPerson } from '../store/rooms.ts';
import type { Occupant, Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** What becomes of somebody, as presence says it. */
export interface Shown {
  /** Status codes (§15.6). */
  codes?: readonly number[];
  /** They are not in the room any more. */
  gone?: boolean;
  /** The nickname they will have. */
  nick?: string;
  reason?: string;
  actor?: string;
  /** Beside the item, such as `<destroy/>`. */
  extra?: readonly XmlElement[];
}

/** Presence of an occupant, without `to`. The real address is the bare one: devices are nobody's business. */
export function occupantPresence(room: Room, o: Occupant, shown: Shown = {}): XmlElement {
  const { gone, nick, reason, actor } = shown;
  const role = gone && nick === undefined ? 'none' : o.role;
  const about = [
    ...(actor === undefined ? [] : [el('actor', NS.mucUser, { nick: actor })]),
    ...(reason ? [textEl('reason', NS.mucUser, reason)] : []),
  ];
  const jid = `${o.user}@localhost`;
  const item = el('item', NS.mucUser, { affiliation: room.affiliationOf(o.user), role, jid, nick }, about);
  const codes = (shown.codes ?? []).map((code) => el('status', NS.mucUser, { code }));
  const x = el('x', NS.mucUser, {}, [item, ...(shown.extra ?? []), ...codes]);
  const attrs = { from: room.at(o.nick), type: gone ? 'unavailable' : undefined };
  const said = gone ? [] : o.said;
  return el('presence', NS.client, attrs, [...said, x, occupantIdElement(o.occupantId)]);
}

/** Tells everybody of an occupant; their own devices with the code that says it is them. */
export function showOccupant(room: Room, occupant: Occupant, shown: Shown = {}): void {
  room.broadcast(occupantPresence(room, occupant, shown), occupant);
  showSelf(room, occupant, [...occupant.sessions.keys()], shown);
}

/** Tells some of an occupant's own devices (110). */
export function showSelf(room: Room, o: Occupant, sessions: readonly Session[], shown: Shown = {}): void {
  const stanza = occupantPresence(room, o, { ...shown, codes: [...(shown.codes ?? []), 110] });
  for (const session of sessions) session.send(withAttrs(stanza, { to: session.jid }));
}

/** Takes all devices of an account out of a room and tells everybody why. */
export function removeOccupant(core: HubCore, room: Room, user: string, shown: Shown): void {
  const occupant = room.occupants.get(user);
  if (!occupant) return;
  showOccupant(room, occupant, { ...shown, gone: true });
  room.occupants.delete(user);
  for (const session of occupant.sessions.keys()) core.rooms.roomsOf(session).delete(room);
}

/** Destroys a room (§10.9): everybody is told, and everything of it is gone. */
export function destroyRoom(core: HubCore, room: Room, reason = '', alternative?: string): void {
  const why = reason ? [textEl('reason', NS.mucUser, reason)] : [];
  const destroy = el('destroy', NS.mucUser, { jid: alternative }, why);
  for (const occupant of room.occupants.values()) {
    const shown = { gone: true, extra: [destroy] };
    showSelf(room, occupant, [...occupant.sessions.keys()], shown);
  }
  core.rooms.remove(room);
  scrubLater(core);
}

/** Writes a person down, on disk first. */
export function keepPerson(db: Db, room: Room, person: RoomPerson): void {
  savePerson(db, room.id, person);
  room.keep(person);
}

export function forgetPerson(db: Db, room: Room, user: string): void {
  deletePerson(db, room.id, user);
  room.forget(user);
}
