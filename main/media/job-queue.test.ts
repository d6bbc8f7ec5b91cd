import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openJobQueue } from './job-queue.ts';
import type { JobQueue } from './job-queue.ts';
import { forkWorker } from './worker-process.ts';

/** A real process whose jobs do what their path says; its first message is about all of them. */
const WORKER = `
let run = 0;
process.once('message', () => process.on('message', ({ id, kind, args }) => {
  const { pid } = process;
  if (args.path === 'die') process.exit(3);
  if (args.path === 'throw') setImmediate(() => { throw new Error('lost') });
  else if (args.path === 'hang') for (;;);
  else if (args.path !== 'wait') process.send({ id, ok: true, result: { kind, path: args.path, order: ++run, pid } });
}));
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
  queue = openJobQueue({
    workerFile,
    workerData: { folder, build: 'native' },
    startWorker: forkWorker,
    ...options,
  });
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

const running = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
};

test('a worker that is killed in the middle of a job fails that one, and the next ones run in a new one', async () => {
  open({ concurrency: 1 });
  const pid = async (path: string) => ((await encode(path)) as unknown as { pid: number }).pid;
  const first = await pid('a');
  expect(first).not.toBe(process.pid);
  const [lost, next] = [encode('wait'), pid('b')];
  process.kill(first, 'SIGKILL');
  await expect(lost).rejects.toMatchObject({ code: 'media-failed', detail: { reason: 'crash' } });
  await expect(lost).rejects.toHaveProperty('cause.message', 'the image worker ended with SIGKILL');
  expect(await next).not.toBe(first);
});

test('a worker that ends before it listens fails its jobs and nothing else', async () => {
  await writeFile(join(folder, 'ends.mjs'), 'process.exit(1);');
  queue = openJobQueue({
    workerFile: new URL('ends.mjs', workerFile),
    workerData: { folder, build: 'native' },
    startWorker: forkWorker,
  });
  const jobs = await Promise.allSettled([encode('a'), encode('b')]);
  const crash = { status: 'rejected', reason: { code: 'media-failed', detail: { reason: 'crash' } } };
  expect(jobs).toMatchObject([crash, crash]);
});

test('closing ends the worker in the middle of its work', async () => {
  open({ concurrency: 1 });
  const { pid } = (await encode('a')) as unknown as { pid: number };
  const lost = expect(encode('hang')).rejects.toMatchObject({ code: 'cancelled' });
  await queue.close();
  await lost;
  expect(running(pid)).toBe(false);
});
