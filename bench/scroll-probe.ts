/** What `watchFrames` saw. */
export interface Frames {
  /** ms between one frame and the next, as the browser's own clock of frames has it. */
  readonly gaps: readonly number[];
  /** Frames in which what was in view moved other than as it was scrolled. */
  readonly jumps: readonly string[];
  /** The most elements of `item` in the page at once. */
  readonly most: number;
}

/**
 * Runs in the page while it is scrolled back: looks at each frame until `window.stopFrames()`. `o.scroller` and `o.item`
 * are selectors. Nothing from outside the function can be used in it.
 */
export function watchFrames(o: { scroller: string; item: string; most: number }): Promise<Frames> {
  const box = document.querySelector(o.scroller);
  if (!box) throw new Error(`no ${o.scroller}`);
  const gaps: number[] = [];
  const jumps: string[] = [];
  let items = 0;
  let last = 0;
  let seen: { element: Element; top: number } | null = null;
  const middle = box.getBoundingClientRect().top + box.clientHeight / 2;
  let stopped = false;
  window.stopFrames = () => (stopped = true);
  return new Promise((resolve) => {
    function look(now: number) {
      if (last > 0) gaps.push(now - last);
      last = now;
      // Read back, the same message only ever goes down, and never by more than `o.most` px at once.
      const moved = seen?.element.isConnected ? seen.element.getBoundingClientRect().top - seen.top : 0;
      if (moved < -2 || moved > o.most) jumps.push(`${Math.round(moved)} px after ${gaps.length} frames`);
      const count = document.querySelectorAll(o.item);
      items = Math.max(items, count.length);
      const element = document.elementsFromPoint(innerWidth / 2, middle).find((one) => one.matches(o.item));
      seen = element ? { element, top: element.getBoundingClientRect().top } : null;
      if (stopped) resolve({ gaps, jumps, most: items });
      else requestAnimationFrame(look);
    }
    requestAnimationFrame(look);
  });
}

declare global {
  interface Window {
    stopFrames(): void;
  }
}
