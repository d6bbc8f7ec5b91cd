import { domainToUnicode } from 'node:url';
import { parse } from 'tldts';
import unhomoglyph from 'unhomoglyph';

/**
 * How a name looks: characters that are drawn alike become one (UTS 39 section 4, "skeleton"; the table maps m to rn).
 * Twice, since it maps some characters to upper case. i and l are one here: in many fonts a Cyrillic palochka, which
 * the table takes for an i, is an l.
 */
const skeleton = (name: string): string => {
  const once = unhomoglyph(name.toLowerCase().normalize('NFKC')).toLowerCase();
  return unhomoglyph(once).toLowerCase().replaceAll('i', 'l');
};

/** Names this short differ by one letter too often for that to mean something. */
const ENOUGH = 6;

export interface Site {
  /** ASCII, lower case. */
  readonly domain: string;
  /** Without the public suffix: `example` of `example.co.uk`. */
  readonly name: string;
}

export function siteOf(host: string): Site | null {
  const { domain, domainWithoutSuffix } = parse(host, { allowPrivateDomains: true });
  return domain && domainWithoutSuffix ? { domain, name: domainWithoutSuffix } : null;
}

/**
 * The site that `host` could be taken for and is not; null when there is none. `contacts`: sites that people name as
 * theirs, which nobody has checked: one of them is never mistaken for another of them, and still warned of where it
 * resembles a known one.
 */
export function lookAlike(
  host: string,
  known: Iterable<string>,
  contacts: Iterable<string> = [],
): string | null {
  const site = siteOf(host);
  if (site === null) return null;
  const wellKnown = resembled(host, site, known);
  if (wellKnown !== null) return wellKnown === site.domain ? null : wellKnown;
  const theirs = resembled(host, site, contacts);
  return theirs === site.domain ? null : theirs;
}

/** The first of these sites that this one resembles; itself when it is one of them. */
function resembled(host: string, site: Site, known: Iterable<string>): string | null {
  const looks = skeleton(domainToUnicode(site.domain));
  const name = skeleton(domainToUnicode(site.name) || site.name);
  const before = host.slice(0, Math.max(0, host.length - site.domain.length));
  let near: string | null = null;
  for (const other of known) {
    const theirs = siteOf(other);
    if (theirs === null) continue;
    if (theirs.domain === site.domain) return site.domain;
    if (skeleton(theirs.domain) === looks) near = other;
    // paypal.com.example.net, paypal.com-login.example.net
    else if (namedBefore(before, theirs.domain)) near ??= other;
    else if (standsFor(name, theirs)) near ??= other;
  }
  return near;
}

const namedBefore = (labels: string, domain: string): boolean =>
  new RegExp(`(^|[.-])${domain.replaceAll('.', '[.-]')}([.-]|$)`).test(labels);

/** paypa1.net, paypall.com, paypal-login.com; but not `example.de` beside `example.com`. */
function standsFor(name: string, known: Site): boolean {
  const theirs = skeleton(known.name);
  if (theirs.length < ENOUGH) return false;
  if (name !== theirs && name.split('-').includes(theirs)) return true;
  return name !== theirs && oneApart(name, theirs);
}

/** One letter more, less, other, or two neighbours exchanged. */
function oneApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const rest = (text: string, from: number) => text.slice(from);
  return (
    rest(a, start + 1) === rest(b, start + 1) ||
    rest(a, start + 1) === rest(b, start) ||
    rest(a, start) === rest(b, start + 1) ||
    (a[start] === b[start + 1] && a[start + 1] === b[start] && rest(a, start + 2) === rest(b, start + 2))
  );
}

/** Scripts that are written together (UTS 39 section 5.2, "highly restrictive"). */
const together: readonly (readonly string[])[] = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];
const scripts = [
  ...[
    'Latin',
    'Cyrillic',
    'Greek',
    'Armenian',
    'Hebrew',
    'Arabic',
    'Devanagari',
    'Thai',
    'Georgian',
    'Cherokee',
  ],
  ...['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Bengali', 'Tamil', 'Ethiopic', 'Coptic', 'Lisu'],
].map((name) => ({ name, letters: new RegExp(`\\p{Script=${name}}`, 'u') }));

/** Whether one label of the host has letters of scripts that nobody writes in one word. `host`: Unicode. */
export const mixesScripts = (host: string): boolean =>
  host.split('.').some((label) => {
    const used = scripts.filter(({ letters }) => letters.test(label)).map(({ name }) => name);
    return used.length > 1 && !together.some((group) => used.every((name) => group.includes(name)));
  });
