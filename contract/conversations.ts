import * as v from 'valibot';
import { event, method } from './define.ts';
import { address, conversationId, messageId, type ConversationId, type MessageId } from './ids.ts';
import type { DeliveryState } from './messages.ts';
import type { RequestState } from './requests.ts';

export interface Conversation {
  readonly id: ConversationId;
  /** `self`: Notes to self. */
  readonly kind: 'direct' | 'self';
  readonly address: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly unread: number;
  /** The first message not read yet, for the divider. */
  readonly firstUnread: MessageId | null;
  readonly lastMessage: {
    readonly text: string;
    readonly photo: boolean;
    /** Photos of the album it is part of, as far as they are here; 1 for a photo in none, 0 for no photo. */
    readonly photos: number;
    readonly unsent: boolean;
    readonly outgoing: boolean;
    readonly state: DeliveryState;
    readonly sentAt: number;
  } | null;
  /** Unix time, ms; the inbox is ordered by it, newest first. */
  readonly lastActivity: number;
  readonly pinned: boolean;
  readonly archived: boolean;
  /** Unix time in ms until which it is muted; null when it isn't, 8640000000000000 for always. */
  readonly mutedUntil: number | null;
  readonly draft: string;
  /** Anything but `none`: from somebody not let in. It is in no folder, unread of nothing, and its media are covered. */
  readonly request: RequestState;
  /** Messages of a request that are shown once its sender is let in. */
  readonly folded: number;
}

const id = v.object({ id: conversationId });

export const conversations = {
  /** Newest first, pinned ones before the others. `before`: the cursor of the previous page. */
  'conversations.list': method<{
    items: readonly Conversation[];
    next: string | null;
    unreadTotal: number;
  }>()(
    v.object({
      folder: v.picklist(['inbox', 'archived']),
      before: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
    }),
  ),
  'conversations.get': method<Conversation>()(id),
  /** The conversation with somebody; made when there is none yet. */
  'conversations.start': method<Conversation>()(v.object({ address })),
  'conversations.markRead': method()(v.object({ id: conversationId, upTo: messageId })),
  'conversations.saveDraft': method()(
    v.object({ id: conversationId, text: v.pipe(v.string(), v.maxLength(100_000)) }),
  ),
  'conversations.setPinned': method()(v.object({ id: conversationId, pinned: v.boolean() })),
  'conversations.setArchived': method()(v.object({ id: conversationId, archived: v.boolean() })),
  'conversations.setMuted': method()(v.object({ id: conversationId, until: v.nullable(v.number()) })),
  /** Conversations that are new or changed, and the total of unread messages in what isn't muted. */
  'conversations.changed': event<{ items: readonly Conversation[]; unreadTotal: number }>(),
  /** Many changed at once (catching up): lists are to be read anew. */
  'conversations.reset': event<Record<string, never>>(),
};
export type { ConversationId };
