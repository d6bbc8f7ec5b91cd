import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { temporaryFolder } from '../../support/folders.ts';
import { within } from '../../support/wait.ts';

/** The address of a socket (a named pipe on Windows) for one running app. */
export function insideSocket(): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\postcard-${randomUUID()}`;
  return join(temporaryFolder('inside'), 'socket');
}

/** Asks the app's main process, past the inspector. `T` is what inside-electron.cjs gives for that act. */
export function ask<T>(socket: string, act: string, argument: unknown = null): Promise<T> {
  const answer = new Promise<T>((resolve, reject) => {
    const connection = connect(socket, () => connection.write(`${JSON.stringify({ act, argument })}\n`));
    connection.once('error', reject);
    connection.once('close', () => reject(new Error(`Electron has gone while it was asked: ${act}`)));
    createInterface({ input: connection }).once('line', (line) => {
      // The script beside this file writes this line.
      resolve((JSON.parse(line) as { result: T }).result);
      connection.end();
    });
  });
  return within(20_000, `Electron: ${act}`, answer);
}
