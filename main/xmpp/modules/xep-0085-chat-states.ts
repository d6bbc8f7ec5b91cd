// XEP-0085: Chat State Notifications, version 2.1
import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';
import type { ChatState } from '../types.ts';

const states = new Set<ChatState>(['active', 'composing', 'paused', 'inactive', 'gone']);

/** The state that a message carries; null without one. */
export function readChatState(stanza: ReceivedMessage): ChatState | null {
  const state = stanza.chatState;
  return state !== undefined && states.has(state) ? state : null;
}

/** A state alone. Section 5.1: of type chat; nobody keeps it (XEP-0334). */
export const stateMessage = (to: string, state: ChatState): Message => ({
  to,
  type: 'chat',
  chatState: state,
  processingHints: { noStore: true },
});
