/** What is taken out of every text by others: control characters, and what turns the direction of a line. */
const unwanted =
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/g;
// eslint-disable-next-line no-control-regex -- two of them break lines
const lineBreaks = /[\t\n\r\u000b\u000c\u0085\u2028\u2029]+/g;
/** More marks on one letter than any language has, which would run over the lines around it. */
const piledMarks = /(\p{M}{4})\p{M}+/gu;
/** What takes up no room, or only room: a name of nothing else could not be seen. */
const invisible =
  // eslint-disable-next-line no-misleading-character-class -- each of them is looked for by itself
  /[\s\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d\u2060-\u2064\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0000}-\u{e0fff}]/gu;

/** Characters of a name. */
export const MAX_NAME = 100;

/** The first `max` code points: never half of one. */
const cut = (text: string, max: number): string =>
  text.length <= max ? text : [...text.slice(0, max * 2)].slice(0, max).join('');

/** One line of plain text, at most `max` characters; '' when nothing of it can be seen. */
export function cleanLine(text: string, max: number): string {
  // Cut before the slow classes look at what somebody made 10 kB long, and after.
  const line = cut(text, max * 8)
    .replace(lineBreaks, ' ')
    .replace(unwanted, '')
    .replace(piledMarks, '$1');
  const shown = cut(line.replace(/ {2,}/g, ' ').trim(), max).trim();
  return shown.replace(invisible, '') === '' ? '' : shown;
}

/** Several lines of plain text, no more than one of them empty in a row. */
export function cleanText(text: string, max: number): string {
  const lines = cut(text, max * 8)
    .replace(/\r\n?|\u2028|\u2029|\u0085/g, '\n')
    .replace(unwanted, '')
    .replace(piledMarks, '$1')
    .replace(/\n{3,}/g, '\n\n');
  const shown = cut(lines.trim(), max).trim();
  return shown.replace(invisible, '') === '' ? '' : shown;
}

/**
 * Somebody's name as it may be shown. One that is another's address is no name: it would be taken for theirs.
 * @param address whose name it is
 */
export function cleanName(name: string, address: string): string {
  const shown = cleanLine(name, MAX_NAME);
  const bare = shown.toLowerCase().replace(invisible, (hidden) => (/\s/.test(hidden) ? ' ' : ''));
  return bare !== address && /^[^@/\s]+@[^@/\s]+$/u.test(bare) ? '' : shown;
}

/** Short words, each once, whatever its case. */
export function cleanWords(
  words: readonly string[],
  max: { readonly words: number; readonly length: number },
): string[] {
  const seen = new Map<string, string>();
  for (const word of words.slice(0, max.words * 4)) {
    const shown = cleanLine(word, max.length);
    const key = shown.toLowerCase();
    if (shown && !seen.has(key)) seen.set(key, shown);
  }
  return [...seen.values()].slice(0, max.words);
}

/** An address of the web as it may be shown and opened, or '': no scripts, files, or names before the host. */
export function cleanLink(link: string, max: number): string {
  const text = link.trim();
  if (text.length > max || !URL.canParse(text)) return '';
  const url = new URL(text);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  return web && url.username === '' && url.password === '' && url.href.length <= max ? url.href : '';
}
