import * as v from 'valibot';
import { method } from './define.ts';
import { conversationId, messageId, type ConversationId, type MessageId } from './ids.ts';

/** ms that a message is held back where Settings says so. */
export const UNDO_SEND = 5000;

/** A message that can be taken back. `left`: ms until it goes. */
export interface HeldMessage {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly left: number;
}

export const undoSend = {
  /**
   * What is held back now, in the order it was written. `restarted`: it was written before the app's last start. The first
   * look after a start gives it the full time anew, since nobody could take it back meanwhile.
   */
  'messages.held': method<{ items: readonly HeldMessage[]; restarted: boolean }>()(v.object({})),
  /**
   * Takes back what is held back: texts become the draft again, with what they answer, photos wait to be sent again.
   * Returns the draft. Throws already-sent when one of them may have left.
   */
  'messages.undoSend': method<{ text: string }>()(
    v.object({ conversationId, ids: v.pipe(v.array(messageId), v.minLength(1), v.maxLength(100)) }),
  ),
};
