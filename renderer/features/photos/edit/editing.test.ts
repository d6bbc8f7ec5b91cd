import { describe, expect, it } from 'vitest';
import { isCovered } from '../../../../contract/photo-geometry.ts';
import { neutralRecipe } from '../../../../contract/photo-recipe.ts';
import { useEditing } from './editing.ts';

const size = { width: 6000, height: 4000 };
const editing = () => useEditing(size, null);

describe('steps', () => {
  it('a slider is one step however often it moved, and none where it came back', () => {
    const one = editing();
    for (const brightness of [5, 10, 20]) one.change({ brightness });
    one.settle();
    expect(one.canUndo.value).toBe(true);
    one.change({ brightness: 60 });
    one.change({ brightness: 20 });
    one.settle();
    one.undo();
    expect(one.recipe.value).toEqual(neutralRecipe);
    expect(one.canUndo.value).toBe(false);
  });

  it('are undone and done again in order; a new one ends what could be done again', () => {
    const one = editing();
    one.apply({ brightness: 10 });
    one.apply({ contrast: 20 });
    one.undo();
    expect(one.recipe.value).toMatchObject({ brightness: 10, contrast: 0 });
    one.redo();
    expect(one.recipe.value).toMatchObject({ brightness: 10, contrast: 20 });
    one.undo();
    one.apply({ warmth: 5 });
    expect(one.canRedo.value).toBe(false);
    one.redo();
    expect(one.recipe.value).toMatchObject({ contrast: 0, warmth: 5 });
  });

  it('what was held at Undo is undone first', () => {
    const one = editing();
    one.apply({ brightness: 10 });
    one.change({ brightness: 30 });
    one.undo();
    expect(one.recipe.value.brightness).toBe(10);
    one.redo();
    expect(one.recipe.value.brightness).toBe(30);
  });

  it('Reset is a step, too', () => {
    const one = useEditing(size, { ...neutralRecipe, saturation: 40 });
    one.reset();
    expect(one.recipe.value).toEqual(neutralRecipe);
    one.undo();
    expect(one.recipe.value.saturation).toBe(40);
  });
});

describe('shape', () => {
  it('four quarter turns, and two flips, are nothing', () => {
    const one = useEditing(size, {
      ...neutralRecipe,
      crop: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 },
      ratio: '4:5',
    });
    const before = one.recipe.value;
    one.turn();
    expect(one.turned.value).toEqual({ width: 4000, height: 6000 });
    expect(one.recipe.value.ratio).toBe('5:4');
    for (let n = 0; n < 3; n += 1) one.turn();
    expect(one.recipe.value.turns).toBe(0);
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(one.recipe.value.crop[side]).toBeCloseTo(before.crop[side], 9);
    for (const way of ['across', 'down'] as const) {
      const start = one.recipe.value;
      one.flip(way);
      expect(one.recipe.value.mirrored).toBe(!start.mirrored);
      one.flip(way);
      expect(one.recipe.value).toMatchObject({ mirrored: start.mirrored, turns: start.turns });
    }
  });

  it('straightening a whole picture takes the largest crop, and back to 0 it is whole', () => {
    const one = editing();
    one.straighten(10);
    const { crop } = one.recipe.value;
    expect(crop.width).toBeLessThan(1);
    expect(isCovered(size, 10, crop)).toBe(true);
    one.straighten(0);
    expect(one.recipe.value.crop.width).toBeCloseTo(1, 6);
  });

  it('holds to a ratio, and lets go of it with the crop as it is', () => {
    const one = editing();
    one.holdTo('1:1');
    const { crop } = one.recipe.value;
    expect((crop.width * size.width) / (crop.height * size.height)).toBeCloseTo(1, 6);
    one.holdTo('free');
    expect(one.recipe.value).toMatchObject({ ratio: 'free', crop });
  });
});
