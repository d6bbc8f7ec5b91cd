import * as v from 'valibot';

/** DIPs. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Without x and y the system chooses the place. */
  readonly bounds: Bounds | { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

export const smallest = { width: 640, height: 480 } as const;
const usual = { width: 1280, height: 800 } as const;

const length = v.pipe(v.number(), v.integer(), v.minValue(-100_000), v.maxValue(100_000));
const stored = v.object({
  bounds: v.object({ x: length, y: length, width: length, height: length }),
  maximized: v.boolean(),
});

/**
 * Where the window was, as far as that still makes sense: a screen may have been taken away since, and the file
 * may hold anything.
 * @param workAreas of the screens that are there now, the primary one first
 */
export function restoredState(value: unknown, workAreas: readonly Bounds[]): WindowState {
  const parsed = v.safeParse(stored, value);
  const [primary] = workAreas;
  if (!parsed.success) return { bounds: fitted(usual, primary), maximized: false };
  const { bounds, maximized } = parsed.output;
  const area = workAreas.find((each) => canBeGrabbed(bounds, each));
  if (area === undefined) return { bounds: fitted(bounds, primary), maximized };
  return { bounds: { x: bounds.x, y: bounds.y, ...fitted(bounds, area) }, maximized };
}

function fitted(size: { width: number; height: number }, area: Bounds | undefined) {
  const within = (value: number, least: number, most: number | undefined) =>
    Math.max(least, Math.min(value, most ?? value));
  return {
    width: within(size.width, smallest.width, area?.width),
    height: within(size.height, smallest.height, area?.height),
  };
}

/** Enough of the title bar lies on the screen to take hold of it. */
function canBeGrabbed(window: Bounds, area: Bounds): boolean {
  const across = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  return across >= 100 && window.y >= area.y - 10 && window.y <= area.y + area.height - 40;
}
