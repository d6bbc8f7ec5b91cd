import { computed, inject, provide, ref, shallowRef, type InjectionKey } from 'vue';
import {
  EDGE,
  eraseColour,
  eraseCorners,
  fullMask,
  masked,
  stroke,
  type Mask,
  type Pixels,
  type Point,
} from './cutout.ts';
import { withOutline } from './outline.ts';

export type Tool = 'erase' | 'restore' | 'pick';
/** Steps that can be undone; each is 256 kB. */
const MOST_STEPS = 40;

/** What is cut out of a picture, step by step, and how it looks. */
function useCutout() {
  const pixels = shallowRef<Pixels | null>(null);
  const mask = shallowRef<Mask>(fullMask());
  const steps = shallowRef<readonly Mask[]>([]);
  const tool = ref<Tool>('pick');
  /** px of the picture. */
  const brush = ref(28);
  const tolerance = ref(25);
  const everywhere = ref(false);
  /** px */
  const outline = ref(13);
  /** A stroke is being drawn: its border is drawn when it ends. */
  const drawing = ref(false);

  const result = computed<Pixels | null>(() => {
    if (pixels.value === null) return null;
    const cut = masked(pixels.value, mask.value);
    return drawing.value ? cut : withOutline(cut, EDGE, outline.value);
  });

  /** Shows the picture of this address. Rejects where it can't be read. */
  async function load(url: string) {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(EDGE, EDGE);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0, EDGE, EDGE);
    pixels.value = context?.getImageData(0, 0, EDGE, EDGE).data ?? null;
    mask.value = fullMask();
    steps.value = [];
  }
  function keep() {
    steps.value = [...steps.value.slice(1 - MOST_STEPS), mask.value];
  }
  const colour = () => ({ tolerance: tolerance.value, everywhere: everywhere.value });
  /** Uses the tool at a point, or from one to another. */
  function use(from: Point, to: Point) {
    if (pixels.value === null) return;
    if (tool.value === 'pick') mask.value = eraseColour(pixels.value, mask.value, to, colour());
    else mask.value = stroke(mask.value, from, to, brush.value / 2, tool.value === 'erase' ? 0 : 255);
  }
  function corners() {
    if (pixels.value === null) return;
    keep();
    mask.value = eraseCorners(pixels.value, mask.value, colour());
  }
  function undo() {
    const last = steps.value.at(-1);
    if (!last) return;
    mask.value = last;
    steps.value = steps.value.slice(0, -1);
  }
  function startOver() {
    keep();
    mask.value = fullMask();
  }
  return {
    pixels,
    steps,
    tool,
    brush,
    tolerance,
    everywhere,
    outline,
    drawing,
    result,
    load,
    keep,
    use,
    corners,
    undo,
    startOver,
  };
}

type Cutout = ReturnType<typeof useCutout>;
const key: InjectionKey<Cutout> = Symbol('cutout');

/** One for a dialog and all that is in it. */
export function provideCutout(): Cutout {
  const cutout = useCutout();
  provide(key, cutout);
  return cutout;
}

export function injectCutout(): Cutout {
  const cutout = inject(key);
  if (!cutout) throw new Error('There is nothing to cut out here');
  return cutout;
}
