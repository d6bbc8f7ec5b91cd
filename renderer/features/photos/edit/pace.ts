/** ms from a paint until two frames later where the machine keeps up: 33 at 60 Hz. */
const SMOOTH_MS = 40;
/** ms without a move after which the picture is at rest. */
const REST_MS = 300;
/** Shares of the canvas's pixels along each side; a coarser picture than the last tells too little. */
const SHARES = [1, 0.7, 0.5, 0.4];

export interface Pace {
  /** Share of the canvas's pixels along each side that a paint takes now: 1 at rest, and where the machine keeps up. */
  share(): number;
  /** Something was moved. Once nothing moves any more, `onRest` is called, where the picture is coarse by then. */
  moved(): void;
  /** What was moved has been painted; ms from the paint's start until two frames later. */
  painted(ms: number): void;
  close(): void;
}

/**
 * How coarse the preview is while something is moved. Where paints take too long (WebGL without a graphics card, large
 * windows), it has fewer pixels until the hand rests, for an edit is to be seen within 50 ms of a move. In steps, and two
 * slow paints for each: a canvas of another size costs as much as a paint, and one slow paint says nothing of the next.
 */
export function createPace(onRest: () => void): Pace {
  let step = 0;
  let slow = 0;
  let resting = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => {
    resting = true;
    if (step > 0) onRest();
  };
  return {
    share: () => (resting ? 1 : (SHARES[step] ?? 1)),
    moved() {
      resting = false;
      clearTimeout(timer);
      timer = setTimeout(rest, REST_MS);
    },
    painted(ms) {
      if (resting) return;
      slow = ms > SMOOTH_MS ? slow + 1 : 0;
      if (slow < 2 || step === SHARES.length - 1) return;
      step += 1;
      slow = 0;
    },
    close: () => clearTimeout(timer),
  };
}
