import { parentPort, workerData } from 'node:worker_threads';
import { startHub } from './index.ts';
import type { HubOptions } from './index.ts';

/** What the worker tells the thread that started it. */
export type FromWorker =
  | { type: 'ready'; port: number }
  | { type: 'error'; code: string; message: string }
  | { type: 'log'; line: string };

const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread');
const tell = (message: FromWorker): void => port.postMessage(message);

try {
  const options = workerData as Omit<HubOptions, 'log'>; // structured data from startHubInWorker
  const hub = await startHub({ ...options, log: (line) => tell({ type: 'log', line }) });
  port.on('message', (message: unknown) => {
    if (message !== 'stop') return;
    void hub.close().finally(() => port.close());
  });
  tell({ type: 'ready', port: hub.port });
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
  tell({ type: 'error', code, message: error instanceof Error ? error.message : String(error) });
}
