import type { ConversationId } from '../../../contract/ids.ts';
import type { InboundEffect, InboundMessage } from '../../xmpp/index.ts';
import type { Arrived } from './types.ts';

/** An effect with what its stanza says of it. `latest`: it comes behind everything that is known. */
export const arrived = (
  m: InboundMessage,
  effect: InboundEffect,
  o: { conversationId: ConversationId; latest: boolean },
): Arrived => ({
  ...o,
  sender: m.from,
  at: Math.min(m.sentAt, Date.now()),
  effectId: m.originId ?? m.id ?? m.stanzaId,
  effect,
});
