import { MediaError, throwIfCancelled } from './errors.ts';
import { HASTE } from './jobs.ts';
import type { JobKind, JobReply, JobRequest, Jobs, WorkerData } from './jobs.ts';
import type { StartWorker, WorkerProcess } from './worker-process.ts';

export interface JobQueue {
  run<K extends JobKind>(kind: K, args: Jobs[K]['args'], signal?: AbortSignal): Promise<Jobs[K]['result']>;
  close(): Promise<void>;
}

export interface JobQueueOptions {
  workerFile: URL;
  workerData: WorkerData;
  startWorker: StartWorker;
  /** Jobs in the worker at once; default 2: one decodes while the other encodes or writes. */
  concurrency?: number;
  /** ms a job may take before the worker is ended; default 60,000. */
  timeLimit?: number;
  /** ms without work after which the worker ends and gives its memory back; default 30,000. */
  idleLimit?: number;
  /** Jobs after which the worker gives way to a new one; default 32. WebAssembly's memory never shrinks again. */
  jobLimit?: number;
}

interface Job {
  request: JobRequest;
  /** Times it has been given to a worker. */
  tries: number;
  settled: boolean;
  resolve(result: unknown): void;
  reject(error: MediaError): void;
  timer?: NodeJS.Timeout;
}

/**
 * Jobs for one image worker, a process of its own. The most urgent runs first, equals in order of arrival. A worker that dies takes
 * its only running job with it (`media-failed`); where two were running nobody knows whose fault it was, so each
 * is tried once more, alone.
 */
export function openJobQueue(options: JobQueueOptions): JobQueue {
  const { startWorker, concurrency = 2, timeLimit = 60_000, idleLimit = 30_000, jobLimit = 32 } = options;
  const waiting: Job[] = [];
  const running = new Map<number, Job>();
  let worker: WorkerProcess | null = null;
  let idleTimer: NodeJS.Timeout | undefined;
  let lastId = 0;
  /** Jobs that this worker has been given. */
  let given = 0;
  let retiring = false;
  let closed = false;

  function settle(job: Job, end: () => void): void {
    clearTimeout(job.timer);
    if (job.settled) return;
    job.settled = true;
    end();
  }

  function start(): WorkerProcess {
    const started = startWorker(options.workerFile);
    // The worker of main/media/worker.ts sends nothing else.
    started.onMessage((reply) => finished(reply as JobReply));
    started.onExit((reason) => died(started, reason));
    started.send(options.workerData);
    return started;
  }

  function finished(reply: JobReply): void {
    const job = running.get(reply.id);
    if (!job) return;
    running.delete(reply.id);
    settle(job, () => {
      if (reply.ok) job.resolve(reply.result);
      else job.reject(new MediaError(reply.code, reply.detail, new Error(reply.message)));
    });
    next();
  }

  function died(dead: WorkerProcess, reason: string): void {
    if (dead !== worker) return;
    worker = null;
    const lost = [...running.values()];
    running.clear();
    for (const job of lost) {
      if (job.settled) continue;
      clearTimeout(job.timer);
      if (lost.length === 1 || job.tries > 1) settle(job, () => job.reject(crashed(reason)));
      else waiting.unshift(job);
    }
    next();
  }

  function next(): void {
    clearTimeout(idleTimer);
    if (closed) return;
    if (worker && given >= jobLimit && running.size === 0) retire(worker);
    while (!retiring && waiting.length > 0 && running.size < concurrency) {
      if (worker && given >= jobLimit) break;
      const alone = [...running.values()].some((job) => job.tries > 1);
      const job = takeNext(waiting);
      if (!job) break;
      if (alone || (job.tries > 0 && running.size > 0)) {
        waiting.unshift(job);
        break;
      }
      give(job);
    }
    if (running.size === 0 && worker) idleTimer = setTimeout(endIdle, idleLimit).unref();
    keepAlive();
  }

  function give(job: Job): void {
    if (worker) given += 1;
    else {
      worker = start();
      given = 1;
    }
    job.tries += 1;
    running.set(job.request.id, job);
    job.timer = setTimeout(() => expired(job), timeLimit).unref();
    worker.send(job.request);
  }

  /** A decoder can't be stopped from outside but with its process. */
  function expired(job: Job): void {
    running.delete(job.request.id);
    settle(job, () => job.reject(new MediaError('media-failed', { reason: 'timeout' })));
    const slow = worker;
    // The others lost nothing by their own fault: they wait again, as if never given.
    for (const other of running.values()) {
      clearTimeout(other.timer);
      if (!other.settled) waiting.unshift(other);
    }
    running.clear();
    worker = null;
    next();
    void slow?.kill();
  }

  /** The next one begins when this one is gone: both at once would take the memory twice. */
  function retire(old: WorkerProcess): void {
    worker = null;
    retiring = true;
    void old.kill().finally(() => {
      retiring = false;
      next();
    });
  }

  function endIdle(): void {
    const idle = worker;
    worker = null;
    void idle?.kill();
  }

  /** A waiting worker must not keep the program from ending, a working one must. */
  function keepAlive(): void {
    worker?.keepAlive(running.size > 0);
  }

  function cancel(job: Job): void {
    const at = waiting.indexOf(job);
    if (at >= 0) waiting.splice(at, 1);
    // A running one keeps its place until the worker is done with it; its result is dropped.
    settle(job, () => job.reject(new MediaError('cancelled')));
  }

  return {
    async run(kind, args, signal) {
      throwIfCancelled(signal);
      if (closed) throw new MediaError('cancelled');
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      lastId += 1;
      const job: Job = { request: { id: lastId, kind, args }, tries: 0, settled: false, resolve, reject };
      const onAbort = () => cancel(job);
      signal?.addEventListener('abort', onAbort, { once: true });
      waiting.push(job);
      next();
      // The reply to this id is of this kind: the worker's map of handlers sees to it.
      return (await promise.finally(() => signal?.removeEventListener('abort', onAbort))) as never;
    },
    async close() {
      closed = true;
      clearTimeout(idleTimer);
      const ending = worker;
      worker = null;
      for (const job of [...waiting.splice(0), ...running.values()]) cancel(job);
      running.clear();
      await ending?.kill();
    },
  };
}

function crashed(reason: string): MediaError {
  return new MediaError('media-failed', { reason: 'crash' }, new Error(reason));
}

function takeNext(waiting: Job[]): Job | undefined {
  let best = 0;
  waiting.forEach((job, index) => {
    const current = waiting[best];
    if (current && HASTE[job.request.kind] < HASTE[current.request.kind]) best = index;
  });
  return waiting.splice(best, 1)[0];
}
