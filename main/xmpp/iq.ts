import { randomUUID } from 'node:crypto';
import type { Agent } from 'stanza';
import type { IQ, ReceivedIQ, StanzaError } from 'stanza/protocol/index.js';
import { type ErrorCode, PostcardError } from '../../contract/errors.ts';
import { bareAddress } from './server-address.ts';

/** Servers with rate limits answer late (seconds of queued messages come first). In ms. */
export const IQ_TIMEOUT = 60_000;

interface Waiting {
  readonly to: string | null;
  readonly timer: NodeJS.Timeout;
  resolve(answer: ReceivedIQ): void;
  reject(error: unknown): void;
}

/** An IQ answered by an error (RFC 6120 section 8.3). */
export class IqError extends PostcardError {
  readonly condition: string;
  readonly error: StanzaError | null;

  constructor(code: ErrorCode, condition: string, error: StanzaError | null) {
    super(code, { condition });
    this.condition = condition;
    this.error = error;
  }
}

/**
 * Requests of one connection. An answer counts only from the entity that was asked, with its id, once (the
 * library also takes one from the entity's server or any of its resources). What is open when the connection
 * ends is rejected with `offline`.
 */
export class IqCalls {
  readonly #client: Agent;
  readonly #own: string;
  readonly #waiting = new Map<string, Waiting>();

  /** `own`: my bare address. */
  constructor(client: Agent, own: string) {
    this.#client = client;
    this.#own = own;
    client.on('iq', (iq) => this.#answered(iq));
  }

  /** Rejects with IqError, PostcardError `no-answer` or `offline`. `timeout` in ms. */
  send(iq: IQ, timeout = IQ_TIMEOUT): Promise<ReceivedIQ> {
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new PostcardError('no-answer'));
      }, timeout);
      timer.unref();
      this.#waiting.set(id, { to: iq.to ?? null, timer, resolve, reject });
      void this.#client.send('iq', { ...iq, id });
    });
  }

  end(): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new PostcardError('offline'));
    }
    this.#waiting.clear();
  }

  #answered(iq: ReceivedIQ): void {
    if (iq.type !== 'result' && iq.type !== 'error') return;
    const waiting = this.#waiting.get(iq.id ?? '');
    if (waiting === undefined || !this.#isFrom(iq.from, waiting.to)) return;
    this.#waiting.delete(iq.id ?? '');
    clearTimeout(waiting.timer);
    if (iq.type === 'result') waiting.resolve(iq);
    else waiting.reject(iqError(iq.error));
  }

  /** RFC 6120 section 8.1.2.1: no `from`, or my own address, is my account answering. */
  #isFrom(from: string | undefined, to: string | null): boolean {
    if (from === undefined || from === '') return to === null || to === this.#own;
    if (to === null || to === this.#own) {
      return from === this.#own || from === this.#client.jid || from === this.#client.config.server;
    }
    return from === to || (!to.includes('/') && from === bareAddress(to));
  }
}

function iqError(error: StanzaError | undefined): IqError {
  const condition = error?.condition ?? 'undefined-condition';
  const code: ErrorCode =
    condition === 'item-not-found'
      ? 'not-found'
      : condition === 'remote-server-not-found'
        ? 'server-not-found'
        : condition === 'remote-server-timeout'
          ? 'no-answer'
          : 'server-error';
  return new IqError(code, condition, error ?? null);
}
