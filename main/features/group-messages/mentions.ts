import type { MentionMark } from '../../store/index.ts';
import type { WireMention } from '../../xmpp/index.ts';

/** More people are named by nobody. */
const MOST = 50;
/** UTF-16 units; a shorter nickname is a letter of many texts. */
const SHORTEST_NICK = 2;

/** Places of a text in code points (XEP-0426) as UTF-16 units; what is not in the text is left out. */
export function toUnits(text: string, mentions: readonly WireMention[]): MentionMark[] {
  const unitAt = unitsOf(text);
  return apart(
    mentions.slice(0, MOST).flatMap(({ address, start, length }) => {
      const [from, to] = [unitAt[start], unitAt[start + length]];
      return from === undefined || to === undefined || length < 1
        ? []
        : [{ address, start: from, length: to - from }];
    }),
  );
}

/** The other way round. */
export function toPoints(text: string, mentions: readonly MentionMark[]): WireMention[] {
  const pointAt = new Map(unitsOf(text).map((unit, point) => [unit, point]));
  return mentions.flatMap(({ address, start, length }) => {
    const [from, to] = [pointAt.get(start), pointAt.get(start + length)];
    return from === undefined || to === undefined ? [] : [{ address, start: from, length: to - from }];
  });
}

/** Where each code point begins, and where the text ends, UTF-16 units. */
function unitsOf(text: string): number[] {
  const units: number[] = [];
  let at = 0;
  for (const character of text) {
    units.push(at);
    at += character.length;
  }
  return [...units, at];
}

/** In order, without two at one place. */
export function apart(mentions: readonly MentionMark[]): MentionMark[] {
  const kept: MentionMark[] = [];
  for (const mention of mentions.toSorted((a, b) => a.start - b.start)) {
    const before = kept.at(-1);
    if (!before || before.start + before.length <= mention.start) kept.push(mention);
  }
  return kept;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Where a text has a name as a whole word, with an @ before it or without; whatever its case. */
export function namesIn(text: string, name: string): { start: number; length: number }[] {
  const wanted = name.trim();
  if (wanted.length < SHORTEST_NICK) return [];
  const word = new RegExp(`(?<![\\p{L}\\p{N}_])@?${escaped(wanted)}(?![\\p{L}\\p{N}_])`, 'giu');
  return [...text.matchAll(word)]
    .slice(0, MOST)
    .map((found) => ({ start: found.index, length: found[0].length }));
}

/** Whom a text that came names: those its sender says, and me where it has my nickname. */
export function received(
  text: string,
  o: { told: readonly WireMention[]; own: string; nick: string },
): MentionMark[] {
  const told = toUnits(text, o.told);
  const named = namesIn(text, o.nick)
    .map((place) => ({ address: o.own, ...place }))
    .filter((mine) => !told.some((other) => overlap(mine, other)));
  return apart([...told, ...named]);
}

const overlap = (a: MentionMark, b: MentionMark): boolean =>
  a.start < b.start + b.length && b.start < a.start + a.length;

/** Somebody who can be named. */
export interface Named {
  readonly address: string;
  readonly names: readonly string[];
}

/**
 * Whom a text names that is written here: those that were chosen while writing (`chosen`), as far as they stand in it
 * and are in the group, and each `@name` that one person of the group alone is called; the longest name counts.
 */
export function written(
  text: string,
  people: readonly Named[],
  chosen: readonly MentionMark[],
): MentionMark[] {
  const members = new Set(people.map(({ address }) => address));
  const sound = chosen.filter(
    ({ address, start, length }) =>
      members.has(address) && text[start] === '@' && start + length <= text.length,
  );
  const owners = new Map<string, Set<string>>();
  for (const { address, names } of people)
    for (const name of names) {
      const key = name.trim().toLowerCase();
      if (key !== '') owners.set(key, (owners.get(key) ?? new Set()).add(address));
    }
  const found = [...text.matchAll(/(?<![\p{L}\p{N}_])@/gu)].flatMap(
    ({ index }) => at(text, index, owners) ?? [],
  );
  const free = found.filter((one) => !sound.some((other) => overlap(one, other)));
  return apart([...sound, ...free]).slice(0, MOST);
}

/** The longest name that stands behind this @, when it is one person's. Characters of a name: 100 at most. */
function at(
  text: string,
  index: number,
  owners: ReadonlyMap<string, ReadonlySet<string>>,
): MentionMark | null {
  const rest = text.slice(index + 1, index + 101).toLowerCase();
  for (let length = rest.length; length > 0; length -= 1) {
    if (/^[\p{L}\p{N}_]/u.test(rest.slice(length))) continue;
    const [address, other] = owners.get(rest.slice(0, length)) ?? [];
    if (address !== undefined)
      return other === undefined ? { address, start: index, length: length + 1 } : null;
  }
  return null;
}
