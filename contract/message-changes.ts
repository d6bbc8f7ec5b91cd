import * as v from 'valibot';
import { event, method } from './define.ts';
import { messageId, type ConversationId, type MessageId } from './ids.ts';

/** What becomes of a message that is taken back, told before. */
export interface UnsendOutlook {
  /** Nothing has left yet: it just goes. */
  readonly waiting: boolean;
  /** Whether the other side's app takes it away; null where nobody can say. */
  readonly otherApp: boolean | null;
  /** Whether my server takes it out of its archive; null while offline. */
  readonly server: boolean | null;
  /** What becomes of the uploaded file; null without one. */
  readonly upload: 'deleted' | 'expires' | null;
}

const id = v.object({ id: messageId });

export const messageChanges = {
  /**
   * My own message's text, or a photo's caption, which may be ''. One that waits is simply written anew. In a group
   * `forbidden` {what} where it takes no such text from me.
   */
  'messages.edit': method()(v.object({ id: messageId, text: v.pipe(v.string(), v.maxLength(20_000)) })),
  /** Every text of an edited message, oldest first; [] when it was never edited. */
  'messages.versions': method<{ items: readonly { at: number; text: string }[] }>()(id),
  'messages.unsendOutlook': method<UnsendOutlook>()(id),
  /**
   * Takes my own message back, on both sides. One that has not left yet is gone altogether. `forbidden` in a group that
   * would not pass it on: nothing is lost here then.
   */
  'messages.unsend': method()(id),
  /** A group refused it: an edit is undone here; what was unsent here, others still see. */
  'messages.changeRefused': event<{
    conversationId: ConversationId;
    id: MessageId;
    kind: 'edit' | 'unsend';
  }>(),
};
