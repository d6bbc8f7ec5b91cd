import { utilityProcess } from 'electron';
import { fileURLToPath } from 'node:url';
import type { OwnProcess } from '../../ports.ts';

/**
 * Runs `file` in a utility process of Electron: unlike a forked one it also works where packages are kept from
 * running as Node (electron-builder.yml), and Chromium ends it with this process, however that ends.
 * @param entry the built utility.ts
 */
export function startUtility(file: URL, entry: URL): OwnProcess {
  const child = utilityProcess.fork(fileURLToPath(entry), [file.href], { serviceName: 'Postcard pictures' });
  const exited = Promise.withResolvers<string>();
  child.once('exit', (code) => {
    exited.resolve(`the utility process ended with ${code}`);
  });
  return {
    send: (message) => {
      child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void exited.promise.then(listener),
    kill: async () => {
      // Electron's own kill asks politely, which a decoder does not hear. Before there is a number, asking is all.
      if (child.pid === undefined) child.kill();
      else endNow(child.pid);
      await exited.promise;
    },
    // Electron runs until it is quit.
    keepAlive: () => undefined,
  };
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself, and its exit is about to be told.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
