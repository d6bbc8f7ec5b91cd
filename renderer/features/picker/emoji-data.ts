import { later } from '../../ui/later.ts';
import { emojiFrom, undrawnNames, type CompactEmoji, type Emoji, type Shortcodes } from './emoji.ts';

/** Names, keywords and shortcodes of all emoji: a script of its own, which the first screen does without. */
const load = later(async () => {
  const [data, common, more] = await Promise.all([
    import('emojibase-data/en/compact.json'),
    import('emojibase-data/en/shortcodes/github.json'),
    import('emojibase-data/en/shortcodes/emojibase.json'),
  ]);
  const sets: readonly Shortcodes[] = [common.default, more.default];
  const list: readonly CompactEmoji[] = data.default;
  return { list, sets };
});

interface Known {
  /** All that can be chosen. */
  readonly offered: readonly Emoji[];
  /** Of those that can only be received. */
  readonly names: ReadonlyMap<string, string>;
}

let loaded: Promise<Known> | null = null;

/** The emoji there are, read once. Rejects when their script can't be fetched; the next call tries again. */
export function loadEmoji(): Promise<Known> {
  loaded ??= load().then(
    ({ list, sets }) => ({ offered: emojiFrom(list, sets), names: undrawnNames(list) }),
    (error: unknown) => {
      loaded = null;
      throw error;
    },
  );
  return loaded;
}
