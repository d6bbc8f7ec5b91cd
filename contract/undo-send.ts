import * as v from 'valibot';
import { method } from './define.ts';
import { conversationId, messageId } from './ids.ts';

/** ms that a message is held back where Settings says so. */
export const UNDO_SEND = 5000;

export const undoSend = {
  /**
   * Takes back what is held back: texts become the draft again, with what they answer, photos wait to be sent again.
   * Returns the draft. Throws already-sent when one of them may have left.
   */
  'messages.undoSend': method<{ text: string }>()(
    v.object({ conversationId, ids: v.pipe(v.array(messageId), v.minLength(1), v.maxLength(100)) }),
  ),
};
