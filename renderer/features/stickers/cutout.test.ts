import { describe, expect, it } from 'vitest';
import {
  EDGE,
  eraseColour,
  eraseCorners,
  fullMask,
  isVisible,
  masked,
  stroke,
  type Pixels,
} from './cutout.ts';
import { squaredDistances, withOutline } from './outline.ts';
import { nextInRows } from './walk-grid.ts';

/** A red disc on white, with a white hole in it. */
function disc(): Pixels {
  const out = new Uint8ClampedArray(EDGE * EDGE * 4).fill(255);
  for (let y = 0; y < EDGE; y += 1)
    for (let x = 0; x < EDGE; x += 1) {
      const away = Math.hypot(x - 256, y - 256);
      if (away < 150 && away > 40) out.set([220, 30, 30, 255], (y * EDGE + x) * 4);
    }
  return out;
}
const at = (mask: Uint8Array, x: number, y: number) => mask[y * EDGE + x];
const settings = { tolerance: 25, everywhere: false };

describe('a colour mask', () => {
  it('erases what is connected with the point, and no more', () => {
    const mask = eraseColour(disc(), fullMask(), { x: 2, y: 2 }, settings);
    expect([at(mask, 500, 500), at(mask, 256, 180), at(mask, 256, 256)]).toEqual([0, 255, 255]);
  });
  it('erases the colour everywhere where that is wanted', () => {
    const mask = eraseColour(disc(), fullMask(), { x: 2, y: 2 }, { ...settings, everywhere: true });
    expect([at(mask, 500, 500), at(mask, 256, 180), at(mask, 256, 256)]).toEqual([0, 255, 0]);
  });
  it('erases what the corners show, and nothing outside of the picture', () => {
    const mask = eraseCorners(disc(), fullMask(), settings);
    expect([at(mask, 0, 0), at(mask, 511, 511), at(mask, 150, 256)]).toEqual([0, 0, 255]);
    expect(eraseColour(disc(), fullMask(), { x: -50, y: 9000 }, settings)).toHaveLength(EDGE * EDGE);
  });
  it('brings nothing back', () => {
    const erased = stroke(fullMask(), { x: 256, y: 180 }, { x: 256, y: 180 }, 10, 0);
    expect(at(eraseColour(disc(), erased, { x: 2, y: 2 }, settings), 256, 180)).toBe(0);
  });
});

describe('a mask drawn by hand', () => {
  it('erases along a line as wide as the brush, and brings back', () => {
    const line = stroke(fullMask(), { x: 100, y: 100 }, { x: 300, y: 100 }, 8, 0);
    expect([at(line, 200, 100), at(line, 200, 106), at(line, 200, 120), at(line, 320, 100)]).toEqual([
      0, 0, 255, 255,
    ]);
    const back = stroke(line, { x: 200, y: 100 }, { x: 200, y: 100 }, 20, 255);
    expect([at(back, 200, 100), at(back, 120, 100)]).toEqual([255, 0]);
  });
  it('is cut off at the edges', () => {
    const corner = stroke(fullMask(), { x: -20, y: -20 }, { x: 5, y: 5 }, 10, 0);
    expect([at(corner, 0, 0), at(corner, 511, 0)]).toEqual([0, 255]);
  });
});

it('what is left decides whether there is a sticker', () => {
  expect(isVisible(masked(disc(), fullMask()))).toBe(true);
  expect(isVisible(masked(disc(), new Uint8Array(EDGE * EDGE)))).toBe(false);
});

describe('a border', () => {
  const edge = 32;
  const dot = () => {
    const rgba = new Uint8ClampedArray(edge * edge * 4);
    rgba.set([0, 0, 255, 255], (16 * edge + 16) * 4);
    return rgba;
  };
  it('knows how far each pixel is from what is drawn', () => {
    const distances = squaredDistances((i) => i === 16 * edge + 16, edge);
    expect([distances[16 * edge + 16], distances[16 * edge + 20], distances[19 * edge + 20]]).toEqual([
      0, 16, 25,
    ]);
  });
  it('is as wide as it should be all around, and leaves what is drawn', () => {
    const out = withOutline(dot(), edge, 5);
    const pixel = (x: number, y: number) => [...out.slice((y * edge + x) * 4, (y * edge + x) * 4 + 4)];
    expect(pixel(16, 16)).toEqual([0, 0, 255, 255]);
    expect([pixel(20, 16), pixel(16, 12), pixel(18, 19)]).toEqual(Array(3).fill([255, 255, 255, 255]));
    expect(pixel(23, 16)[3]).toBe(0);
  });
  it('of no width, or around nothing, is none', () => {
    expect(withOutline(dot(), edge, 0)).toEqual(dot());
    const nothing = new Uint8ClampedArray(edge * edge * 4);
    expect(withOutline(nothing, edge, 8).every((value) => value === 0)).toBe(true);
  });
});

it('arrow keys go through pictures in rows', () => {
  const places = [0, 1, 2, 3, 4].map((i) => ({ left: (i % 3) * 10, top: Math.floor(i / 3) * 10 }));
  const go = (from: number, key: string) => nextInRows(places, from, key);
  expect([go(0, 'ArrowRight'), go(4, 'ArrowRight'), go(0, 'ArrowLeft')]).toEqual([1, null, null]);
  expect([go(0, 'ArrowDown'), go(2, 'ArrowDown'), go(4, 'ArrowUp'), go(0, 'ArrowUp')]).toEqual([
    3,
    4,
    1,
    null,
  ]);
  expect([go(2, 'Home'), go(0, 'End'), go(0, 'a'), go(9, 'ArrowUp')]).toEqual([0, 4, null, null]);
});
