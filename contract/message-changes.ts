import * as v from 'valibot';
import { method } from './define.ts';
import { messageId } from './ids.ts';

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
  /** My own message's text, or a photo's caption, which may be ''. One that waits is simply written anew. */
  'messages.edit': method()(v.object({ id: messageId, text: v.pipe(v.string(), v.maxLength(20_000)) })),
  /** Every text of an edited message, oldest first; [] when it was never edited. */
  'messages.versions': method<{ items: readonly { at: number; text: string }[] }>()(id),
  'messages.unsendOutlook': method<UnsendOutlook>()(id),
  /** Takes my own message back, on both sides. One that has not left yet is gone altogether. */
  'messages.unsend': method()(id),
};
