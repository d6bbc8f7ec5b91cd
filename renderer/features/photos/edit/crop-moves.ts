import { isCovered, largestCrop, type PictureSize } from '../../../../contract/photo-geometry.ts';
import type { CropArea, Ratio } from '../../../../contract/photo-recipe.ts';

/** Changing a crop by pointer and keyboard. `size` is the turned picture's, px; distances are shares of it. */

/** Which sides a handle moves: -1 left or top, 1 right or bottom, 0 neither. */
export interface Handle {
  readonly x: -1 | 0 | 1;
  readonly y: -1 | 0 | 1;
}

export const handles: readonly Handle[] = [
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
];

/** The smallest crop, as a share of either side. */
const SMALLEST = 0.03;

/** Width ÷ height in px; null where any will do. */
export function ratioOf(ratio: Ratio, size: PictureSize): number | null {
  if (ratio === 'free') return null;
  if (ratio === 'original') return size.width / size.height;
  const [width, height] = ratio.split(':').map(Number);
  return (width ?? 1) / (height ?? 1);
}

/** The ratio that stands after a quarter turn. */
export function turnedRatio(ratio: Ratio): Ratio {
  const turns: Partial<Record<Ratio, Ratio>> = {
    '4:5': '5:4',
    '5:4': '4:5',
    '3:4': '4:3',
    '4:3': '3:4',
    '2:3': '3:2',
    '3:2': '2:3',
    '9:16': '16:9',
    '16:9': '9:16',
  };
  return turns[ratio] ?? ratio;
}

const mixed = (from: CropArea, to: CropArea, share: number): CropArea => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
  width: from.width + (to.width - from.width) * share,
  height: from.height + (to.height - from.height) * share,
});

/** As far from `from` to `to` as there is picture under it: what is covered is convex, so the way is cut once. */
function asFarAsCovered(size: PictureSize, angle: number, from: CropArea, to: CropArea): CropArea {
  if (isCovered(size, angle, to)) return to;
  let [low, high] = [0, 1];
  for (let step = 0; step < 20; step += 1) {
    const middle = (low + high) / 2;
    if (isCovered(size, angle, mixed(from, to, middle))) low = middle;
    else high = middle;
  }
  return mixed(from, to, low);
}

/** Moved by so much; along a border it slides. */
export function movedCrop(
  size: PictureSize,
  angle: number,
  crop: CropArea,
  dx: number,
  dy: number,
): CropArea {
  const across = asFarAsCovered(size, angle, crop, { ...crop, x: crop.x + dx });
  return asFarAsCovered(size, angle, across, { ...across, y: across.y + dy });
}

/** A handle moved by so much; the side across from it stays where it is. */
export function resizedCrop(
  size: PictureSize,
  angle: number,
  crop: CropArea,
  handle: Handle,
  by: { dx: number; dy: number },
  ratio: number | null,
): CropArea {
  let width = Math.max(SMALLEST, crop.width + handle.x * by.dx);
  let height = Math.max(SMALLEST, crop.height + handle.y * by.dy);
  if (ratio !== null) {
    // In shares: the same ratio is another number where the picture is no square.
    const share = (ratio * size.height) / size.width;
    if (handle.x === 0) width = height * share;
    else if (handle.y === 0) height = width / share;
    else if (Math.abs(by.dx) * size.width >= Math.abs(by.dy) * size.height) height = width / share;
    else width = height * share;
  }
  const anchored = (at: number, length: number, next: number, side: number) =>
    side < 0 ? at + length - next : side > 0 ? at : at + (length - next) / 2;
  const to = {
    x: anchored(crop.x, crop.width, width, handle.x),
    y: anchored(crop.y, crop.height, height, handle.y),
    width,
    height,
  };
  return asFarAsCovered(size, angle, crop, to);
}

/** The largest crop of a ratio that has the middle of `crop`, as far as that goes. */
export function cropOfRatio(size: PictureSize, angle: number, crop: CropArea, ratio: number): CropArea {
  const largest = largestCrop(size, angle, ratio);
  const to = {
    ...largest,
    x: crop.x + (crop.width - largest.width) / 2,
    y: crop.y + (crop.height - largest.height) / 2,
  };
  return asFarAsCovered(size, angle, largest, to);
}
