import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** ms; default 20,000. */
  readonly timeout?: number;
  /** What is waited for, as the end of "Gave up waiting for …". */
  readonly what?: string;
}

/**
 * Asks again and again until the answer is neither false, null nor undefined, and gives that answer. Throws with
 * `what` after the time-out, and at once when the condition itself throws.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + (options.timeout ?? 20_000);
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) {
      // The three values that the type leaves out have just been ruled out.
      return answer as Exclude<T, false | null | undefined>;
    }
    if (performance.now() > end) throw new Error(`Gave up waiting for ${options.what ?? String(condition)}`);
    await delay(pause);
  }
}

/** The promise's result, or an error after `timeout` ms. The promise itself goes on. */
export async function within<T>(timeout: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
