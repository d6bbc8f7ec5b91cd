import { PostcardError } from '../../contract/errors.ts';
import { randomUUID } from 'node:crypto';
import { fetchPage, findInRoom } from './archive.ts';
import { IqError } from './iq.ts';
import { destroyRoom, fetchConfig, saveConfig } from './modules/xep-0045-config.ts';
import { fetchRoomInfo, findRooms, type RoomTrust } from './modules/xep-0045-info.ts';
import { declineOf, directInvitationOf, invitationOf } from './modules/xep-0045-invitation.ts';
import { changePerson, fetchAffiliated } from './modules/xep-0045-people.ts';
import { fetchCard, publishCard, readPhoto, withPhoto } from './modules/xep-0054-vcard.ts';
import { fetchBookmarks, publishBookmark, retractBookmark } from './modules/xep-0402-bookmarks.ts';
import { displayedInRoom } from './modules/xep-0333-displayed.ts';
import { selfPing } from './modules/xep-0410-self-ping.ts';
import { moderate } from './modules/xep-0425-moderation.ts';
import type { RoomTable } from './room-presence.ts';
import type { Affiliated, Occupant, RoomCalls, RoomInfo } from './room-types.ts';
import type { XmppStream } from './stream.ts';

const nothingTrusted: RoomTrust = { stanzaIds: false, occupantIds: false };

/** The rooms of a session. `port` throws PostcardError `offline` while there is no connection. */
export function roomCalls(port: () => XmppStream, table: RoomTable): RoomCalls {
  let service: { stream: XmppStream; found: Promise<string | null> } | null = null;
  const infos = new WeakMap<XmppStream, Map<string, RoomInfo>>();
  const info = async (room: string) => {
    const stream = port();
    const found = await fetchRoomInfo(stream, room);
    const known = infos.get(stream) ?? new Map<string, RoomInfo>();
    infos.set(stream, known.set(room, found));
    return found;
  };
  const view = async (room: string) => {
    const inside = table.get(room);
    if (inside !== undefined) return inside;
    const { trust } = await info(room);
    return { address: room, trust, self: null, occupant: () => undefined, withOccupantId: () => undefined };
  };
  return {
    service: async () => {
      const stream = port();
      if (service?.stream !== stream) service = { stream, found: findRooms(stream) };
      return service.found;
    },
    enter: async (room, nick) => {
      const there = table.selfIn(room);
      if (there !== null && port().isReady) return there;
      return table.once(room, () => enter(port(), table, room, nick));
    },
    leave: (room) => {
      const nick = table.nickOf(room);
      table.forget(room);
      if (nick !== null) port().sendPresence({ to: `${room}/${nick}`, type: 'unavailable' });
    },
    create: async (room, nick, config) =>
      table.once(room, () => create(port(), table, { room, nick, config })),
    destroy: async (room, reason) => {
      await permitted(destroyRoom(port(), room, reason));
      table.forget(room);
    },
    info: async (room) => {
      const { trust: _trust, ...told } = await group(info(room));
      return told;
    },
    config: async (room) => permitted(fetchConfig(port(), room)),
    configure: async (room, config) => permitted(saveConfig(port(), room, config, false)),
    affiliated: async (room, which) => {
      const stream = port();
      const lists = await Promise.all(which.map((one) => readable(fetchAffiliated(stream, room, one))));
      return lists.flat();
    },
    setAffiliation: async (room, jid, affiliation, reason) =>
      permitted(changePerson(port(), room, { jid, affiliation, reason })),
    setRole: async (room, nick, role, reason) =>
      permitted(named(changePerson(port(), room, { nick, role, reason }))),
    setSubject: (room, subject) => port().sendMessage({ to: room, type: 'groupchat', subject }),
    invite: async (room, address, reason) => invite(port(), { room, address, reason }),
    heard: async (room, id, send) => {
      const condition = await refusalOf(port(), room, id, send);
      if (condition !== null) throw new PostcardError(heardRefusals[condition] ?? 'forbidden', { condition });
    },
    decline: (room, inviter, reason) => port().sendMessage(declineOf(room, inviter, reason)),
    displayed: (room, stanzaId) => port().sendMessage(displayedInRoom(room, stanzaId)),
    moderate: async (room, stanzaId, reason) => {
      const known = infos.get(port())?.get(room) ?? (await info(room));
      await permitted(moderate(port(), known.moderation, { room, stanzaId, reason }));
    },
    selfPing: async (room, nick) => {
      const answer = await selfPing(port(), room, nick);
      // Then `enter` has to go there again, and nothing of what is remembered of it is true any more.
      if (answer === 'out') table.forget(room);
      return answer;
    },
    picture: async (room) => readPhoto(await fetchCard(port(), room)),
    setPicture: async (room, picture) => {
      const stream = port();
      const card = withPhoto(await fetchCard(stream, room), picture);
      await permitted(publishCard(stream, card, room));
    },
    archive: (room) => ({
      page: async (query) => {
        const stream = port();
        const there = await group(view(room));
        return permitted(fetchPage(stream, stream.context, stream.inbound.queries, query, there));
      },
      supported: async () => (infos.get(port())?.get(room) ?? (await group(info(room)))).archived,
    }),
    findSent: async (room, query) => {
      const stream = port();
      const there = await group(view(room));
      return permitted(findInRoom(stream, stream.inbound.queries, query, there));
    },
    bookmarks: async () => fetchBookmarks(port()),
    setBookmark: async (bookmark) => publishBookmark(port(), bookmark),
    removeBookmark: async (room) => retractBookmark(port(), room),
  };
}

