import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { within } from './wait.ts';

export interface StartedProcess {
  readonly child: ChildProcess;
  /** The first line of stdout that matched. */
  readonly line: string;
  /** What it wrote to stderr so far, for messages about failures. */
  stderr(): string;
  /** Resolves with the exit status, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Sends the signal and waits for the end. Nothing when it has ended already. */
  end(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** ms until `ready` must have been printed; default 60,000. */
  readonly timeout?: number;
  readonly onLine?: (line: string) => void;
}

/** Starts a program and waits until a line of its stdout matches `ready`; throws with its stderr when none does. */
export async function startProcess(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: StartOptions = {},
): Promise<StartedProcess> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-20_000)));
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)),
  );
  const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await within(30_000, `${command} did not end after ${signal}`, ended);
  };
  const firstLine = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    void ended.then((how) => reject(new Error(`${command} ended (${how}) before it was ready:\n${errors}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      options.onLine?.(line);
      if (ready.test(line)) resolve(line);
    });
  });
  try {
    const line = await within(options.timeout ?? 60_000, `${command} ${args.join(' ')}`, firstLine);
    return { child, line, stderr: () => errors, ended, end };
  } catch (error) {
    await end('SIGKILL');
    throw new Error(`${String(error)}\n${errors}`, { cause: error });
  }
}
