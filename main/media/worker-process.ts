import { fork } from 'node:child_process';

/** The process that the image worker runs in, as the queue sees it. */
export interface WorkerProcess {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, however it ended, and also when it could not be started. */
  onExit(listener: (reason: string) => void): void;
  /** Ends it at once, whatever it is doing; resolves when it has gone. */
  kill(): Promise<void>;
  /** Whether it keeps the program from ending. */
  keepAlive(on: boolean): void;
}

/** Runs a file of ours in a process of its own, in which `process.send` and its messages are as in a forked one. */
export type StartWorker = (file: URL) => WorkerProcess;

/** With the runtime that this process has: Node itself, where no host has something better. */
export const forkWorker: StartWorker = (file) => {
  // A debugger's port and the like are this process's own.
  const child = fork(file, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = Promise.withResolvers<string>();
  child.once('exit', (code, signal) =>
    exited.resolve(`the image worker ended with ${signal ?? code ?? 'nothing'}`),
  );
  child.on('error', (error) => {
    // Without a number it has never run, and no exit follows.
    if (child.pid === undefined) exited.resolve(error.message);
  });
  return {
    // A process that has gone meanwhile says so by its exit.
    send: (message) => void child.send(message as object, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void exited.promise.then(listener),
    kill: async () => {
      // Else a program that has nothing else to do ends while it waits.
      child.ref();
      child.kill('SIGKILL');
      await exited.promise;
    },
    keepAlive: (on) => {
      if (on) child.ref();
      else child.unref();
      if (on) child.channel?.ref();
      else child.channel?.unref();
    },
  };
};
