import type { PhotoRecipe } from './photo-recipe.ts';

/**
 * What a recipe does to colours, as plain numbers: three curves, a matrix, and how much detail is added. The page's
 * preview (WebGL or 2D) and the full picture use these same numbers; see docs/decisions/photo-arithmetic.md.
 *
 * For each pixel, all values from 0 to 1 in sRGB as it is stored:
 *   v = source + sharpening × (luma(source) − blurred luma(source))
 *   result = matrix · (curve_r(v.r), curve_g(v.g), curve_b(v.b))
 */
export interface ColourNumbers {
  /** Red, green and blue, one after the other, `steps` values each, 0 to 1. */
  readonly curves: Float32Array;
  readonly steps: number;
  /** Row by row. */
  readonly matrix: readonly number[];
  readonly sharpening: number;
}

/** Rec. 709. */
export const LUMA = [0.2126, 0.7152, 0.0722] as const;

/** Standard deviation of the blur that sharpening compares with, as a share of the upright picture's long edge. */
export const BLUR_SHARE = 0.0005;

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
/** At 100 the levels at either end move this far. */
const LEVEL_RANGE = 0.3;
/** Exponent, base 2, at 100. */
const BRIGHTNESS_RANGE = 0.9;
/** Steepness of the S at 100. */
const CONTRAST_RANGE = 7;
/** Share of the contrast that is gone at -100. */
const FLATNESS_RANGE = 0.6;
/** As steep as shadows and highlights may become without turning the curve back. */
const LIFT = 1.4;
const DIP = 0.9;
const WARMTH_RANGE = 0.2;
const SHARPNESS_RANGE = 1.5;

/** Whites and blacks: what becomes white and black; below zero the ends come nearer to grey. */
function levelled(value: number, whites: number, blacks: number): number {
  const [white, black] = [1 - whites * LEVEL_RANGE, -blacks * LEVEL_RANGE];
  const [from, to] = [Math.max(0, black), Math.min(1, white)];
  const [low, high] = [Math.max(0, -black), 2 - Math.max(1, white)];
  return low + clamp((value - from) / Math.max(0.05, to - from)) * Math.max(0.05, high - low);
}

/** A logistic curve through 0 and 1; below zero everything comes nearer to grey. */
function contrasted(value: number, contrast: number): number {
  if (contrast === 0) return value;
  if (contrast < 0) return 0.5 + (value - 0.5) * (1 + contrast * FLATNESS_RANGE);
  const k = contrast * CONTRAST_RANGE;
  const end = 1 / (1 + Math.exp(k / 2));
  return (1 / (1 + Math.exp(-k * (value - 0.5))) - end) / (1 - 2 * end);
}

/** One tone, 0 to 1, as a recipe changes it. Never falls where the tone rises. */
export function toned(value: number, recipe: PhotoRecipe): number {
  let tone = levelled(value, recipe.whites / 100, recipe.blacks / 100);
  if (recipe.brightness !== 0) tone **= 2 ** ((-recipe.brightness / 100) * BRIGHTNESS_RANGE);
  const [shadows, highlights] = [recipe.shadows / 100, recipe.highlights / 100];
  const dark = shadows * (shadows > 0 ? LIFT : DIP) * tone * (1 - tone) ** 3;
  const light = highlights * (highlights < 0 ? LIFT : DIP) * (1 - tone) * tone ** 3;
  return clamp(contrasted(clamp(tone + dark + light), recipe.contrast / 100));
}

/** Red, green and blue are multiplied by these; grey keeps its brightness. */
function gains(warmth: number): readonly [number, number, number] {
  const by = (warmth / 100) * WARMTH_RANGE;
  const raw = [1 + by, 1, 1 - by] as const;
  const luma = raw[0] * LUMA[0] + raw[1] * LUMA[1] + raw[2] * LUMA[2];
  return [raw[0] / luma, raw[1] / luma, raw[2] / luma];
}

function saturationMatrix(saturation: number): readonly number[] {
  const keep = 1 + saturation / 100;
  return [0, 1, 2].flatMap((row) =>
    LUMA.map((weight, column) => (row === column ? keep : 0) + (1 - keep) * weight),
  );
}

/** `steps`: as many as a channel has values; 256 for 8 bits, 65,536 for 16. */
export function colourNumbers(recipe: PhotoRecipe, steps = 256): ColourNumbers {
  const curves = new Float32Array(3 * steps);
  gains(recipe.warmth).forEach((gain, channel) => {
    for (let step = 0; step < steps; step += 1) {
      curves[channel * steps + step] = toned(clamp((step / (steps - 1)) * gain), recipe);
    }
  });
  return {
    curves,
    steps,
    matrix: saturationMatrix(recipe.saturation),
    sharpening: (recipe.sharpness / 100) * SHARPNESS_RANGE,
  };
}

/** Weights of a Gaussian from its middle outwards; twice their sum, less the first, is 1. `sigma` in px. */
export function blurWeights(sigma: number): readonly number[] {
  const reach = Math.max(1, Math.ceil(2.5 * sigma));
  const half = Array.from({ length: reach + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const sum = half.reduce((all, weight, i) => all + (i === 0 ? 1 : 2) * weight, 0);
  return half.map((weight) => weight / sum);
}
