import * as v from 'valibot';
import { method } from './define.ts';
import { address } from './ids.ts';

/**
 * Why a gentle word is said before sending: the fourth message to somebody who never answered, a text with words that
 * hurt, a link in the very first message. It comes as the failure `nudge` with `kind` in its detail; the same call
 * with `anyway` sends it.
 */
export type NudgeKind = 'unanswered' | 'abusive' | 'first-link';

export const nudges = {
  /** Whether somebody asked for no automatic messages (wrote STOP). For good: nothing automatic goes to them. */
  'nudges.optedOut': method<boolean>()(v.object({ address })),
};
