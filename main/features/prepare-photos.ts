import { PostcardError } from '../../contract/errors.ts';

/** At once: while one is decoded the other is written. The image worker takes no more either. */
const AT_ONCE = 2;

/**
 * Does `one` for all items, in order, some at once, and gives the results in the items' order. Rejects with the first
 * error, or with `cancelled` as soon as the signal says so; what is still under way then is left to itself.
 */
export async function prepareAll<T, R>(
  items: readonly T[],
  one: (item: T) => Promise<R>,
  o: { signal: AbortSignal; onProgress(done: number): void },
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let done = 0;
  let stopped = false;
  const lane = async () => {
    while (!stopped && !o.signal.aborted && next < items.length) {
      const at = next;
      next += 1;
      // `at` is below the length.
      results[at] = await one(items[at] as T);
      done += 1;
      if (!stopped && !o.signal.aborted) o.onProgress(done);
    }
  };
  const cancelled = Promise.withResolvers<never>();
  const onAbort = () => cancelled.reject(new PostcardError('cancelled'));
  o.signal.addEventListener('abort', onAbort, { once: true });
  if (o.signal.aborted) onAbort();
  try {
    await Promise.race([Promise.all(Array.from({ length: AT_ONCE }, lane)), cancelled.promise]);
    return results;
  } finally {
    stopped = true;
    o.signal.removeEventListener('abort', onAbort);
  }
}
