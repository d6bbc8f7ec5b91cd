/** The kinds of emoji in the order in which the picker shows them; Unicode's "component" is left out. */
export const groups = [
  'smileys',
  'people',
  'nature',
  'food',
  'travel',
  'activities',
  'objects',
  'symbols',
  'flags',
] as const;
export type Group = (typeof groups)[number];

/** 0: none, the yellow one; 1 to 5: light to dark (Unicode's modifiers, Fitzpatrick 1-2 to 6). */
export type Tone = 0 | 1 | 2 | 3 | 4 | 5;
export const tones: readonly Tone[] = [0, 1, 2, 3, 4, 5];

export interface Emoji {
  /** The characters, with what makes them a picture (U+FE0F) where they need it. */
  readonly text: string;
  /** As the Unicode CLDR calls it. */
  readonly name: string;
  readonly group: Group;
  /** Without colons; the most common one first. */
  readonly codes: readonly string[];
  /** What it is found by beside its name and codes, in lower case. */
  readonly tags: readonly string[];
  /** With skin tones, those with one tone first. */
  readonly variants: readonly Variant[];
}

interface Variant {
  readonly text: string;
  readonly name: string;
  /** The tone of all people in it; null where they differ. */
  readonly tone: Tone | null;
}

/** One entry of the package's `compact.json`. */
export interface CompactEmoji {
  readonly hexcode: string;
  readonly label: string;
  readonly unicode: string;
  readonly group?: number;
  readonly tags?: readonly string[];
  readonly emoticon?: string | readonly string[];
  readonly skins?: readonly CompactEmoji[];
}
/** Shortcodes by code points, as the package has them. */
export type Shortcodes = Readonly<Record<string, string | readonly string[]>>;

/** The package's numbers of groups; 2 is skin tones and hair by themselves. */
const groupOf: Readonly<Record<number, Group>> = {
  0: 'smileys',
  1: 'people',
  3: 'nature',
  4: 'food',
  5: 'travel',
  6: 'activities',
  7: 'objects',
  8: 'symbols',
  9: 'flags',
};

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

/**
 * As Unicode has it ("fully qualified", UTS #51): the package marks as a picture (U+FE0F) also what is one by itself.
 * Other apps leave that out, and a reaction must be the same characters to be the same reaction.
 */
const plain = (text: string): string => text.replaceAll(/(\p{Emoji_Presentation})\u{FE0F}/gu, '$1');

/** The one tone of all people of an emoji, by its code points ("1F44B-1F3FB"); null where they differ. */
function toneOf(hexcode: string): Tone | null {
  const found = new Set(hexcode.match(/1F3F[B-F]/g));
  const [only] = found;
  // 1F3FB to 1F3FF: the last digit says which.
  return found.size === 1 && only ? ((parseInt(only, 16) - 0x1f3fa) as Tone) : null;
}

/** What Unicode 16 and 17 brought, and the bundled font does not draw yet: it is not offered, only shown if received. */
const undrawn = new Set(
  '1FA89 1FA8F 1FABE 1FAC6 1FADC 1FADF 1FAE9 1F1E8-1F1F6 1F6D8 1FA8A 1FA8E 1FAC8 1FACD 1FAEA 1FAEF 1F9D1-200D-1FA70'.split(
    ' ',
  ),
);
/** The same for skin tones of people with bunny ears, and wrestling. */
const undrawnTones = /^(1F46F|1F93C)/;

const variantsOf = ({ hexcode: of, skins = [] }: CompactEmoji): Variant[] =>
  (undrawnTones.test(of) ? [] : skins)
    .map(({ unicode, label, hexcode }) => ({ text: plain(unicode), name: label, tone: toneOf(hexcode) }))
    .sort((a, b) => (a.tone ?? 9) - (b.tone ?? 9));

/** Puts the package's files together: what can be chosen, in Unicode's order. `shortcodes`: the first set names first. */
export function emojiFrom(data: readonly CompactEmoji[], shortcodes: readonly Shortcodes[]): Emoji[] {
  return data.flatMap((one) => {
    const group = groupOf[one.group ?? -1];
    if (group === undefined || undrawn.has(one.hexcode)) return [];
    const codes = new Set(shortcodes.flatMap((set) => listOf(set[one.hexcode])));
    const tags = [...(one.tags ?? []), ...listOf(one.emoticon)].map((tag) => tag.toLowerCase());
    const variants = variantsOf(one);
    return [{ text: plain(one.unicode), name: one.label, group, codes: [...codes], tags, variants }];
  });
}

/** What those are called that are not offered, in every form they have: they can be received. */
export const undrawnNames = (data: readonly CompactEmoji[]): ReadonlyMap<string, string> =>
  new Map(
    data
      .filter(({ hexcode }) => undrawn.has(hexcode) || undrawnTones.test(hexcode))
      .flatMap((one) => [one, ...(one.skins ?? [])])
      .map(({ unicode, label }) => [plain(unicode), label]),
  );

/** An emoji in a skin tone, where it has any. */
export const toned = (emoji: Emoji, tone: Tone): string =>
  (tone > 0 && emoji.variants.find((variant) => variant.tone === tone)?.text) || emoji.text;
