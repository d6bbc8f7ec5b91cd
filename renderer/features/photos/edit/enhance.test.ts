import { describe, expect, it } from 'vitest';
import { toned } from '../../../../contract/photo-arithmetic.ts';
import { neutralRecipe } from '../../../../contract/photo-recipe.ts';
import { enhanced, histogramOf, toneAt } from './enhance.ts';

/** Grey pixels with these values. */
const pixels = (...greys: number[]) => greys.flatMap((grey) => [grey, grey, grey, 255]);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('the histogram', () => {
  it('counts luma, and nothing that can not be seen', () => {
    const counts = histogramOf([...pixels(0, 0, 255), 9, 9, 9, 0]);
    expect([counts[0], counts[9], counts[255]]).toEqual([2, 0, 1]);
  });

  it('finds the tone that a share is darker than', () => {
    const counts = histogramOf(pixels(...range(0, 255)));
    expect(toneAt(counts, 0)).toBe(0);
    expect(toneAt(counts, 0.5)).toBeCloseTo(0.5, 1);
    expect(toneAt(counts, 1)).toBe(1);
    expect(toneAt(new Uint32Array(256), 0.5)).toBe(1);
  });
});

describe('Enhance', () => {
  it('stretches a flat picture, the same way each time', () => {
    const counts = histogramOf(pixels(...range(90, 160)));
    const found = enhanced(counts);
    expect(found.whites).toBeGreaterThan(0);
    expect(found.blacks).toBeLessThan(0);
    expect(enhanced(counts)).toEqual(found);
    const recipe = { ...neutralRecipe, ...found };
    const spread = toned(160 / 255, recipe) - toned(90 / 255, recipe);
    expect(spread).toBeGreaterThan((160 - 90) / 255);
  });

  it('leaves a picture of all tones nearly as it is', () => {
    const { whites, blacks, brightness } = enhanced(histogramOf(pixels(...range(0, 255))));
    expect(whites).toBeLessThanOrEqual(15);
    expect(blacks).toBeGreaterThanOrEqual(-15);
    expect(Math.abs(brightness)).toBeLessThanOrEqual(15);
  });

  it('makes a dusk brighter and leaves it a dusk', () => {
    const recipe = { ...neutralRecipe, ...enhanced(histogramOf(pixels(...range(0, 90)))) };
    const middle = toned(45 / 255, recipe);
    expect(middle).toBeGreaterThan(45 / 255);
    expect(middle).toBeLessThan(0.46);
  });

  it('does nothing to one tone alone, or to nothing at all', () => {
    const nothing = { whites: 0, blacks: 0, brightness: 0, saturation: 0 };
    expect(enhanced(histogramOf(pixels(128, 128)))).toEqual(nothing);
    expect(enhanced(histogramOf([]))).toEqual(nothing);
  });
});
