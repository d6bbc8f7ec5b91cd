/**
 * An emoji as Unicode recommends them (UTS #51, "RGI"), or one that is newer than this engine's tables; by some apps
 * with a mark of presentation that it does not need.
 */
const one = '(?:\\p{RGI_Emoji}|[\\u{1FA70}-\\u{1FAFF}])\\u{FE0F}?';
const few = new RegExp(`^\\s*(?:${one}\\s*){1,6}$`, 'v');
const any = new RegExp(one, 'gv');
/** All emoji are beyond this, in part at least: most texts are told apart without the slow tables. */
const maybe = /[\u203c-\u3299\ud83c-\ud83e]/;

/** UTF-16 units of six of the longest ones (families in skin tones), and some space between. */
const longest = 160;

/** Whether a text is one to six emoji and nothing else: those are shown large. Asked for each message that is drawn. */
export const isEmojiOnly = (text: string): boolean =>
  text.length <= longest && maybe.test(text) && few.test(text);

/** The emoji in a text, each once, in their order. */
export const emojiIn = (text: string): string[] =>
  maybe.test(text) ? [...new Set(text.match(any)?.map((found) => found))] : [];
