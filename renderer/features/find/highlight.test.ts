import { expect, test } from 'vitest';
import { matchesIn } from './highlight.ts';

test.each([
  ['Hello hello', 'hello', ['Hello', 'hello']],
  ['Café at the CAFE', 'cafe', ['Café', 'CAFE']],
  ['cafe\u0301 again', 'café', ['cafe\u0301']],
  ['so 🎉🎉', '🎉', ['🎉', '🎉']],
  ['照片和照片', '照片', ['照片', '照片']],
  ['aaaa', 'aa', ['aa', 'aa']],
  ['İstanbul', 'stan', ['stan']],
  ['none', 'x', []],
  ['some', '', []],
])('%s: %s', (text, query, expected) => {
  expect(matchesIn(text, query).map(([from, to]) => text.slice(from, to))).toEqual(expected);
});
