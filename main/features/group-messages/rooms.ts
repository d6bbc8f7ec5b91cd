import { PostcardError, type ErrorCode } from '../../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import {
  durably,
  groupByAddress,
  markSent,
  onWire,
  requeue,
  roomArchived,
  roomGaps,
  waitsForReview,
  type GroupRef,
  type OutboxRow,
} from '../../store/index.ts';
import type { RoomCalls } from '../../xmpp/index.ts';
import { catchUp, fillGaps } from '../catch-up.ts';
import type { AccountConnection } from '../connection.ts';
import type { Entered } from '../groups/entered.ts';
import { roomSource, type GroupStoring } from './archive.ts';

/** Rooms whose archives are read at once; what waits behind them is a message of mine at most. */
const AT_ONCE = 3;
/** ms until a room whose archive did not answer is asked again, while I am in it. */
const AGAIN = 10_000;
/** ms; as in outbox.ts: a server may still be working through what a cut connection had brought. */
const SETTLED = 1500;
/** ms between the newest page and the history before it: the window opens the group meanwhile. */
const HISTORY_AFTER = 1000;
/** How often a message is handed to a room that never gives it back. */
const MOST_TRIES = 8;
/** ms after which a message that did not come back makes one ask whether the room still knows me. */
const MISSED = 20_000;

/** Brings each room that was entered level with its archive, and opens it for what waits (docs/mechanisms/groups.md). */
export interface Rooms {
  /** Those that can be written to: entered, read up, and nothing of mine in doubt. */
  open(): readonly ConversationId[];
  /** Its archive is known up to the last live message. */
  isLevel(group: GroupRef): boolean;
  /** The room keeps a message of mine until a moderator has seen it. */
  waits(group: GroupRef, originId: string): void;
  /** A message has gone to a room, or came back: when the next one is missed is reckoned anew. */
  watch(): void;
  close(): void;
}

