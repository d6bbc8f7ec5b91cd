/** What the layout needs to know of a photo; px, null when nobody told. */
export interface Sized {
  readonly width: number | null;
  readonly height: number | null;
}

/** Photos that stand in one row, and the shape of the row: its width divided by its height. */
export interface AlbumRow {
  /** Index of the first photo in the list that was given, and how many follow it with it. */
  readonly from: number;
  readonly count: number;
  readonly ratio: number;
  /** Width divided by height of each: what it takes of the row. */
  readonly shapes: readonly number[];
}

/** px; the width that rows are planned for. They keep their shape at any other width. */
export const albumWidth = 480;
/** px between photos; as in the style. */
const gap = 4;
/** px; no row is higher, a narrow photo alone in it neither. */
export const highestRow = 420;
/** A panorama or a strip is cut beyond these: it would leave no room for the others, or for itself. */
const widestShape = 3;
const narrowestShape = 0.4;
const unknownShape = 4 / 3;
const mostInRow = 6;

/** How high rows are wanted, px: a few photos are shown large. */
const wantedHeight = (count: number): number => (count <= 2 ? 230 : count <= 4 ? 190 : 140);

export function shapeOf({ width, height }: Sized): number {
  if (!width || !height) return unknownShape;
  return Math.min(widestShape, Math.max(narrowestShape, width / height));
}

const heightOf = (shapes: readonly number[]): number =>
  (albumWidth - gap * (shapes.length - 1)) / shapes.reduce((sum, shape) => sum + shape, 0);

/**
 * Divides photos, in their order, into rows of full width that keep proportions: of all ways to do so the one whose
 * rows are nearest to the wanted height (as Knuth and Plass break paragraphs).
 */
export function albumRows(photos: readonly Sized[]): AlbumRow[] {
  const shapes = photos.map(shapeOf);
  const wanted = wantedHeight(shapes.length);
  /** Of the first n photos: the least cost, and where the last row begins. */
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= shapes.length; end += 1) {
    let least = { cost: Infinity, from: end - 1 };
    for (let from = Math.max(0, end - mostInRow); from < end; from += 1) {
      const before = best[from]?.cost ?? Infinity;
      const cost = before + Math.log(heightOf(shapes.slice(from, end)) / wanted) ** 2;
      if (cost < least.cost) least = { cost, from };
    }
    best.push(least);
  }
  const rows: AlbumRow[] = [];
  for (let end = shapes.length; end > 0; end = rows[0]?.from ?? 0) {
    const from = best[end]?.from ?? end - 1;
    const inRow = shapes.slice(from, end);
    rows.unshift({ from, count: end - from, ratio: albumWidth / heightOf(inRow), shapes: inRow });
  }
  return rows;
}

/** As many photos as are laid out together, and what is too little to be laid out alone. */
const blockSize = 10;
const leastBlock = 3;

/**
 * Divides an album into blocks that are laid out by themselves, by the places its sender gave: where only part of it
 * has been read, the rest changes nothing in the blocks that are there. Wrong places only make odd blocks.
 */
export function albumBlocks<T>(photos: readonly T[], placeOf: (photo: T) => number): T[][] {
  const blocks: T[][] = [];
  let number = -1;
  for (const photo of photos) {
    const of = Math.floor(placeOf(photo) / blockSize);
    const last = blocks.at(-1);
    if (last && of === number && last.length < blockSize) last.push(photo);
    else blocks.push([photo]);
    number = of;
  }
  const last = blocks.at(-1);
  if (blocks.length > 1 && last && last.length < leastBlock) {
    blocks.pop();
    blocks.at(-1)?.push(...last);
  }
  return blocks;
}

/** Where a photo stands: all of an album are in one list that wraps, so that none is made anew when rows change. */
export interface Tile<T> {
  readonly photo: T;
  /** Width divided by height. */
  readonly shape: number;
  /** Its part of what the gaps leave of the width; gaps in its row. */
  readonly share: number;
  readonly gaps: number;
}

/** Where each photo of an album stands, in order. */
export function albumTiles<T>(
  photos: readonly T[],
  sizeOf: (photo: T) => Sized,
  placeOf: (photo: T) => number,
): Tile<T>[] {
  return albumBlocks(photos, placeOf).flatMap((block) =>
    albumRows(block.map(sizeOf)).flatMap(({ from, count, shapes }) => {
      const sum = shapes.reduce((total, shape) => total + shape, 0);
      return block.slice(from, from + count).map((photo, at) => {
        const shape = shapes[at] ?? unknownShape;
        return { photo, shape, share: shape / sum, gaps: count - 1 };
      });
    }),
  );
}
