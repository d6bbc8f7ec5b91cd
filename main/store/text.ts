/** Text as it is compared in searches: no upper case, no accents (Latin, Greek, Cyrillic), one Unicode form. */
export function folded(text: string): string {
  // eslint-disable-next-line no-control-regex -- ASCII is the common case, and normalising is the slow part
  if (/^[\x00-\x7f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Scripts written without spaces, in which one or two characters are a word; and emoji. */
const dense =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Emoji_Presentation}]/u;
const denseRuns = new RegExp(`${dense.source}+`, 'gu');
/** Nothing below can be dense: most texts are told apart without the slow classes. */
const maybeDense = /[\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u2300-\u{10ffff}]/u;

/**
 * The entries of the index for short queries: every single dense character and every neighbouring pair, each once.
 * Empty for texts without any.
 */
export function shortTokens(text: string): string[] {
  if (!maybeDense.test(text)) return [];
  const tokens = new Set<string>();
  for (const [run] of folded(text).matchAll(denseRuns)) {
    let before = '';
    for (const character of run) {
      tokens.add(character);
      if (before) tokens.add(before + character);
      before = character;
    }
  }
  return [...tokens];
}

/**
 * Groups of three characters that cover a query, for the trigram index, which drops combining accents too. Groups
 * that overlap would hardly narrow it further, and each one costs reading its list.
 */
export function trigrams(query: string): string[] {
  const characters = [...query.normalize('NFC').replaceAll(/[\u0300-\u036f\0]/g, '')];
  const last = characters.length - 3;
  const all = new Set<string>();
  for (let i = 0; i <= last; i += 3) all.add(characters.slice(i, i + 3).join(''));
  if (last >= 0) all.add(characters.slice(last).join(''));
  return [...all];
}
