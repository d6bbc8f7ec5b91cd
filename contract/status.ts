import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, type ConversationId } from './ids.ts';

/** Read and typing status: each off unless both sides turned it on (account settings `readStatus`, `typingStatus`). */
export const status = {
  /** Somebody types here, or stopped (sent it, emptied the box, left). Repeat it while typing goes on, every few seconds. */
  'status.typing': method()(v.object({ conversationId, typing: v.boolean() })),
  /** Whether the other side is typing. */
  'status.changed': event<{ conversationId: ConversationId; typing: boolean }>(),
};
