import { PostcardError, type ErrorCode, type ErrorDetail } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import {
  durably,
  failOutbox,
  markSent,
  newestArchived,
  nextToSend,
  onWire,
  outboxByOriginId,
  readState,
  requeue,
  setStage,
  writeState,
  type OutboxRow,
  type WritableDb,
} from '../store/index.ts';
import type { Session } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { composeOutbound } from './outbound.ts';

/**
 * Sends what waits, in order, exactly once; see docs/mechanisms/outbox.md.
 * A row is `ready` → `wire` (durable, before a byte leaves) → gone when the server acknowledged it. What was on
 * the wire when a stream ended without being resumed is looked up in my own archive before it is sent again.
 */
export interface Outbox {
  /** Something new waits, or may go now. */
  pump(): void;
  /** Takes note of a failure of this message alone; the ones after it go on. */
  fail(
    row: { messageId: MessageId; conversationId: ConversationId },
    code: ErrorCode,
    detail?: ErrorDetail,
  ): void;
  close(): void;
}

/** Messages handed to the stream and not acknowledged yet; more would only wait in the socket. */
const WINDOW = 100;
/** The newest archive id known when the first of those on the wire left; '' where the archive was empty. */
const MARK = 'outbox-archived-before';
/** ms; how far the clocks of this computer and the server may differ when the archive is searched: a wrong zone. */
const CLOCK_MARGIN = 26 * 3_600_000;
/**
 * ms. A server may still be working through what the cut connection had brought: what is missing is asked for again
 * after this time, until nothing more turns up.
 */
const SETTLED = 1500;
/** ms until an archive that did not answer, or a disk that took nothing, is tried again. */
const TRY_AGAIN = 5000;

