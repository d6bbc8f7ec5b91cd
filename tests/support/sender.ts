import { join } from 'node:path';
import { startProcess, type StartedProcess } from './processes.ts';
import { until } from './wait.ts';

/** A Postcard in a process of its own (sender-process.ts): it writes to one person, and can be killed. */
export class Sender {
  readonly #home: string;
  readonly #peer: string;
  readonly #certificate: string | null;
  #process: StartedProcess | null = null;
  #stored = new Set<string>();

  constructor(home: string, peer: string, certificate: string | null) {
    this.#home = home;
    this.#peer = peer;
    this.#certificate = certificate;
  }

  /** Starts it; gives the texts it has written before, as its window would show them. */
  async start(): Promise<string[]> {
    const program = join(import.meta.dirname, 'sender-process.ts');
    const trusted = this.#certificate === null ? {} : { NODE_EXTRA_CA_CERTS: this.#certificate };
    this.#process = await startProcess(process.execPath, [program, this.#home, this.#peer], /^\{"ready"/, {
      env: { ...process.env, ...trusted },
      onLine: (line) => this.#heard(line),
    });
    return (JSON.parse(this.#process.line) as { ready: string[] }).ready;
  }

  /** Writes; returns at once. */
  write(text: string): void {
    this.#process?.child.stdin?.write(`${text}\n`);
  }

  /** Resolves when the app has stored a text, whether or not it has been sent. */
  async stored(text: string): Promise<void> {
    await until(() => this.#stored.has(text), { what: `"${text}" to be stored\n${this.#process?.stderr()}` });
  }

  /** SIGKILL, now. */
  async kill(): Promise<void> {
    await this.#process?.end('SIGKILL');
    this.#process = null;
  }

  /** Lets it end by itself. */
  async close(): Promise<void> {
    this.#process?.child.stdin?.end();
    await this.#process?.ended;
    this.#process = null;
  }

  #heard(line: string): void {
    const { stored } = JSON.parse(line) as { stored?: string };
    if (stored !== undefined) this.#stored.add(stored);
  }
}
