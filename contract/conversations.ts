import * as v from 'valibot';
import { event, method } from './define.ts';
import type { GroupState } from './groups.ts';
import { address, conversationId, messageId, type ConversationId, type MessageId } from './ids.ts';
import type { DeliveryState } from './messages.ts';
import type { RequestState } from './requests.ts';

const groupNotify = v.picklist(['all', 'mentions', 'none']);
/** Which messages of a group are announced; being muted leaves those that mention me. */
export type GroupNotify = v.InferOutput<typeof groupNotify>;

export interface Conversation {
  readonly id: ConversationId;
  /** `self`: Notes to self. `group`: `groups.get` says more of it. */
  readonly kind: 'direct' | 'self' | 'group';
  /** null for what is no group. */
  readonly group: { readonly state: GroupState; readonly notify: GroupNotify } | null;
  readonly address: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly unread: number;
  /** One of the unread messages names me. Groups only. */
  readonly mentioned: boolean;
  /** The first message not read yet, for the divider. */
  readonly firstUnread: MessageId | null;
  readonly lastMessage: {
    /** Of a poll its question, of a question box its title. */
    readonly text: string;
    readonly asks: 'poll' | 'questions' | null;
    readonly photo: boolean;
    /** Photos of the album it is part of, as far as they are here; 1 for a photo in none, 0 for no photo. */
    readonly photos: number;
    readonly unsent: boolean;
    /** A moderator took it back for everybody (`unsent` holds as well). */
    readonly deleted: boolean;
    /** In a group, by somebody I block: nothing else is told of it. */
    readonly fromBlocked: boolean;
    readonly outgoing: boolean;
    /** Who wrote it, in a group and not by me; null otherwise. */
    readonly senderName: string | null;
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
  /** Of a group; throws not-found for any other conversation. */
  'conversations.setNotify': method()(v.object({ id: conversationId, notify: groupNotify })),
  /** Conversations that are new or changed, and the total of unread messages in what isn't muted. */
  'conversations.changed': event<{ items: readonly Conversation[]; unreadTotal: number }>(),
  /** Many changed at once (catching up): lists are to be read anew. */
  'conversations.reset': event<Record<string, never>>(),
};
export type { ConversationId };
