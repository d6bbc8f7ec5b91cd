import { expect, test } from 'vitest';
import { columns, isStep, sectionOf, stepFrom, type Cell } from './grid.ts';

const cells = (count: number): Cell[] =>
  Array.from({ length: count }, (_, at) => ({ text: String(at), name: String(at), emoji: null }));
/** Two rows, the second of three; then one row of five. */
const sections = [sectionOf('recent', cells(columns + 3)), sectionOf('smileys', cells(5))];
const from = (section: number, row: number, column: number) => ({ section, row, column });

test.each([
  ['ArrowRight', from(0, 0, 0), from(0, 0, 1)],
  ['ArrowRight', from(0, 0, columns - 1), from(0, 1, 0)],
  ['ArrowRight', from(0, 1, 2), from(1, 0, 0)],
  ['ArrowRight', from(1, 0, 4), null],
  ['ArrowLeft', from(1, 0, 0), from(0, 1, 2)],
  ['ArrowLeft', from(0, 0, 0), null],
  ['ArrowDown', from(0, 0, 7), from(0, 1, 2)],
  ['ArrowDown', from(0, 1, 1), from(1, 0, 1)],
  ['ArrowDown', from(1, 0, 0), null],
  ['ArrowUp', from(1, 0, 4), from(0, 1, 2)],
  ['ArrowUp', from(0, 0, 4), null],
  ['Home', from(0, 1, 2), from(0, 1, 0)],
  ['End', from(0, 0, 2), from(0, 0, columns - 1)],
  ['PageDown', from(0, 0, 0), from(1, 0, 0)],
  ['PageUp', from(1, 0, 3), from(0, 0, 2)],
] as const)('%s from %o leads to %o', (key, place, expected) => {
  expect(stepFrom(sections, place, key)).toEqual(expected);
  expect(isStep(key)).toBe(true);
});

test('other keys lead nowhere', () => {
  expect(stepFrom(sections, from(0, 0, 0), 'x')).toBeNull();
  expect(isStep('toString')).toBe(false);
});
