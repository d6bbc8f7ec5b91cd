import { expect, it } from 'vitest';
import { prepareAll } from './prepare-photos.ts';

const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

it('gives the results in the order of the items, and counts', async () => {
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<undefined>());
  const seen: number[] = [];
  const all = prepareAll([0, 1, 2, 3], (n) => gates[n]?.promise.then(() => n * 2) ?? Promise.resolve(0), {
    ...quiet,
    onProgress: (done) => seen.push(done),
  });
  for (const gate of gates.toReversed()) gate.resolve(undefined);
  expect(await all).toEqual([0, 2, 4, 6]);
  expect(seen).toEqual([1, 2, 3, 4]);
});

it('never does more than two at once', async () => {
  let now = 0;
  let most = 0;
  const one = async () => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
  };
  await prepareAll(Array.from({ length: 20 }), one, quiet);
  expect(most).toBe(2);
});

it('stops at the first error, and begins nothing after it', async () => {
  const begun: number[] = [];
  const one = (n: number) => {
    begun.push(n);
    return n === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(n);
  };
  await expect(prepareAll([1, 2, 3, 4, 5, 6], one, quiet)).rejects.toThrow('broken');
  expect(begun.length).toBeLessThan(6);
});

it('is cancelled at once, whatever is under way', async () => {
  const control = new AbortController();
  const begun: number[] = [];
  const all = prepareAll(
    [1, 2, 3],
    (n) => {
      begun.push(n);
      return new Promise<void>(() => undefined);
    },
    { signal: control.signal, onProgress: () => undefined },
  );
  control.abort();
  await expect(all).rejects.toMatchObject({ code: 'cancelled' });
  expect(begun).toEqual([1, 2]);
});
