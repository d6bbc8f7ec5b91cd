/** bytes of decoded pixels that may be in the works at once; WebAssembly's memory never shrinks again. */
const BUDGET = 400 * 1024 * 1024;

interface Waiting {
  share: number;
  enter(): void;
}

let taken = 0;
const queue: Waiting[] = [];

/**
 * Runs `work` once there is room for `bytes` of pixels beside what else is being decoded. A picture over the
 * whole budget runs alone. First come, first served, so that a big one is not starved by small ones.
 */
export async function withRoom<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  const share = Math.min(bytes, BUDGET);
  await new Promise<void>((enter) => {
    queue.push({ share, enter });
    letIn();
  });
  try {
    return await work();
  } finally {
    taken -= share;
    letIn();
  }
}

function letIn(): void {
  for (let first = queue[0]; first && taken + first.share <= BUDGET; first = queue[0]) {
    queue.shift();
    taken += first.share;
    first.enter();
  }
}
