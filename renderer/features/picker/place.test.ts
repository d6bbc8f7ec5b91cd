import { expect, test } from 'vitest';
import { besideBox } from './place.ts';

const size = { width: 300, height: 400 };

test.each([
  ['above, its right edge at the anchor', { top: 700, bottom: 740, right: 900 }, { left: 600, top: 292 }],
  ['below where there is no room above', { top: 60, bottom: 100, right: 900 }, { left: 600, top: 108 }],
  ['never out of the window', { top: 700, bottom: 740, right: 120 }, { left: 8, top: 292 }],
] as const)('%s', (_name, anchor, expected) => {
  expect(besideBox(anchor, size, { width: 1280, height: 800 })).toEqual(expected);
});

test('in a window that is too low it covers what it stands beside', () => {
  const anchor = { top: 300, bottom: 340, right: 500 };
  expect(besideBox(anchor, size, { width: 600, height: 450 })).toEqual({ left: 200, top: 8 });
});
