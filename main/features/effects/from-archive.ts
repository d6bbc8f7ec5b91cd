import {
  conversationByAddress,
  ensureConversation,
  findTargets,
  type Inserted,
  type WritableDb,
} from '../../store/index.ts';
import type { InboundEffect, InboundMessage } from '../../xmpp/index.ts';
import { arrived } from './arrived.ts';
import type { Applied, Effects } from './index.ts';

/**
 * What changes messages that are there: what waited for those of this page that were inserted, then what the page
 * itself has, in its order. Inside its transaction. `latest`: as in `Arrived`.
 */
export function changesOfPage(
  o: { db: WritableDb; ownAddress: string; effects: Effects },
  page: readonly InboundMessage[],
  inserted: readonly Inserted[],
  latest: boolean,
): Applied[] {
  const waited = inserted.flatMap((row) => (row.inserted ? o.effects.inserted(row.id) : []));
  const here = page.flatMap((m) => {
    const effect = m.effect ?? tombstoneOf(m);
    if (effect === null) return [];
    const kind = m.peer === o.ownAddress ? 'self' : 'direct';
    const conversationId = ensureConversation(o.db, { address: m.peer, kind });
    return o.effects.apply(arrived(m, effect, { conversationId, latest })) ?? [];
  });
  return [...waited, ...here];
}

/** What an archive keeps of a message that its author took back, as an effect on itself. */
const tombstoneOf = (m: InboundMessage): InboundEffect | null => {
  const target = m.originId ?? m.id;
  return m.tombstone && target !== null ? { kind: 'unsend', target } : null;
};

/** A tombstone of a message that is here: the message is changed, and no second one made of it. */
export function isTombstoneOfKnown(db: WritableDb, m: InboundMessage): boolean {
  const target = tombstoneOf(m)?.target;
  const conversation = target === undefined ? null : conversationByAddress(db, m.peer);
  if (target === undefined || conversation === null) return false;
  return findTargets(db, conversation.id, target).some(({ sender }) => sender === m.from);
}
