import type { Emoji } from './emoji.ts';

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[\s_\-:,.’'“”()]+/)
    .filter(Boolean);

/** How well one word fits one emoji: the lower the better, Infinity for not at all. */
function rank(emoji: Emoji, word: string): number {
  const name = emoji.name.toLowerCase();
  if (name === word || emoji.codes.includes(word)) return 0;
  if (emoji.codes.some((code) => code.startsWith(word))) return 1;
  if (name.startsWith(word)) return 2;
  if (wordsOf(name).some((one) => one.startsWith(word))) return 3;
  if (emoji.codes.some((code) => wordsOf(code).some((one) => one.startsWith(word)))) return 4;
  if (emoji.tags.includes(word)) return 5;
  return emoji.tags.some((tag) => wordsOf(tag).some((one) => one.startsWith(word))) ? 6 : Infinity;
}

/** Emoji by the ranks of all words of a query, the best first; equals stay in their order. */
function ranked(list: readonly Emoji[], score: (emoji: Emoji) => number): Emoji[] {
  return list
    .map((emoji) => ({ emoji, score: score(emoji) }))
    .filter(({ score: of }) => of < Infinity)
    .sort((a, b) => a.score - b.score)
    .map(({ emoji }) => emoji);
}

/**
 * Emoji that fit every word of what was typed, by name, shortcode or keyword, each from its beginning. An emoji that
 * was pasted, and an emoticon (`:)`), find what they stand for.
 */
export function searchEmoji(list: readonly Emoji[], query: string): Emoji[] {
  const typed = query.trim().toLowerCase();
  const itself = list.filter(
    ({ text, variants, tags }) =>
      text === typed ||
      variants.some((one) => one.text === typed) ||
      (/\W/.test(typed) && tags.includes(typed)),
  );
  if (itself.length > 0) return itself;
  const whole = typed.replaceAll(/[\s:-]+/g, '_').replaceAll(/^_|_$/g, '');
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  return ranked(list, (emoji) => {
    if (emoji.name.toLowerCase() === typed || emoji.codes.includes(whole)) return -1;
    return words.reduce((sum, word) => sum + rank(emoji, word), 0);
  });
}

/** Emoji for a shortcode that is being typed (`smi` of `:smi`), the best first, at most `limit`. */
export function completeEmoji(list: readonly Emoji[], code: string, limit: number): Emoji[] {
  const typed = code.toLowerCase();
  return ranked(list, (emoji) => {
    if (emoji.codes.includes(typed)) return 0;
    // The shorter the rest, the more likely it is meant.
    const rest = emoji.codes.filter((one) => one.startsWith(typed)).map((one) => one.length - typed.length);
    if (rest.length > 0) return 1 + Math.min(...rest) / 100;
    if (emoji.tags.includes(typed)) return 3;
    if (emoji.codes.some((one) => one.includes(`_${typed}`))) return 4;
    return emoji.tags.some((tag) => tag.startsWith(typed)) ? 5 : Infinity;
  }).slice(0, limit);
}
