import { join } from 'node:path';
import type { Writing } from './group-writer.ts';
import { startProcess, type StartedProcess } from './processes.ts';
import { until } from './wait.ts';

/** A Postcard in a process of its own: it writes to one person or one group, and can be killed. */
export class Sender {
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #certificate: string | null;
  #process: StartedProcess | null = null;
  #stored = new Set<string>();
  #state: string | null = null;

  constructor(home: string, peer: string, certificate: string | null, program = 'sender-process.ts') {
    this.#program = join(import.meta.dirname, program);
    this.#args = [home, peer];
    this.#certificate = certificate;
  }

  /** As the one of group-writer.ts. */
  static toGroup(writing: Writing, certificate: string | null): Sender {
    return new Sender(JSON.stringify(writing), '', certificate, 'group-writer-process.ts');
  }

  /** Starts it; gives the texts it has written before, as its window would show them. */
  async start(): Promise<string[]> {
    const trusted = this.#certificate === null ? {} : { NODE_EXTRA_CA_CERTS: this.#certificate };
    this.#process = await startProcess(process.execPath, [this.#program, ...this.#args], /^\{"ready"/, {
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

  /** What a group's writer says of itself, for the words of a failing test. */
  async state(): Promise<string> {
    this.#state = null;
    this.write('/state');
    return until(() => this.#state, { what: 'the state of the sender' });
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
    const { stored, state } = JSON.parse(line) as { stored?: string; state?: string };
    if (state !== undefined) this.#state = state;
    if (stored !== undefined) this.#stored.add(stored);
  }
}
