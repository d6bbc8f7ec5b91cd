import { wholeArea, type CropArea, type PhotoRecipe } from './photo-recipe.ts';

/** Where the pixels of an edited photo come from: pure arithmetic, for the preview and the full picture alike. */

/** px */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Maps (x, y, 1) to (a·x + b·y + c, d·x + e·y + f). */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** px after the quarter turns. */
export const turnedSize = ({ width, height }: PictureSize, turns: number): PictureSize =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width };

/** px of the result of an upright picture. */
export function editedSize(size: PictureSize, recipe: PhotoRecipe): PictureSize {
  const turned = turnedSize(size, recipe.turns);
  return {
    width: Math.max(1, Math.round(turned.width * recipe.crop.width)),
    height: Math.max(1, Math.round(turned.height * recipe.crop.height)),
  };
}

/**
 * From a place in the crop (shares, 0 to 1) to a place in the turned picture (shares). `size` is the turned
 * picture's; straightening turns about its middle.
 */
export function straighten(size: PictureSize, angle: number, crop: CropArea): Affine {
  const [cos, sin] = [Math.cos(radians(angle)), Math.sin(radians(angle))];
  const { width: w, height: h } = size;
  // px from the middle, turned back by the angle, as shares again.
  const along = (x: number, y: number) =>
    [cos * x + (sin * y * h) / w, (-sin * x * w) / h + cos * y] as const;
  const [cx, cy] = along(crop.x - 0.5, crop.y - 0.5);
  const [ax, ay] = along(crop.width, 0);
  const [bx, by] = along(0, crop.height);
  return [ax, bx, cx + 0.5, ay, by, cy + 0.5];
}

/** From a place in the turned picture to one in the upright picture it was made of (shares). */
export function unturn(recipe: Pick<PhotoRecipe, 'mirrored' | 'turns'>): Affine {
  const back: readonly Affine[] = [
    [1, 0, 0, 0, 1, 0],
    [0, 1, 0, -1, 0, 1],
    [-1, 0, 1, 0, -1, 1],
    [0, -1, 1, 1, 0, 0],
  ];
  const [a, b, c, d, e, f] = back[recipe.turns] ?? [1, 0, 0, 0, 1, 0];
  return recipe.mirrored ? [-a, -b, 1 - c, d, e, f] : [a, b, c, d, e, f];
}

/** First `inner`, then `outer`. */
export function chained(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}

/** From a place in the result to one in the upright picture (shares). */
export const sourceOf = (size: PictureSize, recipe: PhotoRecipe): Affine =>
  chained(unturn(recipe), straighten(turnedSize(size, recipe.turns), recipe.angle, recipe.crop));

export const mapped = ([a, b, c, d, e, f]: Affine, x: number, y: number): readonly [number, number] => [
  a * x + b * y + c,
  d * x + e * y + f,
];

/** Rounding must not make a crop that touches the border lie outside. */
const SLACK = 1e-9;

/** Whether all of a crop has picture under it. */
export function isCovered(size: PictureSize, angle: number, crop: CropArea): boolean {
  const inside = (value: number) => value >= -SLACK && value <= 1 + SLACK;
  const box = [crop.x, crop.y, crop.x + crop.width, crop.y + crop.height].every(inside);
  const map = straighten(size, angle, crop);
  return box && [0, 1].every((x) => [0, 1].every((y) => mapped(map, x, y).every(inside)));
}

/** The largest crop of this ratio (width ÷ height, px) about the middle that has picture under all of it. */
export function largestCrop(size: PictureSize, angle: number, ratio: number): CropArea {
  const { width: w, height: h } = size;
  const [cos, sin] = [Math.cos(radians(Math.abs(angle))), Math.sin(radians(Math.abs(angle)))];
  // A box of height 1 and width `ratio`, turned, takes up this much; and it stays within the straight picture too.
  const height = Math.min(w / (ratio * cos + sin), h / (ratio * sin + cos), w / ratio, h);
  const [width, share] = [Math.min(1, (height * ratio) / w), Math.min(1, height / h)];
  return { x: (1 - width) / 2, y: (1 - share) / 2, width, height: share };
}

/** `crop` made smaller about its own middle until all of it has picture under it. */
export function shrunkToFit(size: PictureSize, angle: number, crop: CropArea): CropArea {
  if (isCovered(size, angle, crop)) return crop;
  const scaled = (by: number): CropArea => ({
    x: crop.x + (crop.width * (1 - by)) / 2,
    y: crop.y + (crop.height * (1 - by)) / 2,
    width: crop.width * by,
    height: crop.height * by,
  });
  let [low, high] = [0, 1];
  for (let step = 0; step < 24; step += 1) {
    const middle = (low + high) / 2;
    if (isCovered(size, angle, scaled(middle))) low = middle;
    else high = middle;
  }
  const found = scaled(low);
  // Its middle may be outside of a picture that was turned far: then it starts anew.
  return low > 0.01
    ? found
    : largestCrop(size, angle, (crop.width * size.width) / (crop.height * size.height));
}

/** Where a crop lies after a quarter turn clockwise. */
export const turnedCrop = ({ x, y, width, height }: CropArea): CropArea => ({
  x: 1 - y - height,
  y: x,
  width: height,
  height: width,
});

export const mirroredCrop = (crop: CropArea): CropArea => ({ ...crop, x: 1 - crop.x - crop.width });

/** A recipe made elsewhere may ask for parts that are not there: the nearest one that can be drawn. */
export function sound(size: PictureSize, recipe: PhotoRecipe): PhotoRecipe {
  const turned = turnedSize(size, recipe.turns);
  const inBox = (at: number, length: number) => Math.min(at, 1 - length);
  const { x, y, width, height } = recipe.crop;
  const crop = { x: inBox(x, width), y: inBox(y, height), width, height };
  const fitting = shrunkToFit(turned, recipe.angle, crop);
  return fitting.width > 0 && fitting.height > 0
    ? { ...recipe, crop: fitting }
    : { ...recipe, crop: wholeArea };
}
