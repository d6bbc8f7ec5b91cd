import { describe, expect, it } from 'vitest';
import { isCovered } from '../../../../contract/photo-geometry.ts';
import type { Ratio } from '../../../../contract/photo-recipe.ts';
import { cropOfRatio, handles, movedCrop, ratioOf, resizedCrop, turnedRatio } from './crop-moves.ts';

const size = { width: 6000, height: 4000 };
const whole = { x: 0, y: 0, width: 1, height: 1 };
const middle = { x: 0.25, y: 0.25, width: 0.5, height: 0.5 };
const corner = { x: 1, y: 1 } as const;

/** Width ÷ height in px. */
const shape = (crop: typeof whole) => (crop.width * size.width) / (crop.height * size.height);

describe('ratios', () => {
  it('are numbers, that of the picture, or none', () => {
    expect(ratioOf('free', size)).toBeNull();
    expect(ratioOf('original', size)).toBe(1.5);
    expect(ratioOf('4:5', size)).toBe(0.8);
  });

  it('turn with the picture, and back', () => {
    expect(turnedRatio('16:9')).toBe('9:16');
    for (const ratio of ['free', 'original', '1:1', '4:5', '3:2'] satisfies Ratio[])
      expect(turnedRatio(turnedRatio(ratio))).toBe(ratio);
  });
});

describe('moving', () => {
  it('goes where it is told, and slides along a border', () => {
    const moved = movedCrop(size, 0, middle, 0.1, -0.2);
    expect(moved.x).toBeCloseTo(0.35);
    expect(moved.y).toBeCloseTo(0.05);
    const slid = movedCrop(size, 0, middle, 0.9, 0.1);
    expect(slid.x).toBeCloseTo(0.5, 4);
    expect(slid.y).toBeCloseTo(0.35, 4);
    expect([slid.width, slid.height]).toEqual([0.5, 0.5]);
  });

  it('never leaves the picture, however it is straightened', () => {
    for (const angle of [-30, -3, 7, 45])
      for (const [dx, dy] of [
        [1, 1],
        [-1, 0.3],
        [0.2, -5],
      ] as const) {
        const small = { x: 0.45, y: 0.45, width: 0.1, height: 0.1 };
        expect(isCovered(size, angle, movedCrop(size, angle, small, dx, dy))).toBe(true);
      }
  });
});

describe('resizing', () => {
  it('leaves the side across from the handle where it is', () => {
    const crop = resizedCrop(size, 0, middle, { x: -1, y: 0 }, { dx: -0.1, dy: 0.3 }, null);
    expect(crop.x + crop.width).toBeCloseTo(0.75);
    expect(crop).toMatchObject({ y: 0.25, height: 0.5 });
    expect(crop.width).toBeCloseTo(0.6);
  });

  it.each(handles)('keeps a ratio at handle %o', (handle) => {
    for (const by of [
      { dx: 0.1, dy: -0.2 },
      { dx: -0.3, dy: 0.05 },
    ]) {
      const square = cropOfRatio(size, 0, middle, 1);
      const crop = resizedCrop(size, 0, square, handle, by, 1);
      expect(shape(crop)).toBeCloseTo(1, 3);
      expect(isCovered(size, 0, crop)).toBe(true);
    }
  });

  it('ends at the border and before nothing is left', () => {
    expect(resizedCrop(size, 0, middle, corner, { dx: 9, dy: 9 }, null).width).toBeLessThanOrEqual(0.75);
    const least = resizedCrop(size, 0, middle, corner, { dx: -9, dy: -9 }, null);
    expect(least.width).toBeGreaterThan(0.02);
    expect(least.height).toBeGreaterThan(0.02);
  });
});

it('a ratio takes the largest crop there is, about the middle of the one before', () => {
  expect(cropOfRatio(size, 0, whole, 1)).toMatchObject({ height: 1 });
  const right = cropOfRatio(size, 0, { x: 0.8, y: 0, width: 0.2, height: 1 }, 1);
  expect(shape(right)).toBeCloseTo(1, 5);
  expect(right.x + right.width).toBeCloseTo(1, 3);
});
