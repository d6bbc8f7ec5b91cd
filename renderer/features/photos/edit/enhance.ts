import { LUMA, toned } from '../../../../contract/photo-arithmetic.ts';
import { neutralRecipe, type PhotoRecipe } from '../../../../contract/photo-recipe.ts';

/** Automatic levels: the same picture always gets the same sliders. */

/** Shares of the pixels that may become black and white. */
const DARKEST = 0.005;
const BRIGHTEST = 0.995;
/** Where these tones and the middle one should come to be. */
const WANTED = { dark: 0.03, middle: 0.46, bright: 0.97 } as const;

/** How many pixels have each luma, 256 steps. RGBA; what can't be seen does not count. */
export function histogramOf(data: ArrayLike<number>): Uint32Array {
  const counts = new Uint32Array(256);
  for (let at = 0; at + 3 < data.length; at += 4) {
    if ((data[at + 3] ?? 0) < 128) continue;
    const [red, green, blue] = LUMA;
    const luma = red * (data[at] ?? 0) + green * (data[at + 1] ?? 0) + blue * (data[at + 2] ?? 0);
    const step = Math.min(255, Math.round(luma));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}

/** The tone, 0 to 1, that this share of the pixels is darker than. */
export function toneAt(counts: Uint32Array, share: number): number {
  const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
  let sum = 0;
  for (let step = 0; step < 256; step += 1) {
    sum += counts[step] ?? 0;
    if (sum > 0 && sum >= wanted) return step / 255;
  }
  return 1;
}

export type Enhancement = Pick<PhotoRecipe, 'whites' | 'blacks' | 'brightness' | 'saturation'>;

/**
 * Levels that make the darkest tones dark and the brightest bright, and bring the middle half of the way to where it
 * is wanted: a dusk stays one. Found by trying all steps of 5.
 */
export function enhanced(counts: Uint32Array): Enhancement {
  const [dark, middle, bright] = [DARKEST, 0.5, BRIGHTEST].map((share) => toneAt(counts, share));
  if (dark === undefined || middle === undefined || bright === undefined || bright - dark < 0.02) {
    return { whites: 0, blacks: 0, brightness: 0, saturation: 0 };
  }
  const goal = (middle + WANTED.middle) / 2;
  let best = { whites: 0, blacks: 0, brightness: 0, off: Infinity };
  for (let whites = 0; whites <= 100; whites += 5)
    for (let blacks = -100; blacks <= 0; blacks += 5)
      for (let brightness = -40; brightness <= 40; brightness += 5) {
        const recipe = { ...neutralRecipe, whites, blacks, brightness };
        const off =
          Math.abs(toned(dark, recipe) - Math.min(dark, WANTED.dark)) +
          Math.abs(toned(bright, recipe) - Math.max(bright, WANTED.bright)) +
          Math.abs(toned(middle, recipe) - goal) +
          // Of two that do as well, the one that does less.
          (whites - blacks + Math.abs(brightness)) / 20_000;
        if (off < best.off) best = { whites, blacks, brightness, off };
      }
  const { whites, blacks, brightness } = best;
  return { whites, blacks, brightness, saturation: 8 };
}
