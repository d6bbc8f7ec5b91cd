/** Work that is done once at a time. */
export interface Turns {
  /** A run that begins after this call; one that waits already is enough for any number of calls. */
  ask(): void;
  close(): void;
}

/** Failures of a run go to `failed`; the next run is made when asked for. */
export function createTurns(run: () => Promise<void>, failed: (error: unknown) => void): Turns {
  let running = false;
  let again = false;
  let closed = false;

  const go = async () => {
    running = true;
    while (again && !closed) {
      again = false;
      try {
        await run();
      } catch (error) {
        if (!closed) failed(error);
      }
    }
    running = false;
  };
  return {
    ask: () => {
      again = true;
      if (!running && !closed) void go();
    },
    close: () => {
      closed = true;
    },
  };
}
