import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, messageId, type ConversationId } from './ids.ts';
import type { Message } from './messages.ts';

/** The most that can be pinned in one conversation; one more takes the oldest pin's place. */
export const mostPins = 50;

/** Messages that I pinned, for me alone, on all my devices; in a group also those that moderators pinned for everybody. */
export const pins = {
  /** In the order of the conversation, oldest first. Those that are not on this device yet are left out. */
  'pins.list': method<{ items: readonly Message[] }>()(v.object({ conversationId })),
  /** Stored when it returns; told to my other devices as soon as there is a connection. Throws `not-found`. */
  'pins.set': method()(v.object({ id: messageId, pinned: v.boolean() })),
  /**
   * For everybody in the message's group; returns once the room has passed it on. Throws `forbidden` to who does not moderate,
   * `not-found`, `offline`, `no-answer`.
   */
  'pins.setForAll': method()(v.object({ id: messageId, pinned: v.boolean() })),
  /** Also when another device or a moderator changed one. */
  'pins.changed': event<{ conversationId: ConversationId }>(),
};
