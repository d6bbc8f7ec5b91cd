import {
  conversationByAddress,
  findRoomTargets,
  findTargets,
  type Inserted,
  type WritableDb,
} from '../../store/index.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { InboundEffect, InboundMessage } from '../../xmpp/index.ts';
import { arrived } from './arrived.ts';
import type { Applied, Effects } from './index.ts';

/**
 * What changes messages that are there: what waited for those of this page that were inserted, then what the page
 * itself has, in its order. Inside its transaction. `latest`: as in `Arrived`.
 */
export function changesOfPage(
  o: { effects: Effects; conversationOf(m: InboundMessage): ConversationId },
  page: readonly InboundMessage[],
  inserted: readonly Inserted[],
  latest: boolean,
): Applied[] {
  // One of mine that was here learns from a room's archive only now by which id others speak of it.
  const waited = inserted.flatMap((row) => (row.inserted || row.updated ? o.effects.inserted(row.id) : []));
  const here = page.flatMap((m) => {
    const effect = m.effect ?? tombstoneOf(m);
    if (effect === null) return [];
    return o.effects.apply(arrived(m, effect, { conversationId: o.conversationOf(m), latest })) ?? [];
  });
  return [...waited, ...here];
}

/** What an archive keeps of a message that its author took back, as an effect on itself. */
const tombstoneOf = (m: InboundMessage): InboundEffect | null => {
  const target = m.room ? m.stanzaId : (m.originId ?? m.id);
  return m.tombstone && target !== null ? { kind: 'unsend', target } : null;
};

/** A tombstone of a message that is here: the message is changed, and no second one made of it. */
export function isTombstoneOfKnown(db: WritableDb, m: InboundMessage): boolean {
  const target = tombstoneOf(m)?.target;
  const conversation = target === undefined ? null : conversationByAddress(db, m.peer);
  if (target === undefined || conversation === null) return false;
  const found = m.room
    ? findRoomTargets(db, conversation.id, target)
    : findTargets(db, conversation.id, target);
  return found.some(({ sender }) => m.room !== undefined || sender === m.from);
}
