import * as v from 'valibot';
import type { AlbumPart } from './albums.ts';
import type { Poll, QuestionBox } from './polls.ts';
import type { Reaction } from './reactions.ts';
import type { ReplyTo } from './replies.ts';
import { event, method } from './define.ts';
import type { ErrorCode, ErrorDetail } from './errors.ts';
import {
  address,
  attachmentId,
  conversationId,
  messageId,
  type AttachmentId,
  type ConversationId,
  type MessageId,
} from './ids.ts';

/** Incoming messages are `received`. */
export type DeliveryState = 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'received';

export interface Attachment {
  readonly id: AttachmentId;
  readonly kind: 'photo' | 'video' | 'voice' | 'audio' | 'file' | 'sticker';
  /** Safe to show: no path, no control characters. */
  readonly name: string;
  readonly mediaType: string;
  /** Bytes; null when the sender did not say. */
  readonly bytes: number | null;
  /** px; null when the sender did not say. */
  readonly width: number | null;
  readonly height: number | null;
  /** ThumbHash, base64; null when there is none. */
  readonly thumbhash: string | null;
  /** ms of what is seen or heard; null when unknown. The sender's word until it is `ready`. */
  readonly durationMs: number | null;
  /** Of a voice note: base64 of up to 64 levels, a byte each; null when there is none. */
  readonly waveform: string | null;
  /** A picture that moves, measured. */
  readonly animated: boolean;
  /** `ready`: shown from `/media/attachment/ID` and `/media/thumbnail/ID`. `remote`: waits for a click. */
  readonly state: 'remote' | 'downloading' | 'ready' | 'failed';
  readonly problem: { readonly code: ErrorCode; readonly detail: ErrorDetail } | null;
}

/** Somebody is named in a group's message. */
export interface Mention {
  /** Bare. */
  readonly address: string;
  /** Where in `Message.text`, UTF-16 units. */
  readonly start: number;
  readonly length: number;
  /** It is me. */
  readonly own: boolean;
}

/** What features keep of a message beside it; each has its default in `noParts`. */
export interface MessageParts {
  /** Its author changed it; Unix time in ms of the last change. */
  readonly edited: { readonly at: number } | null;
  /** Its author took it back: the text is '' and there are no attachments. */
  readonly unsent: boolean;
  /** A moderator took it back for everybody; `unsent` holds as well. `name`: who, '' where the group does not say. */
  readonly deletedBy: { readonly name: string; readonly reason: string } | null;
  /** Of a group: somebody I block wrote it. It is shown folded, and nothing of it is counted or announced. */
  readonly fromBlocked: boolean;
  /** In the order of their places. */
  readonly mentions: readonly Mention[];
  /** I pinned it, for me alone. */
  readonly pinned: boolean;
  /** Of a group: a moderator pinned it for everybody. */
  readonly pinnedForAll: boolean;
  /** It is a sticker: the only attachment is its picture. `description` may be ''. */
  readonly sticker: {
    readonly emoji: string;
    readonly description: string;
    readonly hasPack: boolean;
  } | null;
  /** One photo of several that were sent together. */
  readonly album: AlbumPart | null;
  /** What it answers; null when nothing. */
  readonly replyTo: ReplyTo | null;
  /** In the order they were chosen. */
  readonly reactions: readonly Reaction[];
  /** Passed on; `from`: who wrote it, null where that is not said. */
  readonly forwarded: { readonly from: string | null } | null;
  /** Of a group: it asks something; the text is for apps that know no polls. */
  readonly poll: Poll | null;
  /** Of a group: a box for questions; the text as with polls. */
  readonly questions: QuestionBox | null;
}

/** A message that nothing was added to. */
export const noParts: MessageParts = {
  edited: null,
  unsent: false,
  deletedBy: null,
  fromBlocked: false,
  mentions: [],
  pinned: false,
  pinnedForAll: false,
  sticker: null,
  album: null,
  replyTo: null,
  reactions: [],
  forwarded: null,
  poll: null,
  questions: null,
};

export interface Message extends MessageParts {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  /** Place in the conversation, unique in it: `AT.SEQ`, both whole numbers, ascending by the first, then the second. */
  readonly position: string;
  readonly outgoing: boolean;
  /** In a group that hides addresses, `address` is `room/nickname`. */
  readonly sender: { readonly address: string; readonly name: string };
  /** Unix time, ms. */
  readonly sentAt: number;
  /** The text, or the caption of a photo. */
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly state: DeliveryState;
  /** Why it failed; of one that is `sending` also what it waits for (`waits-for-moderator`). */
  readonly problem: { readonly code: ErrorCode; readonly detail: ErrorDetail } | null;
  /** Upload progress 0 to 1 while a photo is being sent; null otherwise. */
  readonly progress: number | null;
}

export interface SearchHit {
  readonly message: Message;
  readonly conversationName: string;
}

/** Send it although something was said about it (`nudge`). */
export const anyway = v.optional(v.boolean(), false);

/** The message that is answered. */
const replyTo = v.optional(v.nullable(messageId));

/**
 * Whom somebody chose while writing, as in `Mention`. Other names after an @ that mean one person of the group alone are
 * found by the core.
 */
const mentions = v.optional(
  v.pipe(
    v.array(
      v.object({
        address,
        start: v.pipe(v.number(), v.integer(), v.minValue(0)),
        length: v.pipe(v.number(), v.integer(), v.minValue(1)),
      }),
    ),
    v.maxLength(50),
  ),
);

export const messages = {
  /** One page in order, oldest first. `at`: `newest`, `unread` (around the divider), a message, or a page's edge. */
  'messages.page': method<{ items: readonly Message[]; hasOlder: boolean; hasNewer: boolean }>()(
    v.object({
      conversationId,
      at: v.variant('kind', [
        v.object({ kind: v.literal('newest') }),
        v.object({ kind: v.literal('unread') }),
        v.object({ kind: v.literal('message'), id: messageId }),
        v.object({ kind: v.literal('before'), position: v.pipe(v.string(), v.maxLength(64)) }),
        v.object({ kind: v.literal('after'), position: v.pipe(v.string(), v.maxLength(64)) }),
      ]),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
      /** Nobody looks at it yet: nothing is fetched for it. */
      ahead: v.optional(v.boolean()),
    }),
  ),
  /** Stores the message and queues it; it is sent as soon as there is a connection. Clears the draft. Throws `nudge`. */
  'messages.send': method<Message>()(
    v.object({
      conversationId,
      text: v.pipe(v.string(), v.regex(/\S/), v.maxLength(20_000)),
      anyway,
      replyTo,
      mentions,
    }),
  ),
  'messages.retry': method()(v.object({ id: messageId })),
  /** Takes back a message that has not been sent: failed ones, photos still uploading, and ones that wait offline. */
  'messages.discard': method()(v.object({ id: messageId })),
  'messages.search': method<{ items: readonly SearchHit[]; next: string | null }>()(
    v.object({
      query: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(200)),
      before: v.nullable(v.pipe(v.string(), v.maxLength(64))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
    }),
  ),
  /** New or changed messages of one conversation. */
  'messages.changed': event<{ conversationId: ConversationId; items: readonly Message[] }>(),
  'messages.removed': event<{ conversationId: ConversationId; ids: readonly MessageId[] }>(),
  'messages.progress': event<{ conversationId: ConversationId; id: MessageId; progress: number }>(),
  /** Fetches (again) a picture that is `remote` or `failed`. */
  'attachments.download': method()(v.object({ id: attachmentId })),
};
