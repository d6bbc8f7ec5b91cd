import type { Page } from '@playwright/test';

/** ms, of everything that was asked since the watch began. */
export interface Answers {
  /** From a key to the frame that shows it, as the browser itself measures it (Event Timing). */
  readonly keys: readonly number[];
  /** From a call over the page's bridge to the core's answer. */
  readonly core: readonly number[];
}

declare global {
  interface Window {
    answers?: { keys: number[]; core: number[]; stop(): void };
  }
}

/** Begins to measure how soon page and core answer. */
export const watchAnswers = (page: Page): Promise<void> => page.evaluate(installWatch);

/** Ends it and gives what was measured. */
export const answersOf = (page: Page): Promise<Answers> =>
  page.evaluate(() => {
    if (!window.answers) throw new Error('Nothing was watched');
    const { keys, core, stop } = window.answers;
    stop();
    return { keys, core };
  });

/** Runs in the page, so it can use nothing from outside of it. */
async function installWatch(): Promise<void> {
  const keys: number[] = [];
  const core: number[] = [];
  const observer = new PerformanceObserver((list) => {
    // The browser rounds to 8 ms and leaves out what takes less than 16.
    for (const entry of list.getEntries()) if (entry.name === 'keydown') keys.push(entry.duration);
  });
  observer.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  let on = true;
  window.answers = {
    keys,
    core,
    stop: () => {
      on = false;
      observer.disconnect();
    },
  };
  // Electron's bridge is there for every script of the page; over a socket of its own otherwise.
  const answered = Promise.withResolvers<void>();
  let call = async (): Promise<unknown> => window.postcard?.call('app.state', {});
  if (!window.postcard) {
    const socket = new WebSocket(`ws://${location.host}/bridge?page=${crypto.randomUUID()}`);
    let id = 0;
    let settle: () => void = answered.resolve;
    socket.onmessage = ({ data }) => {
      const frame = JSON.parse(String(data)) as object;
      if ('run' in frame || 'id' in frame) settle();
    };
    await answered.promise;
    call = () =>
      new Promise<void>((resolve) => {
        settle = resolve;
        id += 1;
        socket.send(JSON.stringify({ id, name: 'app.state', params: {} }));
      });
  }
  const ask = async () => {
    const asked = performance.now();
    await call();
    core.push(performance.now() - asked);
    if (on) setTimeout(() => void ask(), 100);
  };
  void ask();
}

/** "median 12, p95 40, most 90 ms of 200" */
export function summary(all: readonly number[]): string {
  const at = (share: number) => Math.round(quantile(all, share));
  return `median ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)} ms of ${all.length}`;
}

export const median = (all: readonly number[]): number => quantile(all, 0.5);

/** The value that this share of all does not exceed; 0 where there is none. */
function quantile(all: readonly number[], share: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
