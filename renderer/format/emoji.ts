/** Newer than this engine's tables: in the blocks that are kept for emoji, with a skin tone, or joined to an older one. */
const newer = '[\\u{1F6D8}-\\u{1F6DB}\\u{1FA70}-\\u{1FAFF}]';
const tone = '[\\u{1F3FB}-\\u{1F3FF}]?';
const joined = `\\p{Emoji_Presentation}${tone}\\u{200D}${newer}`;
/**
 * An emoji as Unicode recommends them (UTS #51, "RGI"), or a newer one; by some apps with a mark of presentation that it
 * does not need. The tables are named once: each time costs a hundred milliseconds when it is first used.
 */
const one = `(?:${joined}|\\p{RGI_Emoji}|${newer}${tone})\\u{FE0F}?`;
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
