import { expect, test } from 'vitest';
import { moved, placed, wholeCrop, within } from './crop.ts';

const wide = { width: 400, height: 200 };

test('a crop stays within its picture', () => {
  expect(within({ x: 0, y: 0, side: 5 }, wide)).toEqual({ x: 0.25, y: 0.5, side: 1 });
  expect(within({ x: 1, y: 1, side: 0 }, wide)).toEqual({ x: 0.975, y: 0.95, side: 0.1 });
});

test('dragging the picture to the right shows what is left of it', () => {
  expect(moved(wholeCrop, wide, { x: 100, y: 50 }, 200)).toEqual({ x: 0.25, y: 0.5, side: 1 });
  expect(moved({ x: 0.5, y: 0.5, side: 0.5 }, wide, { x: 20, y: -20 }, 100).x).toBeCloseTo(0.45);
});

test('the chosen part fills the frame', () => {
  expect(placed(wholeCrop, wide, 100)).toEqual({ width: 200, height: 100, left: -50, top: 0 });
});
