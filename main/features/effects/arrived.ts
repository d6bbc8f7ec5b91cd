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
  sender: senderOf(m),
  ...(m.room ? { inRoom: { stanzaId: m.stanzaId }, byRoom: m.room.byRoom } : {}),
  at: Math.min(m.sentAt, Date.now()),
  effectId: m.originId ?? m.id ?? m.stanzaId,
  effect,
});

/** Whose it is. '' for somebody in a room who can't be told from others: that changes nothing. */
export function senderOf({ from, peer, room }: InboundMessage): string {
  if (room === undefined) return from;
  if (room.byRoom) return peer;
  if (room.known) return from;
  return room.occupantId === null ? '' : `occupant:${room.occupantId}`;
}