export function createRooms(
  o: GroupStoring & {
    connection: AccountConnection;
    entered: Entered;
    mayLag: boolean;
    /** More of a room's messages is here: what waited for one of them finds it. */
    onArchive(): void;
    /** New messages that were found while catching up; not called for history. */
    onNews(conversationId: ConversationId, id: MessageId): void;
    /** One message of mine, for good. */
    fail(row: OutboxRow, code: ErrorCode): void;
    /** A room can be written to. */
    onOpen(id: ConversationId): void;
    log(line: string): void;
  },
): Rooms {
  const { db, connection, entered } = o;
  /** Which run of a room counts; one that ended, or was left, does not. */
  const runs = new Map<string, number>();
  const level = new Set<ConversationId>();
  const open = new Set<ConversationId>();
  /** What rooms keep for a moderator, on this stream; on the next one they are asked for it again. */
  const kept = new Set<string>();
  const queue: string[] = [];
  const timers = new Map<string, NodeJS.Timeout>();
  let held: ReadonlySet<string> = new Set();
  let running = 0;
  let missed: NodeJS.Timeout | null = null;
  let closed = false;

  const cancel = (room: string) => {
    runs.set(room, (runs.get(room) ?? 0) + 1);
    clearTimeout(timers.get(room));
    timers.delete(room);
    const group = groupByAddress(db, room);
    if (!group) return;
    level.delete(group.conversationId);
    open.delete(group.conversationId);
  };
  const begin = (room: string) => {
    if (closed) return;
    cancel(room);
    if (!queue.includes(room)) queue.push(room);
    next();
  };
  const next = () => {
    while (running < AT_ONCE && !closed) {
      const room = queue.shift();
      if (room === undefined) return;
      running += 1;
      void bringLevel(room).finally(() => {
        running -= 1;
        next();
      });
    }
  };

  const bringLevel = async (room: string) => {
    const mine = runs.get(room) ?? 0;
    const current = () => runs.get(room) === mine && !closed && entered.isIn(room);
    const group = groupByAddress(db, room);
    if (!group || !current()) return;
    try {
      await read(group, current);
    } catch (error) {
      if (!current()) return;
      o.log(`a room's archive stopped: ${error instanceof PostcardError ? error.code : String(error)}`);
      timers.set(
        room,
        setTimeout(() => current() && begin(room), AGAIN),
      );
    }
  };

  const read = async (group: GroupRef, current: () => boolean) => {
    const { rooms } = connection.online();
    const id = group.conversationId;
    const before = roomArchived(db, id).newest?.id;
    const news: MessageId[] = [];
    const source = roomSource({ ...o, onNews: (message) => void news.push(message) }, group, () =>
      rooms.archive(group.address),
    );
    const archived =
      (await mayRead(rooms, group.address)) && (await unlessForbidden(catchUp(db, source, current)));
    if (!current()) return;
    // From here on a live message is the newest of all.
    level.add(id);
    o.onArchive();
    const latest = news.at(-1);
    if (latest !== undefined) o.onNews(id, latest);
    await reconcile(group, archived, before, current);
    if (!current()) return;
    open.add(id);
    o.onOpen(id);
    watch();
    if (!archived) return;
    if (roomGaps(db, id).length > 0) await new Promise((resolve) => setTimeout(resolve, HISTORY_AFTER));
    await fillGaps(db, source, current);
    if (!current()) return;
    o.onArchive();
    o.changes.everything();
  };

  /** What of mine is on the wire, and not held by the stream, did the room get it or not? */
  const reconcile = async (
    group: GroupRef,
    archived: boolean,
    after: string | undefined,
    current: () => boolean,
  ) => {
    const doubtful = () => rowsOf(group).filter((row) => !held.has(row.originId) && !kept.has(row.originId));
    for (let round = 0; archived && current() && doubtful().length > 0; round += 1) {
      const found = await find(group.address, doubtful(), after);
      for (const [originId, { stanzaId }] of found) sent(group, originId, stanzaId);
      if (!o.mayLag || (found.size === 0 && round > 0) || doubtful().length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, SETTLED));
    }
    if (!current()) return;
    // A room that swallows a message again and again does not get it for ever.
    const [again, lost] = parted(doubtful(), (row) => row.attempts < MOST_TRIES);
    if (again.length > 0)
      durably(db, () =>
        requeue(
          db,
          again.map((row) => row.messageId),
        ),
      );
    for (const row of lost) o.fail(row, 'not-delivered');
  };
  const rowsOf = (group: GroupRef) => onWire(db).filter((row) => row.conversationId === group.conversationId);

  const find = async (room: string, rows: readonly OutboxRow[], after: string | undefined) => {
    const { rooms } = connection.online();
    const originIds = rows.map((row) => row.originId);
    try {
      return await rooms.findSent(room, { originIds, ...(after === undefined ? {} : { after }) });
    } catch (error) {
      // The server no longer has that entry.
      if (after !== undefined && error instanceof PostcardError && error.code === 'not-found')
        return rooms.findSent(room, { originIds });
      throw error;
    }
  };
  const sent = (group: GroupRef, originId: string, stanzaId: string) => {
    const marked = durably(db, () => markSent(db, originId, { stanzaId }));
    if (marked) o.changes.message(group.conversationId, marked.id);
  };

  const missing = () => onWire(db).filter((row) => row.group !== null && !kept.has(row.originId));
  /** A room that says nothing to a message may have forgotten me. */
  const watch = () => {
    if (missed) clearTimeout(missed);
    missed = null;
    if (closed) return;
    const waiting = missing().filter((row) => open.has(row.conversationId));
    const due = Math.min(...waiting.map((row) => (row.wireAt ?? row.createdAt) + MISSED));
    if (!Number.isFinite(due)) return;
    missed = setTimeout(ask, Math.max(0, due - Date.now()));
  };
  const ask = () => {
    missed = null;
    const late = missing().filter((row) => (row.wireAt ?? row.createdAt) + MISSED <= Date.now());
    for (const room of new Set(late.map((row) => row.address)))
      if (connection.isReady() && entered.isIn(room)) entered.doubt(room);
    // Until it is answered: what is still missing then is asked for once more.
    if (late.length > 0 && !closed) missed = setTimeout(watch, MISSED);
  };

  connection.listen({ onReady: (ready) => void (held = new Set(ready.held)) });
  entered.listen({
    entered: begin,
    left: (room) => {
      const group = groupByAddress(db, room);
      for (const row of group ? rowsOf(group) : []) kept.delete(row.originId);
      cancel(room);
    },
  });
  return {
    open: () => [...open],
    isLevel: ({ conversationId }) => level.has(conversationId),
    waits: ({ conversationId }, originId) => {
      const message = waitsForReview(db, { conversationId, originId });
      if (message === null) return;
      kept.add(originId);
      o.changes.message(conversationId, message.id);
      watch();
    },
    watch,
    close: () => {
      closed = true;
      if (missed) clearTimeout(missed);
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** Whether a room has an archive that I may read. Throws what passes. */
async function mayRead(rooms: RoomCalls, room: string): Promise<boolean> {
  const supported = { yes: false };
  const asked = rooms.archive(room).supported();
  const allowed = await unlessForbidden(asked.then((yes) => void (supported.yes = yes)));
  return allowed && supported.yes;
}

/** False where the server says no for good. */
async function unlessForbidden(done: Promise<void>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (error instanceof PostcardError && error.code === 'forbidden') return false;
    throw error;
  }
}

function parted<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}
