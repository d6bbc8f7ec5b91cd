import { computed, ref, shallowRef, type Ref } from 'vue';
import {
  largestCrop,
  mirroredCrop,
  shrunkToFit,
  turnedCrop,
  turnedSize,
  type PictureSize,
} from '../../../../contract/photo-geometry.ts';
import {
  neutralRecipe,
  type CropArea,
  type PhotoRecipe,
  type Ratio,
} from '../../../../contract/photo-recipe.ts';
import { cropOfRatio, ratioOf, turnedRatio } from './crop-moves.ts';

/** One recipe being made, with what it was before each step. `size`: px of the upright picture. */
export function useEditing(size: PictureSize, begin: PhotoRecipe | null) {
  const recipe = shallowRef<PhotoRecipe>(begin ?? neutralRecipe);
  const past = ref<PhotoRecipe[]>([]);
  const future = ref<PhotoRecipe[]>([]);
  /** What it was when the step under way began. */
  let settled = recipe.value;

  const turned = computed(() => turnedSize(size, recipe.value.turns));

  /** While a slider or a handle is held: shown, and no step of its own. */
  function change(part: Partial<PhotoRecipe>) {
    recipe.value = { ...recipe.value, ...part };
  }

  /** Ends a step. One that changed nothing is none. */
  function settle() {
    if (JSON.stringify(settled) === JSON.stringify(recipe.value)) return;
    past.value.push(settled);
    future.value = [];
    settled = recipe.value;
  }

  function apply(part: Partial<PhotoRecipe>) {
    settle();
    change(part);
    settle();
  }

  function step(from: Ref<PhotoRecipe[]>, to: Ref<PhotoRecipe[]>) {
    // May begin a new list of what can be done again.
    settle();
    const next = from.value.pop();
    if (!next) return;
    to.value.push(recipe.value);
    recipe.value = settled = next;
  }

  /** Clockwise. */
  function turn() {
    const { turns, crop, ratio } = recipe.value;
    const next = ([1, 2, 3, 0] as const)[turns];
    apply({ turns: next, crop: turnedCrop(crop), ratio: turnedRatio(ratio) });
  }

  function flip(way: 'across' | 'down') {
    const { mirrored, turns, angle, crop } = recipe.value;
    // The mirror comes before the turns: seen from behind them a quarter goes the other way.
    const back = ([0, 3, 2, 1] as const)[turns];
    const across = mirroredCrop(crop);
    const down = { ...crop, y: 1 - crop.y - crop.height };
    apply({
      mirrored: !mirrored,
      turns: way === 'across' ? back : ([2, 3, 0, 1] as const)[back],
      angle: -angle + 0,
      crop: way === 'across' ? across : down,
    });
  }

  /** A crop that was as large as could be stays that; any other shrinks where it must. */
  function straighten(angle: number) {
    const { crop, angle: before } = recipe.value;
    const ratio = (crop.width * turned.value.width) / (crop.height * turned.value.height);
    const largest = largestCrop(turned.value, before, ratio);
    const whole = Math.abs(largest.width - crop.width) < 1e-6 && Math.abs(largest.x - crop.x) < 1e-6;
    const next = whole ? largestCrop(turned.value, angle, ratio) : shrunkToFit(turned.value, angle, crop);
    change({ angle, crop: next });
  }

  function holdTo(ratio: Ratio) {
    const wanted = ratioOf(ratio, turned.value);
    const { crop, angle } = recipe.value;
    apply({ ratio, crop: wanted === null ? crop : cropOfRatio(turned.value, angle, crop, wanted) });
  }

  return {
    recipe,
    turned,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    change,
    settle,
    apply,
    undo: () => step(past, future),
    redo: () => step(future, past),
    reset: () => apply(neutralRecipe),
    turn,
    flip,
    straighten,
    holdTo,
    setCrop: (crop: CropArea) => change({ crop }),
  };
}

export type Editing = ReturnType<typeof useEditing>;
