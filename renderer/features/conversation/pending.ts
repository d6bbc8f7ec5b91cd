import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { noParts, type Message } from '../../../contract/messages.ts';

/**
 * A message as it is shown between Enter and the core's answer. Its id is negative, which no row of the
 * database has.
 */
export function pendingMessage(
  conversationId: ConversationId,
  text: string,
  number: number,
  answered: Message | null = null,
): Message {
  return {
    // Row ids are positive; this one never crosses to the core.
    id: -number as MessageId,
    conversationId,
    position: '\u{10ffff}',
    outgoing: true,
    sender: { address: '', name: '' },
    sentAt: Date.now(),
    text,
    attachments: [],
    state: 'sending',
    problem: null,
    progress: null,
    ...noParts,
    replyTo: answered && quoteOf(answered),
  };
}

/** As the core will say it. */
const quoteOf = (m: Message): Message['replyTo'] => ({
  id: m.id,
  sender: m.sender,
  own: m.outgoing,
  text: m.text,
  attachment: m.attachments.find(({ state }) => state === 'ready')?.id ?? null,
  unsent: m.unsent,
});

/**
 * Takes away the pending messages that `arrived` stand for: the core's event may come before its answer.
 * Returns what still waits, and which pending message each arrived one takes the place of.
 */
export function settle(
  pending: readonly Message[],
  arrived: readonly Message[],
  known: ReadonlySet<number>,
): { pending: readonly Message[]; replaced: ReadonlyMap<number, number> } {
  const left = [...pending];
  const replaced = new Map<number, number>();
  for (const message of arrived) {
    if (!message.outgoing || message.attachments.length > 0 || known.has(message.id)) continue;
    const index = left.findIndex(({ text }) => text === message.text);
    const [taken] = index < 0 ? [] : left.splice(index, 1);
    if (taken) replaced.set(message.id, taken.id);
  }
  return { pending: left, replaced };
}
