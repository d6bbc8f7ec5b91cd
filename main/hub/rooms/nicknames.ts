/** Bidi marks and overrides, and other invisible characters that no name needs; joiners are in emoji and scripts. */
const UNSEEN =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/u;

/** The nickname as it is shown, or null when it can't be one: 64 characters at most, nothing invisible. */
export function readNickname(typed: string): string | null {
  const nick = typed.normalize('NFC').trim();
  const fits = nick !== '' && [...nick].length <= 64 && Buffer.byteLength(nick) <= 255;
  return fits && nick.isWellFormed() && !UNSEEN.test(nick) && foldNickname(nick) !== '' ? nick : null;
}

/** Letters of other scripts that cannot be told from Latin ones, in lower case (a part of Unicode TR39's table). */
const LIKE_LATIN: Readonly<Record<string, string>> = {
  ...{ а: 'a', в: 'b', е: 'e', ѕ: 's', і: 'i', ї: 'i', ј: 'j', к: 'k', м: 'm', н: 'h', о: 'o', р: 'p' },
  ...{ с: 'c', т: 't', у: 'y', х: 'x', ԁ: 'd', һ: 'h', ԛ: 'q', ԝ: 'w', ѵ: 'v', ӏ: 'l', г: 'r', п: 'n' },
  ...{ α: 'a', β: 'b', ε: 'e', η: 'n', ι: 'i', κ: 'k', μ: 'm', ν: 'v', ο: 'o', ρ: 'p', τ: 't', υ: 'y' },
  ...{ χ: 'x', ζ: 'z', ɑ: 'a', ɡ: 'g', ı: 'i', ս: 'u', օ: 'o', ո: 'n', հ: 'h' },
};

/** What many typefaces draw the same. */
const ALIKE: Readonly<Record<string, string>> = { i: 'l', 1: 'l', '|': 'l', 0: 'o' };

/**
 * What two nicknames that look alike have in common: compatibility forms, case, spaces and joiners don't count, nor does
 * the script of letters that look the same.
 */
export function foldNickname(nick: string): string {
  const folded = nick.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  const seen = folded.replaceAll(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
  return Array.from(seen, (letter) => LIKE_LATIN[letter] ?? letter)
    .map((letter) => ALIKE[letter] ?? letter)
    .join('');
}
