import type { Events } from '../events.ts';
import type { AccountConnection } from './connection.ts';

/** ms after which a roster that never came is not waited for any longer: what it says later mends what was decided. */
const PATIENCE = 15_000;

/** Waits for the roster of a new connection, as the people feature tells it. */
export function createRosterWait(o: { connection: AccountConnection; events: Events }): {
  known(): Promise<void>;
  close(): void;
} {
  let done: (() => void) | null = null;
  let known: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;

  const settle = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    done?.();
    done = null;
  };
  const begin = () => {
    settle();
    known = new Promise((resolve) => (done = resolve));
    timer = setTimeout(settle, PATIENCE);
  };
  const stop = o.events.listen((name) => {
    if (name === 'people.relations') settle();
  });
  o.connection.listen({ onReady: ({ resumed }) => void (resumed || begin()) });

  return {
    known: () => known,
    close: () => {
      stop();
      settle();
    },
  };
}
