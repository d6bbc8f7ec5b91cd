import { expect, test } from 'vitest';
import { movedTo, visibleRows } from './visible.ts';
import { wordsOf } from './words.ts';

test('of 10,000 rows only those in view are drawn, wherever it is scrolled to', () => {
  const at = (scrolled: number) => visibleRows({ scrolled, height: 700, rowHeight: 70, count: 10_000 });
  expect(at(0)).toEqual({ first: 0, end: 26 });
  expect(at(350_000)).toEqual({ first: 4992, end: 5018 });
  expect(at(700_000)).toEqual({ first: 9992, end: 10_000 });
  expect(visibleRows({ scrolled: 999, height: 700, rowHeight: 70, count: 0 })).toEqual({ first: 0, end: 0 });
});

test('keys move within the list', () => {
  expect(
    ['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'x'].map((k) => movedTo(k, 5, 8, 10)),
  ).toEqual([6, 4, 7, 0, 0, 7, null]);
});

test('words are separated by commas of any script', () => {
  const max = { words: 3, length: 5 };
  expect(wordsOf(' film, film，写真、 باحث،x', max)).toEqual(['film', '写真', 'باحث']);
  expect(wordsOf('very long words', max)).toEqual(['very ']);
});
