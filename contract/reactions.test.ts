import { expect, test } from 'vitest';
import { isOneEmoji } from './reactions.ts';

test.each([
  ['👍', true],
  ['👍🏽', true],
  ['❤️', true],
  ['👨‍👩‍👧‍👦', true],
  ['🏳️‍🌈', true],
  ['🇫🇷', true],
  ['1️⃣', true],
  ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', true],
  ['', false],
  ['a', false],
  ['1', false],
  ['👍👍', false],
  [' 👍', false],
  ['👍a', false],
  ['👍\u202e', false],
  ['<b>', false],
  ['👨‍👩‍👧‍👦'.repeat(20), false],
])('%j is one emoji: %s', (text, one) => expect(isOneEmoji(text)).toBe(one));