export function createOutbox(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  changes: Changes;
  /** False where a server is known to have finished with a broken connection before it takes the next one. */
  mayLag: boolean;
  /** Why nothing goes to somebody; null: it may go. */
  refusal?(address: string): ErrorCode | null;
  /** Groups that can be written to now; what is on the wire to a room is reconciled with its archive (rooms.ts). */
  openRooms(): readonly ConversationId[];
  /** What read and typing status add to a message (status.ts). */
  offers(): { markable: boolean; tellsChatState: boolean };
  /** The server has a message: what waits behind it may go. */
  onSent?(): void;
  /** Something was handed to a room. */
  onRoom?(): void;
  log(line: string): void;
}): Outbox {
  const { db, connection, changes } = o;
  let reconciling = false;
  let run = 0;
  let planned = false;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const pump = () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      try {
        send();
      } catch (error) {
        // A full disk: nothing has left, for the mark comes before it.
        o.log(`the outbox could not be read or marked: ${String(error)}`);
        again(pump);
      }
    });
  };

  const again = (what: () => void) => {
    if (timer) clearTimeout(timer);
    timer = closed ? null : setTimeout(what, TRY_AGAIN);
  };

  const send = () => {
    const session = writable(connection);
    if (!session || reconciling || closed) return;
    const rows = durably(db, () => takeForTheWire(db, o.openRooms()));
    for (const row of rows) {
      if (!sendOne(session, row)) return;
    }
    if (rows.some((row) => row.group !== null)) o.onRoom?.();
  };

  /** False when the stream is gone: what is on the wire is then reconciled at the next one. */
  const sendOne = (session: Session, row: OutboxRow): boolean => {
    const refused = o.refusal?.(row.address) ?? null;
    if (refused !== null) {
      fail(row, refused);
      return true;
    }
    try {
      session.send(composeOutbound(row, o.ownAddress, o.offers()));
      return true;
    } catch (error) {
      if (error instanceof PostcardError && error.code === 'offline') return false;
      fail(row, error instanceof PostcardError ? error.code : 'internal');
      if (!(error instanceof PostcardError)) o.log(`a message could not be put together: ${String(error)}`);
      return true;
    }
  };

  const fail: Outbox['fail'] = (row, code, detail = {}) => {
    failOutbox(db, row.messageId, code, detail);
    changes.message(row.conversationId, row.messageId);
    pump();
  };

  const sent = (originId: string, stanzaId?: string) => {
    const row = outboxByOriginId(db, originId);
    // My server's word that it took it says nothing of the room's: its own copy does (features/group-messages).
    if (!row || row.group !== null) return;
    durably(db, () => markSent(db, originId, stanzaId === undefined ? {} : { stanzaId }));
    changes.message(row.conversationId, row.messageId);
    o.onSent?.();
  };

  /** Which rows on the wire does the server have? Nothing is sent until that is known. */
  const reconcile = async (held: ReadonlySet<string>, current: () => boolean) => {
    const doubtful = onWire(db).filter((row) => row.group === null && !held.has(row.originId));
    reconciling = doubtful.length > 0;
    if (!reconciling) return pump();
    const session = writable(connection);
    if (!session) return;
    if (await session.archive.supported()) await settle(session, doubtful, current);
    // Another stream has begun meanwhile, and asks for itself.
    if (!current()) return;
    // An acknowledgement may have come meanwhile: only what is still on the wire goes again.
    const again = onWire(db).filter(
      (row) => !held.has(row.originId) && doubtful.some((d) => d.messageId === row.messageId),
    );
    durably(db, () =>
      requeue(
        db,
        again.map((row) => row.messageId),
      ),
    );
    reconciling = false;
    pump();
  };

  /** Marks what the archive has as sent, until it has stopped growing. */
  const settle = async (session: Session, doubtful: readonly OutboxRow[], current: () => boolean) => {
    let missing = doubtful;
    while (missing.length > 0 && current()) {
      const known = await lookUp(session, missing);
      for (const [originId, found] of known) sent(originId, found.stanzaId);
      const first = missing === doubtful;
      missing = missing.filter((row) => !known.has(row.originId));
      if (!o.mayLag || (known.size === 0 && !first)) return;
      if (missing.length > 0) await new Promise((resolve) => setTimeout(resolve, SETTLED));
    }
  };

  /** Behind what the archive had when they left: its ids need no two clocks that agree. */
  const lookUp = async (session: Session, doubtful: readonly OutboxRow[]) => {
    const originIds = doubtful.map((row) => row.originId);
    const mark = readState(db, MARK);
    const byTime = () => session.findSent({ originIds, since: since(db, doubtful) });
    if (mark === null) return byTime();
    try {
      return await session.findSent({ originIds, ...(mark === '' ? {} : { after: mark }) });
    } catch (error) {
      // The server no longer has that entry.
      if (error instanceof PostcardError && error.code === 'not-found') return byTime();
      throw error;
    }
  };

  const startReconciling = (held: ReadonlySet<string>) => {
    if (timer) clearTimeout(timer);
    timer = null;
    reconciling = true;
    run += 1;
    const mine = run;
    const current = () => mine === run && !closed;
    reconcile(held, current).catch((error: unknown) => {
      if (!current()) return;
      o.log(`the archive could not say what had arrived: ${String(error)}`);
      // While it is connected the question is asked again; a new connection asks by itself.
      again(() => writable(connection) && startReconciling(held));
    });
  };

  connection.listen({
    onReady: ({ held }) => startReconciling(new Set(held)),
    onAcked: (originId) => {
      sent(originId);
      pump();
    },
  });
  return {
    pump,
    fail,
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Marks what may go next, in order, and takes it along. The mark is on disk before a byte leaves. */
function takeForTheWire(db: WritableDb, openRooms: readonly ConversationId[]): OutboxRow[] {
  const taken: OutboxRow[] = [];
  const before = onWire(db);
  let room = WINDOW - before.length;
  while (room > 0) {
    // One row of each conversation at a time: the next of the same conversation follows behind it.
    const rows = nextToSend(db, Date.now(), openRooms).slice(0, room);
    if (rows.length === 0) break;
    for (const row of rows) setStage(db, row.messageId, 'wire');
    taken.push(...rows);
    room -= rows.length;
  }
  if (!before.some(isDirect) && taken.some(isDirect)) writeState(db, MARK, newestArchived(db)?.id ?? '');
  return taken;
}

const isDirect = (row: OutboxRow): boolean => row.group === null;

const writable = (connection: AccountConnection): Session | null =>
  connection.isReady() ? connection.online() : null;

function since(db: WritableDb, rows: readonly OutboxRow[]): number {
  const first = Math.min(...rows.map((row) => row.wireAt ?? row.createdAt));
  return Math.min(first, newestArchived(db)?.at ?? first) - CLOCK_MARGIN;
}
