import * as v from 'valibot';
import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  allRooms,
  ensureRoom,
  readState,
  roomByAddress,
  updateRoom,
  writeState,
  type ReadableDb,
  type WritableDb,
} from '../../store/index.ts';
import type { Bookmark, Session } from '../../xmpp/index.ts';
import { cleanLine } from '../plain-text.ts';
import { createTurns } from '../turns.ts';
import { nickFrom } from './enter.ts';
import type { Membership } from './membership.ts';
import { parseJson } from './policy-schema.ts';
import type { GroupParts, Told } from './parts.ts';

/** Which groups my devices are in (XEP-0402): a bookmark that is entered by itself is one I am in. */
export interface Bookmarks {
  /** I am in it from now on, on all devices. */
  add(room: string): void;
  /** No longer. `resign`: nor a member of it, where the server lets one say so. */
  remove(room: string, o: { resign: boolean }): void;
  close(): void;
}

const KEY = 'group-bookmarks';
const MAX_NAME = 100;

const mark = v.object({
  /** What the server has not been told. */
  due: v.nullable(v.picklist(['set', 'remove'])),
  /** The server has it: when it is gone, another device took it away. */
  seen: v.boolean(),
  resign: v.boolean(),
});
const marks = v.record(v.string(), mark);
type Mark = v.InferOutput<typeof mark>;
const NEW: Mark = { due: null, seen: false, resign: false };

const readMarks = (db: ReadableDb): Record<string, Mark> => {
  const parsed = v.safeParse(marks, parseJson(readState(db, KEY) ?? '{}'));
  return parsed.success ? parsed.output : {};
};
function putMark(db: WritableDb, room: string, given: Partial<Mark> | null): void {
  const { [room]: before, ...rest } = readMarks(db);
  const after = given === null ? rest : { ...rest, [room]: { ...NEW, ...before, ...given } };
  writeState(db, KEY, JSON.stringify(after));
}

export function createBookmarks(
  o: GroupParts & {
    told: Told;
    membership: Membership;
    /** Another device of mine brought it here. */
    onFound(id: ConversationId): void;
  },
): Bookmarks {
  const { db, connection, membership } = o;
  let closed = false;
  let fetched = false;

  const found = (bookmark: Bookmark) => {
    const { room, autojoin } = bookmark;
    putMark(db, room, { seen: true });
    const known = roomByAddress(db, room);
    if (!autojoin) return gone(room);
    if (known && (known.state === 'joining' || known.state === 'joined')) return;
    const id =
      known?.conversationId ??
      ensureRoom(db, {
        address: room,
        name: cleanLine(bookmark.name, MAX_NAME),
        nick: bookmark.nick ?? nickFrom(o.ownName(), o.ownAddress),
        state: 'joining',
      });
    updateRoom(db, id, { state: 'joining', reason: '' });
    o.told.group(id);
    o.onFound(id);
    membership.want(id);
  };
  const gone = (address: string) => {
    putMark(db, address, null);
    const room = roomByAddress(db, address);
    if (room === null || (room.state !== 'joining' && room.state !== 'joined')) return;
    connection.session()?.rooms.leave(address);
    membership.out(room.conversationId, 'left', '');
  };

  const fetch = async (session: Session) => {
    const all = await session.rooms.bookmarks();
    if (closed) return;
    fetched = true;
    const there = new Set(all.map(({ room }) => room));
    const before = readMarks(db);
    // What is to be told counts more than what is there.
    for (const bookmark of all) if ((before[bookmark.room]?.due ?? null) === null) take(bookmark);
    for (const [room, { due, seen }] of Object.entries(before))
      if (due === null && seen && !there.has(room)) gone(room);
    // Of a group that was entered before this app knew bookmarks, or whose writing a crash cut off.
    for (const { address, state } of allRooms(db))
      if (state === 'joined' && !there.has(address) && before[address] === undefined)
        putMark(db, address, { due: 'set' });
  };
  /** On connecting: one that is over here stays over, until it is joined anew. */
  const take = (bookmark: Bookmark) => {
    const known = roomByAddress(db, bookmark.room);
    const over = known !== null && known.state !== 'joining' && known.state !== 'joined';
    if (over && readMarks(db)[bookmark.room]?.seen) return;
    found(bookmark);
  };
  const publish = async (session: Session) => {
    for (const [room, { due, resign }] of Object.entries(readMarks(db))) {
      if (due === 'set') await set(session, room);
      if (due === 'remove') await remove(session, room, resign);
      if (closed) return;
    }
  };
  /**
   * Told only while I am in it. Told on the way in, its echo could come after the room has refused me, and would pass
   * for another device that goes in: whoever is invited again meanwhile would be in without having been asked.
   */
  const set = async (session: Session, address: string) => {
    const room = roomByAddress(db, address);
    if (room === null) return putMark(db, address, null);
    if (room.state === 'joining') return;
    // It was over before the server had been told; a crash may have hidden that it was told.
    if (room.state !== 'joined') return putMark(db, address, { due: null, seen: true });
    const { name, nick } = room;
    await session.rooms.setBookmark({ room: address, name, nick, autojoin: true });
    if (!closed && readMarks(db)[address]?.due === 'set') putMark(db, address, { due: null, seen: true });
  };
  const remove = async (session: Session, address: string, resign: boolean) => {
    // First, so that other devices know that I went, and was not sent.
    await session.rooms.removeBookmark(address);
    if (resign) await resignFrom(session, address, o.ownAddress);
    if (!closed && readMarks(db)[address]?.due === 'remove') putMark(db, address, null);
  };

  const turns = createTurns(
    async () => {
      if (!connection.isReady()) return;
      const session = connection.online();
      if (!fetched) await fetch(session);
      await publish(session);
    },
    (error) =>
      o.log(
        `groups stay on this device for now: ${error instanceof PostcardError ? error.code : String(error)}`,
      ),
  );
  o.entered.listen({ entered: () => turns.ask() });
  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed) fetched = false;
      turns.ask();
    },
    onBookmark: ({ room, bookmark }) => {
      if ((readMarks(db)[room]?.due ?? null) !== null) return;
      if (bookmark === null) gone(room);
      else found(bookmark);
    },
  });

  return {
    add: (room) => {
      putMark(db, room, { due: 'set', resign: false });
      turns.ask();
    },
    remove: (room, { resign }) => {
      putMark(db, room, { due: 'remove', resign });
      turns.ask();
    },
    close: () => {
      closed = true;
      turns.close();
    },
  };
}

/** Some servers let people end their own membership; where not, they stay on a list. */
async function resignFrom(session: Session, room: string, own: string): Promise<void> {
  try {
    await session.rooms.setAffiliation(room, own, 'none', '');
  } catch (error) {
    if (!(error instanceof PostcardError) || error.code === 'offline') throw error;
  }
}
