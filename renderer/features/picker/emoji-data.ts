import { later } from '../../ui/later.ts';
import { emojiFrom, type CompactEmoji, type Emoji, type Shortcodes } from './emoji.ts';

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

let loaded: Promise<readonly Emoji[]> | null = null;

/** All emoji that can be chosen, read once. Rejects when their script can't be fetched; the next call tries again. */
export function loadEmoji(): Promise<readonly Emoji[]> {
  loaded ??= load().then(
    ({ list, sets }) => emojiFrom(list, sets),
    (error: unknown) => {
      loaded = null;
      throw error;
    },
  );
  return loaded;
}
