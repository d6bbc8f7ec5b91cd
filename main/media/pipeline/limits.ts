import { MediaError } from '../errors.ts';

/** What a photo may be. The limits are on what decoding would take, read from headers before any decoding. */

/** bytes of a file. */
export const MAX_FILE = 200 * 1024 * 1024;
/** px of one side. */
export const MAX_SIDE = 30_000;
/** px of one frame. */
export const MAX_PIXELS = 100_000_000;
export const MAX_FRAMES = 2_000;
/** px of all frames together. */
export const MAX_ANIMATION = 400_000_000;
/** px of all frames that are decoded or resized at once; longer animations are looked at by frames. */
export const MAX_DECODED_ANIMATION = 100_000_000;

/** Throws `image-too-large` with the figures for the words shown. */
export function checkSize(width: number, height: number, frames: number): void {
  const tooLarge = width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS;
  const tooLong = frames > MAX_FRAMES || width * height * frames > MAX_ANIMATION;
  if (tooLarge || tooLong) {
    throw new MediaError('image-too-large', {
      width,
      height,
      frames,
      maxPixels: MAX_PIXELS,
      maxSide: MAX_SIDE,
    });
  }
}
