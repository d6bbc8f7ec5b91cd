import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openJobQueue } from './job-queue.ts';
import type { JobQueue } from './job-queue.ts';

/** A real worker thread whose jobs do what their path says. */
const WORKER = `
import { parentPort } from 'node:worker_threads';
let run = 0;
parentPort.on('message', ({ id, kind, args }) => {
  if (args.path === 'die') process.exit(3);
  if (args.path === 'throw') setImmediate(() => { throw new Error('lost') });
  else if (args.path === 'hang') for (;;);
  else if (args.path !== 'wait') parentPort.postMessage({ id, ok: true, result: { kind, path: args.path, order: ++run } });
});
`;

let folder: string;
let workerFile: URL;
let queue: JobQueue;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-queue-'));
  const path = join(folder, 'worker.mjs');
  await writeFile(path, WORKER);
  workerFile = pathToFileURL(path);
});

afterEach(() => queue.close());
afterAll(() => rm(folder, { recursive: true }));

function open(
  options: { concurrency?: number; timeLimit?: number; idleLimit?: number; jobLimit?: number } = {},
): JobQueue {
  queue = openJobQueue({ workerFile, workerData: { folder, build: 'native' }, ...options });
  return queue;
}

const encode = (path: string, signal?: AbortSignal) =>
  queue.run('encode', { path, options: { quality: 'high', metadata: 'credit', sharpen: false } }, signal);

test('what is looked at comes before what will be sent', async () => {
  open({ concurrency: 1 });
  const results = await Promise.all([encode('a'), encode('b'), queue.run('inspect', { path: 'c' })]);
  expect(results.map((result) => (result as unknown as { order: number }).order)).toEqual([1, 3, 2]);
});

test('a worker gives way to a new one after so many jobs, and none is lost', async () => {
  open({ jobLimit: 3 });
  const results = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((path) => encode(path)));
  expect(results.map((result) => (result as unknown as { order: number }).order)).toEqual([
    1, 2, 3, 1, 2, 3, 1,
  ]);
});

test.each(['die', 'throw'])(
  'a worker ended by "%s" takes that job alone, the other is tried again',
  async (end) => {
    open();
    const [guilty, innocent, later] = await Promise.allSettled([encode(end), encode('a'), encode('b')]);
    expect(guilty).toMatchObject({
      status: 'rejected',
      reason: { code: 'media-failed', detail: { reason: 'crash' } },
    });
    expect([innocent?.status, later?.status]).toEqual(['fulfilled', 'fulfilled']);
  },
);

test('a job over its time is given up and the next ones run', async () => {
  open({ timeLimit: 300, concurrency: 1 });
  const [slow, next] = await Promise.allSettled([encode('hang'), encode('a')]);
  expect(slow).toMatchObject({
    status: 'rejected',
    reason: { code: 'media-failed', detail: { reason: 'timeout' } },
  });
  expect(next.status).toBe('fulfilled');
});

test('cancelling rejects at once, waiting or running; closing cancels all', async () => {
  open({ concurrency: 1 });
  const controller = new AbortController();
  const jobs = [encode('wait', controller.signal), encode('a', controller.signal)];
  controller.abort();
  for (const job of jobs) await expect(job).rejects.toMatchObject({ code: 'cancelled' });
  const open1 = encode('wait');
  const expectation = expect(open1).rejects.toMatchObject({ code: 'cancelled' });
  await queue.close();
  await expectation;
  await expect(encode('a')).rejects.toMatchObject({ code: 'cancelled' });
});

test('an idle worker gives its memory back and a new one starts', async () => {
  open({ idleLimit: 1 });
  const first = await encode('a');
  await expect.poll(async () => ((await encode('b')) as unknown as { order: number }).order).toBe(1);
  expect(first).toMatchObject({ path: 'a' });
});
