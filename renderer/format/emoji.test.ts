import { describe, expect, test } from 'vitest';
import { emojiIn, isEmojiOnly } from './emoji.ts';

describe('only emoji', () => {
  test.each([
    '😀',
    '❤️',
    '👍🏽',
    '👨‍👩‍👧‍👦',
    '🇩🇪',
    '1️⃣',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '🎉🎉',
    ' 🎉 \n',
    '👍️',
    '😀 😀 😀 😀 😀 😀',
    '🫨',
    '🫩',
    '\u{1F6D8}',
    '\u{1FAC8}\u{1F3FD}',
    '🧑\u200d\u{1FA70}',
  ])('%s', (text) => {
    expect(isEmojiOnly(text)).toBe(true);
  });

  test.each([
    '',
    ' ',
    'a',
    '1',
    '#',
    '©',
    '好',
    ':)',
    '😀 yes',
    'yes 😀',
    '❤',
    '😀😀😀😀😀😀😀',
    '🇩',
    '\u200d',
    '😀'.repeat(200),
  ])('not %j', (text) => {
    expect(isEmojiOnly(text)).toBe(false);
  });
});

test('emoji in a text, once each', () => {
  expect(emojiIn('so 👍🏽 and 🎉, 🎉 1️⃣ 5 ©')).toEqual(['👍🏽', '🎉', '1️⃣']);
  // Newer than the engine's tables.
  expect(emojiIn('a \u{1F6D8}, a 🧑🏽\u200d\u{1FA70}')).toEqual(['\u{1F6D8}', '🧑🏽\u200d\u{1FA70}']);
  expect(emojiIn('nothing here')).toEqual([]);
  expect(emojiIn('漢字')).toEqual([]);
});

test('a screenful costs next to nothing', () => {
  const texts = ['Hello there, how are you?', '漢字かな', 'مرحبا', '👍', 'See you 😀'];
  const begin = performance.now();
  for (let at = 0; at < 10_000; at += 1) isEmojiOnly(texts[at % texts.length] ?? '');
  const families = Array(13).fill('👨\u200d👩\u200d👧\u200d👦').join('\u200d');
  for (let at = 0; at < 1_000; at += 1) isEmojiOnly(`${families}x`);
  // Not a limit of speed: it would take minutes with a regular expression that backtracks.
  expect(performance.now() - begin).toBeLessThan(5_000);
});
