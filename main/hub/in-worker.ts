import { Worker } from 'node:worker_threads';
import type { Hub, HubOptions } from './index.ts';
import type { FromWorker } from './worker.ts';

/** A hub in its own thread; `onExit` hears of an end nobody asked for. */
export type HubInWorker = Hub & { onExit(callback: (reason: string) => void): void };

/**
 * Starts the hub in a worker thread, so that the caller's thread stays free.
 * @param workerFile the built (or, under Node, the TypeScript) file of worker.ts
 * @throws with the code startHub() would throw with
 */
export function startHubInWorker(options: HubOptions, workerFile: URL): Promise<HubInWorker> {
  const { log = () => undefined, ...data } = options;
  const worker = new Worker(workerFile, { workerData: data });
  const listeners = new Set<(reason: string) => void>();
  let stopping = false;
  let reason = '';
  const exited = new Promise<void>((resolve) =>
    worker.once('exit', (code) => {
      if (!stopping)
        for (const listener of listeners) listener(reason || `The hub's thread ended with ${code}`);
      resolve();
    }),
  );
  const close = async (): Promise<void> => {
    stopping = true;
    worker.postMessage('stop');
    await exited;
  };
  return new Promise((resolve, reject) => {
    worker.on('error', (error: Error) => {
      reason = error.message;
      reject(error);
    });
    void exited.then(() => reject(new Error(reason || "The hub's thread ended at once")));
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'log') log(message.line);
      else if (message.type === 'error') {
        stopping = true;
        reject(Object.assign(new Error(message.message), { code: message.code }));
      } else {
        const url = `ws://127.0.0.1:${message.port}/xmpp-websocket`;
        resolve({ port: message.port, url, close, onExit: (callback) => void listeners.add(callback) });
      }
    });
  });
}
