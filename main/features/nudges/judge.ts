import { LinkifyIt } from 'linkify-it';
import type { NudgeKind } from '../../../contract/nudges.ts';
import { abusiveWords } from './abusive-words.ts';

/** Everything that the decision depends on. */
export interface NudgeCase {
  readonly text: string;
  /** What I wrote to them so far; counted to 4 at most. */
  readonly written: number;
  /** Whether they ever wrote to me. */
  readonly answered: boolean;
  /** What was said about this conversation before. */
  readonly given: ReadonlySet<NudgeKind>;
}

/** The fourth message to somebody who never answered. */
const PATIENCE = 3;

/** The one gentle word about this message; null for none. Pure; its test is the table of cases. */
export function nudgeFor(c: NudgeCase): NudgeKind | null {
  if (looksAbusive(c.text)) return 'abusive';
  if (c.answered) return null;
  if (c.written >= PATIENCE && !c.given.has('unanswered')) return 'unanswered';
  if (c.written === 0 && !c.given.has('first-link') && linkify.test(c.text)) return 'first-link';
  return null;
}

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: false });

/** Without accents, capitals, stretched letters and digits that stand for letters; words by single blanks. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replaceAll(/[01345$@](?=\p{L})/gu, (c) => letters[c] ?? c)
    .replaceAll(/(\p{L})\1{2,}/gu, '$1')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const letters: Readonly<Record<string, string>> = {
  ...{ 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', $: 's', '@': 'a' },
};

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/**
 * Scripts without blanks are looked for anywhere, the others as whole words. The bounds stand once around all words,
 * not at each: compiling that took 75 ms, this takes 3.
 */
function patternOf(entries: readonly string[]): RegExp {
  const forms = { anywhere: [] as string[], whole: [] as string[], beginnings: [] as string[] };
  for (const entry of entries) {
    const word = plain(entry.replace('*', ''));
    // "you idiot" is "you stupid idiot", too.
    const loose = word.replace(/^(you|du|ty) /, '$1 (?:\\p{L}+ )?');
    if (unspaced.test(word)) forms.anywhere.push(word);
    else (entry.endsWith('*') ? forms.beginnings : forms.whole).push(loose);
  }
  const words = `(?:${forms.whole.join('|')})(?![\\p{L}\\p{N}])|(?:${forms.beginnings.join('|')})`;
  return new RegExp(`${forms.anywhere.join('|')}|(?<![\\p{L}\\p{N}])(?:${words})`, 'u');
}

/** Made when it is needed first: most starts write nothing. */
let pattern: RegExp | null = null;

/** Characters; what comes after is not looked at. */
const LOOKED_AT = 5_000;

/** Whether a text has one of the listed words. Honest about itself: see abusive-words.ts. */
export function looksAbusive(text: string): boolean {
  pattern ??= patternOf(abusiveWords);
  return pattern.test(plain(text.slice(0, LOOKED_AT)));
}
