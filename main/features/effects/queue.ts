import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { PostcardError } from '../../../contract/errors.ts';
import {
  dropEffect,
  durably,
  effectsToSend,
  effectSent,
  markEffectOnWire,
  requeueEffects,
  type WritableDb,
} from '../../store/index.ts';
import type { AccountConnection } from '../connection.ts';
import { composeEffect, composeRoomEffect } from '../outbound.ts';
import { ToldRooms } from './refused.ts';
import type { Applied } from './types.ts';

/** Handed to the stream in one go. */
const AT_ONCE = 50;
/** ms after which a room that never named what an effect is about won't any more: a day offline is not counted. */
const NAMED_BY = 86_400_000;
/** ms until a disk that took nothing is tried again. */
const TRY_AGAIN = 5000;

/**
 * Tells the other side what was changed, in order and each behind its message. All of it can be told twice without
 * harm: what a stream lost is sent again with its id, and no archive is asked.
 */
export function createEffectQueue(o: {
  db: WritableDb;
  connection: AccountConnection;
  /** Groups that can be written to now. */
  openRooms(): readonly ConversationId[];
  /** The server has a change of this message. */
  onSent(id: MessageId): void;
  /** A room refused one. */
  onRefused(refused: Applied): void;
  /** Whether a room has to be asked if it still knows me. */
  doubt(room: string): void;
  log(line: string): void;
}): { pump(): void; close(): void } {
  const { db, connection } = o;
  const told = new ToldRooms();
  let planned = false;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;

  const send = () => {
    if (closed || !connection.isReady()) return;
    const session = connection.online();
    const rows = effectsToSend(db, AT_ONCE, o.openRooms());
    const ready = rows.flatMap((row) => {
      const message = row.inRoom ? composeRoomEffect(db, row) : composeEffect(row);
      return message === null ? [] : [{ row, message }];
    });
    const lost = rows.filter(
      (row) => row.createdAt < Date.now() - NAMED_BY && !ready.some((r) => r.row === row),
    );
    if (ready.length + lost.length === 0) return;
    // Before a byte leaves: what is not marked is not held by a stream that is resumed.
    durably(db, () => {
      for (const { row } of ready) markEffectOnWire(db, row.id);
      for (const { id } of lost) dropEffect(db, id);
    });
    for (const { row, message } of ready) {
      if (row.inRoom) told.note(row);
      session.send(message);
    }
    if (rows.length === AT_ONCE) pump();
  };
  const attempt = () => {
    planned = false;
    try {
      send();
    } catch (error) {
      // A stream that is gone is asked again by the next one.
      if (error instanceof PostcardError && error.code === 'offline') return;
      o.log(`changes could not be sent: ${String(error)}`);
      timer = closed ? null : setTimeout(pump, TRY_AGAIN);
    }
  };
  const pump = () => {
    if (planned || closed) return;
    planned = true;
    queueMicrotask(attempt);
  };

  connection.listen({
    onReady: ({ held }) => {
      requeueEffects(db, held);
      pump();
    },
    onAcked: (originId) => {
      const message = effectSent(db, originId);
      if (message !== null) o.onSent(message);
      pump();
    },
    onReceipt: pump,
    onBounce: (bounce) => {
      const refused = told.refused(db, bounce);
      if (refused === 'again') {
        o.doubt(bounce.from);
        pump();
      } else if (refused !== null) o.onRefused(refused);
    },
  });
  return {
    pump,
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
