import * as v from 'valibot';
import { method } from './define.ts';
import { address, conversationId } from './ids.ts';

/**
 * Why a gentle word is said: the fourth message to somebody who never answered, a text with words that hurt, a link
 * in the very first message.
 */
export type NudgeKind = 'unanswered' | 'abusive' | 'first-link';

export const nudges = {
  /**
   * What there is to say while this text is being written. Only `abusive` holds a message back: sending fails with
   * `nudge` until it is sent with `anyway`. The others are said, and what is written goes out.
   */
  'nudges.look': method<NudgeKind | null>()(
    v.object({ conversationId, text: v.pipe(v.string(), v.maxLength(20_000)) }),
  ),
  /** Whether somebody asked for no automatic messages (wrote STOP). For good: nothing automatic goes to them. */
  'nudges.optedOut': method<boolean>()(v.object({ address })),
};
