import * as v from 'valibot';
import { method } from './define.ts';
import { messageId } from './ids.ts';

/** One emoji of a message, and who chose it. */
export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  /** Chosen by me. */
  readonly own: boolean;
  /** Of the others, in the order they chose it. */
  readonly names: readonly string[];
}

/** So many different ones of one person a message has at most. */
export const MOST_REACTIONS = 6;

/** As Unicode recommends them (UTS #51, "RGI"), or newer than this engine's tables; some apps add U+FE0F. */
const one = new RegExp('^(?:\\p{RGI_Emoji}|[\\u{1FA70}-\\u{1FAFF}])\\u{FE0F}?$', 'v');
/** UTF-16 units; a family in skin tones has 25. */
const longest = 40;

/** Exactly one emoji: no letter, no two of them, nothing around it. */
export const isOneEmoji = (text: string): boolean => text.length <= longest && one.test(text);

export const reactions = {
  /** Chooses an emoji for a message, or takes it back. Throws not-found, reaction-limit. */
  'reactions.toggle': method()(
    v.object({
      id: messageId,
      emoji: v.pipe(v.string(), v.check(isOneEmoji)),
      on: v.boolean(),
    }),
  ),
};
