/** Silence after which a sign of life is asked for, in ms. */
const SILENCE = 30_000;
/** How long the answer may take on an idle connection, in ms. */
const PATIENCE = 20_000;
/** Bytes per second of the slowest server that is still waited for (the limits of Debian's ejabberd: 3 kB/s). */
const SLOWEST = 2048;
const LONGEST = 10 * 60_000;

export interface LivenessHooks {
  probe(): void;
  /** Bytes on their way that must be through before the probe can be answered. */
  unsent(): number;
  dead(): void;
}

/**
 * Finds out that a connection is dead, without cutting one that is busy: a server with rate limits reads slowly,
 * and a probe waits in line behind what was sent before it.
 */
export class Liveness {
  readonly #hooks: LivenessHooks;
  #timer: NodeJS.Timeout | null = null;
  #running = false;
  #probing = false;
  #last = 0;

  constructor(hooks: LivenessHooks) {
    this.#hooks = hooks;
  }

  start(): void {
    this.#running = true;
    this.#last = Date.now();
    this.#wait(SILENCE);
  }

  stop(): void {
    this.#running = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Something came in. */
  alive(): void {
    this.#last = Date.now();
    this.#probing = false;
  }

  /** Asks now, for example after the computer woke up. */
  check(): void {
    if (!this.#running || this.#probing) return;
    this.#ask();
  }

  #wait(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#elapsed(), ms);
    this.#timer.unref();
  }

  #elapsed(): void {
    if (!this.#running) return;
    if (this.#probing) return this.#hooks.dead();
    const silent = Date.now() - this.#last;
    // Something came meanwhile: one timer for many stanzas, instead of one for each.
    if (silent < SILENCE) return this.#wait(SILENCE - silent);
    this.#ask();
  }

  #ask(): void {
    this.#probing = true;
    const backlog = this.#hooks.unsent();
    this.#hooks.probe();
    this.#wait(Math.min(PATIENCE + (backlog / SLOWEST) * 1000, LONGEST));
  }
}
