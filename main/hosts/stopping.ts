/** ms: a stop that takes longer (a server that does not answer) is ended; what matters is on disk by then. */
export const stopLimit = 10_000;

/** Runs the stop once, however often it is asked for (Ctrl+C reaches a whole group of processes, some twice). */
export function onceStopped(
  stop: () => Promise<void>,
  end: (code: number) => void,
  log: (line: string) => void,
) {
  let stopping = false;
  return (code = 0): void => {
    if (stopping) return;
    stopping = true;
    const limit = setTimeout(() => {
      log('stopping took too long');
      end(code);
    }, stopLimit);
    stop()
      .catch((error: unknown) => {
        log(`stopping: ${error instanceof Error ? error.name : typeof error}`);
      })
      .finally(() => {
        clearTimeout(limit);
        end(code);
      });
  };
}

/** SIGINT, SIGTERM and a terminal that is closed stop the app, and so does the end of `npm start` around it. */
export function onSignals(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (process.connected) process.on('disconnect', stop);
}
