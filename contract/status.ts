import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, messageId, type ConversationId } from './ids.ts';

/** Somebody who has seen a message of a group. */
export interface Viewer {
  readonly address: string;
  readonly name: string;
  /** Unix ms, when this device heard of it. */
  readonly at: number;
}

/** Read and typing status: each off unless both sides turned it on (account settings `readStatus`, `typingStatus`). */
export const status = {
  /** Somebody types here, or stopped (sent it, emptied the box, left). Repeat it while typing goes on, every few seconds. */
  'status.typing': method()(v.object({ conversationId, typing: v.boolean() })),
  /** Who of a small group has seen a message; null in all others, and where read status is off: nobody is told. */
  'status.seenBy': method<{ items: readonly Viewer[] | null }>()(v.object({ id: messageId })),
  /** Whether the other side is typing. */
  'status.changed': event<{ conversationId: ConversationId; typing: boolean }>(),
};
