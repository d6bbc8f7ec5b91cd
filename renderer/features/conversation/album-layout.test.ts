import { describe, expect, it } from 'vitest';
import {
  albumBlocks,
  albumRows,
  albumTiles,
  albumWidth,
  highestRow,
  shapeOf,
  type Sized,
} from './album-layout.ts';

const landscape: Sized = { width: 6000, height: 4000 };
const portrait: Sized = { width: 4000, height: 6000 };
const square: Sized = { width: 500, height: 500 };
const unknown: Sized = { width: null, height: null };
const panorama: Sized = { width: 20_000, height: 1000 };
const times = (count: number, photo: Sized) => Array.from({ length: count }, () => photo);

describe('the rows of an album', () => {
  it.each([
    ['none', [], []],
    ['one', [landscape], [1]],
    ['two of one shape side by side', [landscape, landscape], [2]],
    ['two portraits', [portrait, portrait], [2]],
    ['three, the first one large', times(3, landscape), [1, 2]],
    ['four', times(4, landscape), [2, 2]],
    ['six squares', times(6, square), [3, 3]],
    ['ten of a camera', times(10, landscape), [2, 2, 2, 2, 2]],
    ['ten portraits', times(10, portrait), [5, 5]],
    ['a panorama takes most of its row', [square, square, panorama, square, square], [2, 3]],
    ['sizes nobody told', times(4, unknown), [2, 2]],
  ] as const)('%s', (_name, photos, counts) => {
    expect(albumRows(photos).map(({ count }) => count)).toEqual(counts);
  });

  it('hold every photo once, in order, in the shape it has', () => {
    const shapes = [landscape, portrait, square, panorama, unknown];
    for (let count = 1; count <= 100; count += 1) {
      const photos = Array.from({ length: count }, (_, at) => shapes[(at * 7) % 5] ?? square);
      const rows = albumRows(photos);
      expect(rows.flatMap(({ from, count: n }) => Array.from({ length: n }, (_, at) => from + at))).toEqual(
        photos.map((_, at) => at),
      );
      expect(rows.flatMap((row) => row.shapes)).toEqual(photos.map(shapeOf));
      for (const row of rows) {
        const height = albumWidth / row.ratio;
        const widths = row.shapes.reduce((sum, shape) => sum + shape * height, 0);
        expect(widths + 4 * (row.count - 1)).toBeCloseTo(albumWidth, 5);
      }
    }
  });

  it('are neither slits nor towers where there are several', () => {
    const mixed = Array.from({ length: 10 }, (_, at) => (at % 3 === 0 ? portrait : landscape));
    for (const { ratio } of albumRows(mixed)) {
      expect(albumWidth / ratio).toBeGreaterThan(90);
      expect(albumWidth / ratio).toBeLessThan(highestRow);
    }
  });

  it('take nonsense for what it is', () => {
    for (const [width, height] of [
      [0, 0],
      [-5, 10],
      [1, 1e9],
      [1e9, 1],
      [Number.NaN, 5],
    ] as const) {
      const [row] = albumRows([{ width, height }]);
      expect(row?.ratio).toBeGreaterThan(0.3);
      expect(row?.ratio).toBeLessThan(4);
    }
  });
});

it('tiles fill their rows', () => {
  const photos = Array.from({ length: 23 }, (_, at) => ({ at, ...(at % 4 === 0 ? portrait : landscape) }));
  const tiles = albumTiles(
    photos,
    (photo) => photo,
    ({ at }) => at,
  );
  expect(tiles.map(({ photo }) => photo.at)).toEqual(photos.map(({ at }) => at));
  for (let at = 0; at < tiles.length; at += (tiles[at]?.gaps ?? 0) + 1) {
    const row = tiles.slice(at, at + (tiles[at]?.gaps ?? 0) + 1);
    expect(row.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  }
});

describe('blocks', () => {
  const places = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

  it('are the same whatever part of the album has been read', () => {
    const whole = albumBlocks(places(0, 100), (n) => n);
    expect(whole.map((block) => block.length)).toEqual(Array.from({ length: 10 }, () => 10));
    const part = albumBlocks(places(47, 100), (n) => n);
    expect(part.slice(1)).toEqual(whole.slice(5));
    expect(part[0]).toEqual([47, 48, 49]);
  });

  it('stay small where every place is the same', () => {
    const blocks = albumBlocks(times(35, square), () => 0);
    expect(blocks.map((block) => block.length)).toEqual([10, 10, 10, 5]);
  });

  it('leave no photo alone at the end', () => {
    const lengths = (count: number) => albumBlocks(places(0, count), (n) => n).map(({ length }) => length);
    expect(lengths(1)).toEqual([1]);
    expect(lengths(11)).toEqual([11]);
    expect(lengths(22)).toEqual([10, 12]);
    expect(lengths(23)).toEqual([10, 10, 3]);
  });
});
