import * as v from 'valibot';

/**
 * How a photo is to be changed before it is sent: plain numbers beside the untouched file. What they do to pixels is
 * in photo-arithmetic.ts and photo-geometry.ts, for the preview and the full picture alike.
 *
 * Order: the upright picture is mirrored (left to right), turned by quarters (clockwise), straightened about its
 * middle, cropped; then its colours are changed.
 */

const between = (low: number, high: number) => v.pipe(v.number(), v.minValue(low), v.maxValue(high));
const amount = v.optional(between(-100, 100), 0);
const share = between(0, 1);

/** Degrees to either side. */
export const MAX_ANGLE = 45;

/** The shares a crop is held to; `free` is any, `original` the picture's own. */
export const ratios = [
  'free',
  'original',
  '1:1',
  '4:5',
  '5:4',
  '3:4',
  '4:3',
  '2:3',
  '3:2',
  '9:16',
  '16:9',
] as const;
export type Ratio = (typeof ratios)[number];

/** A part of the turned picture: left, top, width and height as shares of its width and height. */
const cropArea = v.object({
  x: share,
  y: share,
  width: between(0.001, 1),
  height: between(0.001, 1),
});
export type CropArea = v.InferOutput<typeof cropArea>;

export const wholeArea: CropArea = { x: 0, y: 0, width: 1, height: 1 };

export const photoRecipe = v.object({
  mirrored: v.optional(v.boolean(), false),
  /** Quarters, clockwise. */
  turns: v.optional(v.picklist([0, 1, 2, 3]), 0),
  /** Degrees, clockwise. */
  angle: v.optional(between(-MAX_ANGLE, MAX_ANGLE), 0),
  crop: v.optional(cropArea, wholeArea),
  ratio: v.optional(v.picklist(ratios), 'free'),
  brightness: amount,
  contrast: amount,
  highlights: amount,
  shadows: amount,
  whites: amount,
  blacks: amount,
  saturation: amount,
  warmth: amount,
  sharpness: v.optional(between(0, 100), 0),
});
export type PhotoRecipe = v.InferOutput<typeof photoRecipe>;

/** What a slider sets, in the order shown. All but sharpness go from -100 to 100. */
export const adjustments = [
  'brightness',
  'contrast',
  'highlights',
  'shadows',
  'whites',
  'blacks',
  'saturation',
  'warmth',
  'sharpness',
] as const;

/** Changes nothing. */
export const neutralRecipe: PhotoRecipe = v.parse(photoRecipe, {});

/** Whether it leaves every pixel where it is. */
export const keepsShape = ({ mirrored, turns, angle, crop }: PhotoRecipe): boolean =>
  !mirrored &&
  turns === 0 &&
  angle === 0 &&
  crop.x === 0 &&
  crop.y === 0 &&
  crop.width === 1 &&
  crop.height === 1;

/** Whether it leaves every colour as it is. */
export const keepsColours = (recipe: PhotoRecipe): boolean => adjustments.every((name) => recipe[name] === 0);

export const isNeutral = (recipe: PhotoRecipe): boolean => keepsShape(recipe) && keepsColours(recipe);

/** The same picture parts in the same place, in the colours they came with. */
export function withoutColours(recipe: PhotoRecipe): PhotoRecipe {
  const { mirrored, turns, angle, crop, ratio } = recipe;
  return { ...neutralRecipe, mirrored, turns, angle, crop, ratio };
}
