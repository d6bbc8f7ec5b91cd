/** What people are in a room, and what they may do there now (XEP-0045 §8.2–§8.5, §9, §10). */
import { NS } from '../namespaces.ts';
import { el, textEl } from '../xml.ts';
import { forgetPerson, keepPerson, removeOccupant, showOccupant } from './occupants.ts';
import type { HubCore } from '../core.ts';
import type { Affiliation, RoomPerson } from '../store/rooms.ts';
import type { Role } from './rights.ts';
import type { Room } from './room.ts';

/** Why something is done to somebody, and who did it (a nickname). */
export interface Cause {
  reason?: string;
  actor?: string | undefined;
  invitedBy?: string;
}

/** Changes what somebody is; the right to do so and that an owner remains are checked already. */
export function affiliate(core: HubCore, room: Room, user: string, to: Affiliation, cause: Cause): void {
  const old = room.people.get(user);
  const gone = to === 'none' && (room.config.membersOnly || !old);
  // A mute is none that one could leave behind by going and being invited again.
  if (gone && old?.muted) keepPerson(core.db, room, { ...changed(user, old, to, cause), ...STRANGER });
  else if (gone) forgetPerson(core.db, room, user);
  else keepPerson(core.db, room, changed(user, old, to, cause));
  const shown = {
    ...(cause.reason ? { reason: cause.reason } : {}),
    ...(cause.actor ? { actor: cause.actor } : {}),
  };
  const occupant = room.occupants.get(user);
  if (!occupant) tellAffiliation(room, user, to, cause.reason);
  else if (to === 'outcast') removeOccupant(core, room, user, { ...shown, codes: [301] });
  else if (to === 'none' && room.config.membersOnly)
    removeOccupant(core, room, user, { ...shown, codes: [321] });
  else {
    occupant.role = room.roleBy(user);
    showOccupant(room, occupant, shown);
  }
}

/** Who is no member any more: their name is free, and what comes before they are one again is not theirs. */
const STRANGER = { nick: '', since: null, wrote: false, invitedBy: '' } as const;

/** Who is banned loses their name; who comes back later has joined later. */
function changed(user: string, old: RoomPerson | undefined, to: Affiliation, cause: Cause): RoomPerson {
  const kept = to === 'outcast' ? undefined : old;
  const back = old?.affiliation === 'outcast';
  const muted = to !== 'owner' && to !== 'admin' && (old?.muted ?? false);
  return {
    user,
    affiliation: to,
    nick: kept?.nick ?? '',
    since: to === 'outcast' || back ? null : (kept?.since ?? null),
    muted,
    mutedUntil: muted ? (old?.mutedUntil ?? null) : null,
    invitedBy: cause.invitedBy ?? kept?.invitedBy ?? '',
    reason: cause.reason ?? '',
    wrote: !back && (kept?.wrote ?? false),
  };
}

/** Of somebody who isn't in the room now, those who are learn by a message (§9.3). */
function tellAffiliation(room: Room, user: string, affiliation: Affiliation, reason = ''): void {
  const why = reason ? [textEl('reason', NS.mucUser, reason)] : [];
  const item = el('item', NS.mucUser, { affiliation, role: 'none', jid: `${user}@localhost` }, why);
  const x = el('x', NS.mucUser, {}, [item]);
  room.broadcast(el('message', NS.client, { from: room.jid }, [x]));
}

/** Changes what somebody in the room may do; `none` puts them out, and a visitor stays one over leaving (§8.4). */
export function giveRole(core: HubCore, room: Room, user: string, to: Role, cause: Cause): void {
  const occupant = room.occupants.get(user);
  const person = room.people.get(user);
  if (!occupant || !person) return;
  const shown = {
    ...(cause.reason ? { reason: cause.reason } : {}),
    ...(cause.actor ? { actor: cause.actor } : {}),
  };
  if (to === 'none') {
    removeOccupant(core, room, user, { ...shown, codes: [307] });
    return;
  }
  const muted = to === 'visitor';
  // Until when is said by a note, before or after: without one a moderator has to end it.
  if (person.muted !== muted) keepPerson(core.db, room, { ...person, muted, mutedUntil: null });
  occupant.role = to;
  showOccupant(room, occupant, shown);
}
