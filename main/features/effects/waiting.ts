import {
  addWaiting,
  anyWaiting,
  dropWaiting,
  idsOf,
  isGroup,
  takeWaiting,
  waitingFor,
  type WaitingEffect,
  type WritableDb,
} from '../../store/index.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { InboundEffect } from '../../xmpp/index.ts';
import { change, choose, targetsOf } from './rules.ts';
import type { Applied, Arrived } from './types.ts';

/** Written by `wait` alone. */
const effectOf = (w: WaitingEffect): InboundEffect => JSON.parse(w.effect) as InboundEffect;

/** Its message is not here yet. Once somebody took it back, nothing else they said of it is kept. */
export function wait(db: WritableDb, a: Arrived): void {
  const { conversationId, sender, effectId, at, effect } = a;
  const mine = waitingFor(db, conversationId, effect.target).filter((w) => w.sender === sender);
  if (mine.some((w) => effectOf(w).kind === 'unsend')) return;
  if (effect.kind === 'unsend') dropWaiting(db, { conversationId, ref: effect.target, sender });
  addWaiting(db, effect.target, { conversationId, sender, effectId, at, effect: JSON.stringify(effect) });
}

/** What waited for a message that was just inserted, in order; who may not change it is not heard. */
export function settle(db: WritableDb, id: MessageId): Applied[] {
  const found = anyWaiting(db) ? idsOf(db, id) : null;
  if (!found) return [];
  const waiting = takeWaiting(db, found.conversationId, found.ids);
  return waiting.flatMap((w) => {
    const inRoom = isGroup(db, found.conversationId) ? { inRoom: { stanzaId: null } } : {};
    const arrived: Arrived = { ...w, effect: effectOf(w), latest: false, ...inRoom };
    const candidates = targetsOf(db, arrived);
    const target = choose(
      candidates.filter((one) => one.id === id),
      arrived,
    );
    return (target && change(db, target, arrived)) ?? [];
  });
}
