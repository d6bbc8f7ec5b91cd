import type { PictureCrop } from '../../../contract/ids.ts';

/** A picture's size, px. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The middle of the picture, as large as it goes. */
export const wholeCrop: PictureCrop = { x: 0.5, y: 0.5, side: 1 };
/** The smallest part that can be chosen, as a share of the shorter side. */
export const smallestSide = 0.1;

const between = (low: number, value: number, high: number) => Math.min(high, Math.max(low, value));

/** The nearest crop that lies within the picture. */
export function within(crop: PictureCrop, { width, height }: Size): PictureCrop {
  const side = between(smallestSide, crop.side, 1);
  const half = (side * Math.min(width, height)) / 2;
  return {
    side,
    x: between(half / width, crop.x, 1 - half / width),
    y: between(half / height, crop.y, 1 - half / height),
  };
}

/** The crop after the picture was moved by so many px of a frame that is `frame` px wide and high. */
export function moved(
  crop: PictureCrop,
  size: Size,
  by: { x: number; y: number },
  frame: number,
): PictureCrop {
  const scale = (crop.side * Math.min(size.width, size.height)) / frame;
  return within(
    { ...crop, x: crop.x - (by.x * scale) / size.width, y: crop.y - (by.y * scale) / size.height },
    size,
  );
}

/** How the picture stands in the frame: its size and place in px. */
export function placed(crop: PictureCrop, size: Size, frame: number) {
  const scale = frame / (crop.side * Math.min(size.width, size.height));
  const [width, height] = [size.width * scale, size.height * scale];
  return { width, height, left: frame / 2 - crop.x * width, top: frame / 2 - crop.y * height };
}
