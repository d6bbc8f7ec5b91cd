import { describe, expect, test } from 'vitest';
import { colourNumbers, toned } from './photo-arithmetic.ts';
import {
  editedSize,
  isCovered,
  largestCrop,
  mapped,
  shrunkToFit,
  sound,
  sourceOf,
  turnedSize,
} from './photo-geometry.ts';
import { blurred, changeInStrips, lumaOf, type Pixels } from './photo-pixels.ts';
import { adjustments, isNeutral, neutralRecipe, wholeArea, type PhotoRecipe } from './photo-recipe.ts';

const size = { width: 600, height: 400 };
const recipe = (change: Partial<PhotoRecipe>): PhotoRecipe => ({ ...neutralRecipe, ...change });
const corner = (change: Partial<PhotoRecipe>) =>
  mapped(sourceOf(size, recipe(change)), 0, 0).map((value) => Math.round(value * 1000) / 1000 + 0);

describe('geometry', () => {
  test('the top left corner of the result comes from where a turn put it', () => {
    expect(corner({})).toEqual([0, 0]);
    expect(corner({ turns: 1 })).toEqual([0, 1]);
    expect(corner({ turns: 2 })).toEqual([1, 1]);
    expect(corner({ turns: 3 })).toEqual([1, 0]);
    expect(corner({ mirrored: true })).toEqual([1, 0]);
    expect(corner({ mirrored: true, turns: 1 })).toEqual([1, 1]);
    expect(corner({ crop: { x: 0.25, y: 0.5, width: 0.5, height: 0.5 } })).toEqual([0.25, 0.5]);
    expect(editedSize(size, recipe({ turns: 1, crop: { x: 0, y: 0, width: 0.5, height: 1 } }))).toEqual({
      width: 200,
      height: 600,
    });
  });

  test('straightening turns about the middle, clockwise', () => {
    const map = sourceOf(size, recipe({ angle: 90 - 45 }));
    expect(mapped(map, 0.5, 0.5).map((v) => Math.round(v * 1e6) / 1e6)).toEqual([0.5, 0.5]);
    // Right of the middle in the result was above right of it: it has come down.
    const [x, y] = mapped(map, 0.75, 0.5);
    expect(x).toBeGreaterThan(0.5);
    expect(y).toBeLessThan(0.5);
  });

  test.each([-45, -10, 0, 3.5, 20, 45])('the largest crop at %f° is covered, and no larger one', (angle) => {
    for (const ratio of [1, 1.5, 0.8, 16 / 9]) {
      const crop = largestCrop(size, angle, ratio);
      expect(isCovered(size, angle, crop)).toBe(true);
      expect((crop.width * size.width) / (crop.height * size.height)).toBeCloseTo(ratio, 6);
      const [width, height] = [crop.width * 1.01, crop.height * 1.01];
      const larger = { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
      expect(isCovered(size, angle, larger)).toBe(false);
    }
  });

  test('a crop that has no picture under it is made to fit, whatever it asks for', () => {
    const far = { x: 0, y: 0, width: 0.01, height: 0.01 };
    for (const crop of [wholeArea, far, { x: 0.5, y: 0.5, width: 0.9, height: 0.9 }]) {
      expect(isCovered(size, 30, shrunkToFit(size, 30, crop))).toBe(true);
      const mended = sound(size, recipe({ turns: 1, angle: -20, crop }));
      expect(isCovered(turnedSize(size, 1), -20, mended.crop)).toBe(true);
    }
  });
});

describe('colours', () => {
  test('a neutral recipe changes nothing', () => {
    expect(isNeutral(neutralRecipe)).toBe(true);
    expect(adjustments.some((name) => isNeutral(recipe({ [name]: 1 })))).toBe(false);
    const data = Uint8Array.from({ length: 300 }, (_, i) => (i * 37) % 256);
    const pixels: Pixels = { data: data.slice(), width: 10, height: 10, channels: 3 };
    changeInStrips(pixels, colourNumbers(neutralRecipe), 1);
    expect(pixels.data).toEqual(data);
  });

  test('tones never turn round, whatever the sliders say', () => {
    const ends = [-100, 0, 100];
    for (const brightness of ends)
      for (const contrast of ends)
        for (const [shadows, highlights] of ends.flatMap((a) => ends.map((b) => [a, b] as const)))
          for (const [whites, blacks] of ends.flatMap((a) => ends.map((b) => [a, b] as const))) {
            const all = recipe({ brightness, contrast, shadows, highlights, whites, blacks });
            let before = -1;
            for (let step = 0; step <= 32; step += 1) {
              const tone = toned(step / 32, all);
              expect(tone).toBeGreaterThanOrEqual(before - 1e-9);
              expect(tone >= 0 && tone <= 1).toBe(true);
              before = tone;
            }
          }
  });

  test('each slider does what it is called', () => {
    const at = (value: number, change: Partial<PhotoRecipe>) => toned(value, recipe(change));
    expect(at(0.5, { brightness: 50 })).toBeGreaterThan(0.55);
    expect(at(0.25, { contrast: 50 })).toBeLessThan(0.22);
    expect(at(0.75, { contrast: -50 })).toBeLessThan(0.72);
    expect(at(0.2, { shadows: 50 })).toBeGreaterThan(0.25);
    expect(at(0.8, { highlights: -50 })).toBeLessThan(0.75);
    expect(at(0.9, { whites: 50 })).toBe(1);
    expect(at(0.1, { blacks: -50 })).toBe(0);
    const grey = { data: Uint8Array.of(200, 120, 40), width: 1, height: 1, channels: 3 } as const;
    changeInStrips(grey, colourNumbers(recipe({ saturation: -100 })), 1);
    expect(new Set(grey.data).size).toBe(1);
    const warm = { data: Uint8Array.of(128, 128, 128), width: 1, height: 1, channels: 3 } as const;
    changeInStrips(warm, colourNumbers(recipe({ warmth: 60 })), 1);
    expect(warm.data[0]).toBeGreaterThan(warm.data[2] ?? 255);
  });

  test('strips sharpen as the whole picture would, in 8 and 16 bits', () => {
    const [width, height] = [7, 700];
    for (const deep of [false, true]) {
      const data = new (deep ? Uint16Array : Uint8Array)(width * height * 3);
      for (let i = 0; i < data.length; i += 1) data[i] = ((i * 7919) % 251) * (deep ? 257 : 1);
      const numbers = colourNumbers(recipe({ sharpness: 80 }), deep ? 65_536 : 256);
      const pixels: Pixels = { data, width, height, channels: 3 };
      const luma = lumaOf(pixels);
      const blur = blurred(luma, width, height, 2);
      const full = deep ? 65_535 : 255;
      // A pixel beside the border of two strips, by the formula itself.
      const at = (256 * width + 3) * 3;
      const detail = numbers.sharpening * ((luma[at / 3] ?? 0) - (blur[at / 3] ?? 0));
      const wanted = Math.min(full, Math.max(0, Math.round((data[at] ?? 0) + detail)));
      changeInStrips(pixels, numbers, 2);
      expect(Math.abs((data[at] ?? 0) - wanted)).toBeLessThanOrEqual(full / 255);
    }
  });
});
