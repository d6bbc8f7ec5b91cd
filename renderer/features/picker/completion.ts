/** A shortcode that stands right before the caret, in UTF-16 units of the text. */
export interface TypedCode {
  /** Where its first colon is. */
  readonly start: number;
  /** Without colons. */
  readonly code: string;
  /** Closed by a second colon: it is meant as it is. */
  readonly closed: boolean;
}

/** Two letters at least: one is an emoticon (`:D`) as often as not. Digits first are a time, a port or a ratio. */
const typed = /:(?<code>[a-z+-][a-z0-9_+-]+)(?<end>:?)$/i;
/** What a shortcode may follow: the beginning, a space, an opening mark or another emoji; not `10:30`, not `http:`. */
const mayFollow = /^$|[\s([{"'“‘«¡¿*_~]$|\p{Emoji_Presentation}$|\u{FE0F}$/u;
const isAddress = /:\/\/|^www\./i;

/** What is being typed at the caret, if that is a shortcode; null inside of addresses, times and words. */
export function codeAt(text: string, caret: number): TypedCode | null {
  // The longest shortcode there is has 60 characters.
  const before = text.slice(Math.max(0, caret - 200), caret);
  const found = typed.exec(before);
  const code = found?.groups?.['code'];
  if (!found || code === undefined) return null;
  const ahead = before.slice(0, found.index);
  const word = ahead.slice(ahead.search(/\S*$/));
  if (!mayFollow.test(ahead) || isAddress.test(word)) return null;
  // In the middle of a word there is nothing to complete.
  if (/^[a-z0-9_]/i.test(text.slice(caret))) return null;
  return { start: caret - found[0].length, code, closed: found.groups?.['end'] === ':' };
}