/** Section 7.2: without history, which comes from the archive. A room that this would make is none. */
async function enter(stream: XmppStream, table: RoomTable, room: string, nick: string): Promise<Occupant> {
  const { self, made } = await join(stream, table, { room, nick, isNew: false });
  if (!made) return self;
  await undo(stream, table, room);
  throw new PostcardError('group-not-found');
}

async function trustIn(stream: XmppStream, room: string): Promise<RoomTrust> {
  try {
    return (await fetchRoomInfo(stream, room)).trust;
  } catch (error) {
    // Somebody who is banned may not even ask; whether that is so, entering tells.
    if (error instanceof IqError && denied.has(error.condition)) return nothingTrusted;
    throw error;
  }
}

async function join(
  stream: XmppStream,
  table: RoomTable,
  o: { room: string; nick: string; isNew: boolean },
): ReturnType<RoomTable['begin']> {
  const { room, nick } = o;
  const entered = table.begin(room, nick);
  const ask = async () => {
    if (!o.isNew) table.trust(room, await trustIn(stream, room));
    stream.sendPresence({
      to: `${room}/${nick}`,
      muc: { type: 'join', history: { maxStanzas: 0 } },
      ...stream.announced,
    });
  };
  const asked = ask().catch((error: unknown) => table.forget(room, error));
  return Promise.all([entered, asked]).then(([answer]) => answer);
}

/** Section 10.1: locked until it is configured; what goes wrong on the way leaves no half of a room. */
async function create(
  stream: XmppStream,
  table: RoomTable,
  o: { room: string; nick: string; config: Parameters<RoomCalls['create']>[2] },
): Promise<Occupant> {
  const { room, nick, config } = o;
  if (await exists(stream, room)) throw new PostcardError('username-taken');
  const { made } = await join(stream, table, { room, nick, isNew: true }).catch(unlessNobodyMay);
  if (!made) {
    table.forget(room);
    stream.sendPresence({ to: `${room}/${nick}`, type: 'unavailable' });
    throw new PostcardError('username-taken');
  }
  try {
    await permitted(saveConfig(stream, room, config, true));
    // Now it says what it has, and its own presence of me what I am in it.
    table.forget(room);
    return (await join(stream, table, { room, nick, isNew: false })).self;
  } catch (error) {
    await undo(stream, table, room);
    throw error;
  }
}

/** Section 10.1.1: not everybody may make rooms everywhere. */
function unlessNobodyMay(error: unknown): never {
  const closed = error instanceof PostcardError && error.detail['condition'] === 'not-allowed';
  throw closed ? new PostcardError('groups-unsupported', {}, { cause: error }) : error;
}

async function exists(stream: XmppStream, room: string): Promise<boolean> {
  try {
    await fetchRoomInfo(stream, room);
    return true;
  } catch (error) {
    if (error instanceof PostcardError && error.code === 'group-not-found') return false;
    // A room that may not be asked is one.
    if (error instanceof IqError) return denied.has(error.condition);
    throw error;
  }
}

/** Takes back a room that should not be; where that fails too, it is the server's to forget. */
async function undo(stream: XmppStream, table: RoomTable, room: string): Promise<void> {
  table.forget(room);
  await readable(destroyRoom(stream, room, '').then(() => []));
}

/** A room works through what it is sent in order: an error comes before the answer to the question after it. */
async function refusalOf(
  stream: XmppStream,
  room: string,
  id: string,
  send: () => void,
): Promise<string | null> {
  let condition: string | null = null;
  stream.inbound.refusals.set(id, (told) => (condition = told));
  try {
    send();
    await group(fetchRoomInfo(stream, room));
  } finally {
    stream.inbound.refusals.delete(id);
  }
  return condition;
}

const heardRefusals: Readonly<Record<string, 'not-found'>> = { 'item-not-found': 'not-found' };

/**
 * A room works through what it is sent in order: an error would have come before the answer to the question after it.
 * The room makes them a member and passes the invitation on; a direct one behind it says who invites, which not every
 * server's rooms do. Our hub's do.
 */
async function invite(
  stream: XmppStream,
  o: { room: string; address: string; reason: string },
): Promise<void> {
  const id = randomUUID();
  let condition: string | null = null;
  stream.inbound.refusals.set(id, (told) => (condition = told));
  try {
    stream.sendMessage(invitationOf(id, o.room, o.address, o.reason));
    const { enforcesPolicy: isHub } = await group(fetchRoomInfo(stream, o.room));
    if (condition === null && !isHub) stream.sendMessage(directInvitationOf(o.room, o.address, o.reason));
  } finally {
    stream.inbound.refusals.delete(id);
  }
  if (condition === null) return;
  throw new PostcardError(refused.has(condition) ? 'forbidden' : 'not-invited', { condition });
}

const denied = new Set(['forbidden', 'not-allowed', 'registration-required', 'not-authorized']);
/** XEP-0045 section 10.3: a `conflict` is about an only owner. */
const refused = new Set([...denied, 'not-acceptable', 'conflict', 'bad-request']);

/** A list that may not be read is empty. */
async function readable(list: Promise<Affiliated[]>): Promise<Affiliated[]> {
  try {
    return await list;
  } catch (error) {
    if (error instanceof IqError) return [];
    throw error;
  }
}

/** ejabberd's word for a nickname that nobody has. */
async function named<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof IqError && error.condition === 'not-acceptable')
      throw new PostcardError('not-found', {}, { cause: error });
    throw error;
  }
}

/** A refusal as `forbidden`. */
async function permitted<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof IqError && refused.has(error.condition))
      throw new PostcardError('forbidden', { condition: error.condition }, { cause: error });
    throw error;
  }
}

/** Of a room that may not be asked, one cannot know that it is there. */
async function group<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof IqError && denied.has(error.condition))
      throw new PostcardError('forbidden', { condition: error.condition }, { cause: error });
    throw error;
  }
}
