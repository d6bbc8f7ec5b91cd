import { randomUUID } from 'node:crypto';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { durably, queueEffect, repliesTo, type WritableDb } from '../../store/index.ts';
import type { OutboundEffect } from '../../xmpp/index.ts';
import type { Changes } from '../changes.ts';
import type { AccountConnection } from '../connection.ts';
import { createEffectQueue } from './queue.ts';
import { change, choose, targetsOf } from './rules.ts';
import { takenQuestion } from './question.ts';
import type { Applied, Arrived } from './types.ts';
import { settle, wait } from './waiting.ts';

export type { Applied, Arrived } from './types.ts';

/** Stanzas that change a message that is there: docs/mechanisms/effects.md. */
export interface Effects {
  /** In the transaction that stores what came. null when nothing changed: it waits, is known, or is a forgery. */
  apply(a: Arrived): Applied | null;
  /** In the transaction that inserted this message: what came before it. */
  inserted(id: MessageId): Applied[];
  /** After that transaction. */
  announce(applied: readonly Applied[]): void;
  /**
   * A change of my own: `local` makes it here, `tell` tells the other side, as soon as the message itself has gone.
   * Both are on the disk when this returns. `local` gets the id of the first stanza and the time, and says whether
   * anything changed; if not, nothing is told.
   */
  own(o: {
    conversationId: ConversationId;
    id: MessageId;
    kind: Applied['kind'];
    local(db: WritableDb, o: { originId: string; at: number }): boolean;
    tell: readonly OutboundEffect[];
  }): boolean;
  /** A message has left, so that its changes may go. */
  pump(): void;
  close(): void;
}

export function createEffects(o: {
  db: WritableDb;
  connection: AccountConnection;
  changes: Changes;
  /** After messages were unsent, here or by their authors. */
  onUnsent(applied: readonly Applied[]): void;
  /** The server has a change of this message. */
  onTold(id: MessageId): void;
  /** Groups that can be written to now. */
  openRooms(): readonly ConversationId[];
  /** A room refused an edit of mine, which is undone here, or to take a message back, which cannot be. */
  onRefused?(refused: Applied): void;
  /** Whether a room has to be asked if it still knows me. */
  doubt?(room: string): void;
  log(line: string): void;
}): Effects {
  const { db, changes } = o;
  const queue = createEffectQueue({
    db,
    connection: o.connection,
    openRooms: o.openRooms,
    onSent: o.onTold,
    onRefused: (refused) => {
      announce([{ ...refused, kind: 'edit' }]);
      o.onRefused?.(refused);
    },
    doubt: (room) => o.doubt?.(room),
    log: o.log,
  });

  const announce = (applied: readonly Applied[]) => {
    for (const { conversationId, id, kind } of applied) {
      changes.message(conversationId, id);
      // They show it above them.
      if (kind !== 'react') for (const reply of repliesTo(db, id)) changes.message(conversationId, reply);
    }
    const unsent = applied.filter(({ kind }) => kind === 'unsend' || kind === 'moderate');
    if (unsent.length > 0) o.onUnsent(unsent);
  };

  return {
    apply: (a) => {
      if (a.sender === '' || !mayComeFrom(a)) {
        o.log(`refused: ${a.effect.kind} of nobody who could be told`);
        return null;
      }
      const candidates = targetsOf(db, a);
      const target = choose(candidates, a);
      if (target) return change(db, target, a);
      if (candidates.length > 0) o.log(`refused: ${a.effect.kind} of a message of somebody else`);
      else {
        wait(db, a);
        return takenQuestion(db, a);
      }
      return null;
    },
    inserted: (id) => settle(db, id),
    announce,
    own: ({ conversationId, id, kind, local, tell }) => {
      const at = Date.now();
      const originIds = tell.map(() => randomUUID());
      const done = durably(db, () => {
        if (!local(db, { originId: originIds[0] ?? randomUUID(), at })) return false;
        tell.forEach((effect, i) =>
          queueEffect(db, {
            conversationId,
            messageId: id,
            originId: originIds[i] ?? randomUUID(),
            effect: JSON.stringify(effect),
            createdAt: at,
          }),
        );
        return true;
      });
      if (!done) return false;
      announce([{ conversationId, id, kind }]);
      queue.pump();
      return true;
    },
    pump: queue.pump,
    close: queue.close,
  };
}

/** A room itself only moderates, and nobody else does: PROTOCOL, item 5. */
const mayComeFrom = (a: Arrived): boolean => (a.effect.kind === 'moderate') === (a.byRoom === true);
