import compact from 'emojibase-data/en/compact.json' with { type: 'json' };
import more from 'emojibase-data/en/shortcodes/emojibase.json' with { type: 'json' };
import common from 'emojibase-data/en/shortcodes/github.json' with { type: 'json' };
import versions from 'emojibase-data/versions/emoji.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { emojiFrom, toned } from './emoji.ts';
import { completeEmoji, searchEmoji } from './search.ts';

const all = emojiFrom(compact, [common, more]);
const first = (query: string, count = 1) =>
  searchEmoji(all, query)
    .slice(0, count)
    .map(({ text }) => text);

describe('the data', () => {
  test('are all emoji, each with a name, a code and a kind', () => {
    expect(all.length).toBeGreaterThan(1_850);
    expect(all.filter(({ name, codes }) => name === '' || codes.length === 0)).toEqual([]);
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length);
  });

  test('are emoji by Unicode, variants too', () => {
    const texts = all.flatMap(({ text, variants }) => [text, ...variants.map((one) => one.text)]);
    const rgi = new RegExp('^\\p{RGI_Emoji}$', 'v');
    const odd = texts.filter((text) => !rgi.test(text));
    // Node may know an older Unicode than the data: at most its newest emoji are missing.
    expect(odd.length / texts.length).toBeLessThan(0.05);
  });

  test('are those that the bundled font draws: up to Unicode 15.1', () => {
    const later: readonly string[] = [...(versions[16] ?? []), ...(versions[17] ?? [])];
    const offered = all.flatMap(({ text, variants }) => [text, ...variants.map((one) => one.text)]);
    const hexcodes = offered.map((text) =>
      [...text].map((one) => one.codePointAt(0)?.toString(16)).join('-'),
    );
    expect(hexcodes.filter((code) => later.includes(code.toUpperCase()))).toEqual([]);
  });

  test('have skin tones', () => {
    const hand = all.find(({ name }) => name === 'waving hand');
    expect(hand && [toned(hand, 0), toned(hand, 1), toned(hand, 5)]).toEqual(['👋', '👋🏻', '👋🏿']);
    const couple = all.find(({ name }) => name === 'couple with heart');
    expect(couple?.variants.slice(0, 5).map(({ tone }) => tone)).toEqual([1, 2, 3, 4, 5]);
    expect(couple && toned(couple, 3)).toBe('💑🏽');
    const cat = all.find(({ name }) => name === 'cat');
    expect(cat && toned(cat, 3)).toBe('🐈');
  });
});

describe('search', () => {
  test.each([
    ['thumbs up', '👍'],
    ['+1', '👍'],
    [':tada:', '🎉'],
    ['party popper', '🎉'],
    ['red heart', '❤️'],
    ['Pizza', '🍕'],
    [':)', '🙂'],
    ['👋🏽', '👋'],
    ['flag germany', '🇩🇪'],
  ])('%s finds %s', (query, text) => {
    expect(first(query)[0]).toBe(text);
  });

  test('keywords count, after names', () => {
    expect(searchEmoji(all, 'celebrate').map(({ text }) => text)).toContain('🎉');
    expect(searchEmoji(all, 'bye').map(({ text }) => text)).toContain('👋');
  });

  test('every word must fit', () => {
    expect(first('cat xyzzy')).toEqual([]);
    expect(first('   ')).toEqual([]);
    expect(first(':')).toEqual([]);
  });
});

describe('completion', () => {
  test('the shortest code first', () => {
    expect(completeEmoji(all, 'smile', 3)[0]?.text).toBe('😄');
    expect(completeEmoji(all, 'hear', 1)[0]?.codes[0]).toMatch(/^hear/);
    expect(completeEmoji(all, 'zzzz', 6)).toEqual([]);
    expect(completeEmoji(all, 's', 6)).toHaveLength(6);
  });
});
