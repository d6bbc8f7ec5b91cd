import { expect, it } from 'vitest';
import { fitScale, fitted, isFitted, within, zoomed } from './zoom.ts';

const stage = { width: 1000, height: 500 };
const large = { width: 4000, height: 3000 };
const small = { width: 100, height: 80 };

it.each([
  [large, 500 / 3000],
  [{ width: 8000, height: 100 }, 1000 / 8000],
  [small, 1],
  [{ width: 0, height: 0 }, 1],
])('%j fits at its scale', (photo, scale) => expect(fitScale(photo, stage)).toBeCloseTo(scale, 9));

it('keeps the point under the pointer where it is', () => {
  const o = { photo: large, stage, atX: 200, atY: -50 };
  const near = zoomed({ scale: 1, x: 0, y: 0 }, 2, o);
  expect(near.scale).toBe(2);
  // The photo's point under the pointer, before and after.
  expect((200 - near.x) / near.scale).toBeCloseTo(200, 9);
  expect((-50 - near.y) / near.scale).toBeCloseTo(-50, 9);
});

it('goes no further out than fitting, and no further in than eight times', () => {
  expect(isFitted(zoomed(fitted(large, stage), 0.001, { photo: large, stage }), large, stage)).toBe(true);
  expect(zoomed(fitted(large, stage), 1000, { photo: large, stage }).scale).toBe(8);
  expect(zoomed(fitted(small, stage), 4, { photo: small, stage }).scale).toBe(4);
});

it('never moves an edge into the stage, and centres what is smaller than it', () => {
  expect(within({ scale: 1, x: 9999, y: -9999 }, large, stage)).toEqual({ scale: 1, x: 1500, y: -1250 });
  expect(within({ scale: 1, x: 50, y: 50 }, small, stage)).toEqual({ scale: 1, x: 0, y: 0 });
});
