/** XEP-0045 Multi-User Chat, version 1.35.1: what owners, administrators and moderators ask a room for. */
import { LIMITS } from '../limits.ts';
import { readForm } from '../forms.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { roomsKnowing, saveRoom } from '../store/rooms.ts';
import { child, childText, el, elements } from '../xml.ts';
import { affiliate } from '../rooms/affiliations.ts';
import { changePeople, listPeople } from '../rooms/admin.ts';
import { applyConfig, configForm } from '../rooms/config.ts';
import { moderate } from '../rooms/moderation.ts';
import { destroyRoom, forgetPerson, removeOccupant } from '../rooms/occupants.ts';
import { checkRight, rankOf } from '../rooms/rights.ts';
import type { HubCore } from '../core.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { RoomConfig } from '../store/rooms.ts';
import type { Room } from '../rooms/room.ts';
import type { XmlElement } from '../xml.ts';

function ownRoom({ core, session, user }: IqRequest): Room {
  const room = core.rooms.get(user);
  checkRight(room.standingOf(session.user), { do: 'configure' }, room.config);
  return room;
}

const getConfig = (request: IqRequest): XmlElement =>
  el('query', NS.mucOwner, {}, [configForm(ownRoom(request).config)]);

function setConfig(request: IqRequest): null {
  const { core, payload } = request;
  const room = ownRoom(request);
  const destroy = child(payload, 'destroy');
  if (destroy) {
    const reason = (childText(destroy, 'reason') ?? '').slice(0, LIMITS.roomReasonChars);
    destroyRoom(core, room, reason, destroy.attrs.jid);
    return null;
  }
  const x = child(payload, 'x', NS.dataForms);
  if (!x || elements(x).length > 100) throw new StanzaError('bad-request');
  const form = readForm(payload);
  if (form) configure(core, room, applyConfig(room.config, form));
  else if (!room.configured) destroyRoom(core, room); // §10.1.4: who cancels it does not want the room
  return null;
}

function configure(core: HubCore, room: Room, config: RoomConfig): void {
  const { id, name, secret, subject } = room;
  saveRoom(core.db, { id, name, secret, subject, config, configured: true });
  const closes = config.membersOnly && !room.config.membersOnly;
  const news = room.configured;
  room.configured = true;
  room.config = config;
  if (closes) dropOthers(core, room);
  const x = el('x', NS.mucUser, {}, [el('status', NS.mucUser, { code: 104 })]);
  if (news) room.broadcast(el('message', NS.client, { from: room.jid, type: 'groupchat' }, [x]));
}

/** The room is for its members only now (322): others go, and with them what was kept of them. */
function dropOthers(core: HubCore, room: Room): void {
  for (const person of [...room.people.values()]) {
    if (person.affiliation !== 'none') continue;
    removeOccupant(core, room, person.user, { codes: [322] });
    forgetPerson(core.db, room, person.user);
  }
}

/** An account is removed: it leaves its rooms, and where it was the only owner the next in rank is one. */
function forgetAccount(core: HubCore, user: string): void {
  core.rooms.guard(() => {
    for (const name of roomsKnowing(core.db, user)) {
      const room = core.rooms.get(name);
      if (room.owners().join() === user) succeed(core, room, user);
      if (core.rooms.find(name)) forgetPerson(core.db, room, user);
    }
  });
}

function succeed(core: HubCore, room: Room, user: string): void {
  const others = [...room.people.values()].filter((p) => p.user !== user && rankOf(p) >= 1);
  const [heir] = others.toSorted((a, b) => rankOf(b) - rankOf(a));
  if (heir) affiliate(core, room, heir.user, 'owner', {});
  else destroyRoom(core, room);
}

export const rooms: HubModule = {
  name: 'xep-0045-rooms',
  onErase: forgetAccount,
  iq: [
    { at: 'room', type: 'get', ns: NS.mucOwner, name: 'query', handle: getConfig },
    { at: 'room', type: 'set', ns: NS.mucOwner, name: 'query', handle: setConfig },
    { at: 'room', type: 'get', ns: NS.mucAdmin, name: 'query', handle: listPeople },
    { at: 'room', type: 'set', ns: NS.mucAdmin, name: 'query', handle: changePeople },
    {
      at: 'room',
      type: 'set',
      ns: NS.moderation,
      name: 'moderate',
      handle: ({ core, session, payload, user }) => moderate(core, session, core.rooms.get(user), payload),
    },
  ],
};
