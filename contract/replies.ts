import * as v from 'valibot';
import { method } from './define.ts';
import { conversationId, messageId, type AttachmentId, type MessageId } from './ids.ts';
import type { Message } from './messages.ts';

/** What a message answers, as it is stored here: never what the answer says of it. */
export interface ReplyTo {
  /** null: it is not here (yet). */
  readonly id: MessageId | null;
  readonly sender: { readonly address: string; readonly name: string } | null;
  readonly own: boolean;
  /** Its beginning. */
  readonly text: string;
  /** Its photo, where it has one. */
  readonly attachment: AttachmentId | null;
  readonly unsent: boolean;
}

export const replies = {
  /** What the draft of a conversation answers; kept with the draft. null: nothing. */
  'replies.setDraft': method()(v.object({ conversationId, id: v.nullable(messageId) })),
  'replies.draft': method<{ message: Message | null }>()(v.object({ conversationId })),
};
