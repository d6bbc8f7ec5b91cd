import { type Agent, Client } from 'stanza';
import type { IQ, StreamFeatures } from 'stanza/protocol/index.js';
import type { RegistrationForm } from '../../contract/accounts.ts';
import { PostcardError } from '../../contract/errors.ts';
import { openChannel } from './discovery.ts';
import { IqCalls, IqError } from './iq.ts';
import {
  answerForm,
  readForm,
  registrationDefinitions,
  type RegistrationQuery,
} from './modules/xep-0077-registration.ts';
import { StanzaTransport } from './transport.ts';
import type { ServerTarget } from './types.ts';

/** ms */
const TIMEOUT = 30_000;

export interface RegisterOptions {
  readonly target: ServerTarget;
  /** The local part alone, prepared (as `parseServer` gives it). */
  readonly username: string;
  readonly password: string;
  /** Answers to a form that an earlier call returned. */
  readonly form: Record<string, string> | null;
  log(line: string): void;
}

export type RegisterResult = { registered: true } | { form: RegistrationForm };

/** A form and its answers belong to one stream (a captcha has an id): it stays open while the person fills it in. */
const PATIENCE = 10 * 60_000;
const open = new Map<string, { stream: RegistrationStream; timer: NodeJS.Timeout }>();

/**
 * Makes an account over a short connection of its own (XEP-0077), or gives the form that the server wants filled
 * in first. Rejects with PostcardError `username-taken`, `username-invalid`, `registration-closed`,
 * `registration-form` {text} (answers not accepted) and those of the connection.
 */
export async function register(options: RegisterOptions): Promise<RegisterResult> {
  const key = `${options.username}@${options.target.domain} ${options.target.endpoint ?? ''}`;
  const waiting = open.get(key);
  open.delete(key);
  clearTimeout(waiting?.timer);
  const reuse = options.form !== null && waiting?.stream.alive === true;
  if (!reuse) waiting?.stream.close();
  const stream = reuse && waiting ? waiting.stream : await openRegistration(options);
  let keep = false;
  try {
    const query = stream.query ?? (await stream.ask());
    const form = options.form === null ? readForm(query) : null;
    if (form !== null) {
      keep = true;
      const timer = setTimeout(() => stream.close(), PATIENCE);
      timer.unref();
      open.set(key, { stream, timer });
      return { form };
    }
    await stream.submit(answerForm(query, options.username, options.password, options.form ?? {}));
    return { registered: true };
  } catch (error) {
    throw registrationProblem(error);
  } finally {
    if (!keep) stream.close();
  }
}

async function openRegistration(options: RegisterOptions): Promise<RegistrationStream> {
  const channel = await openChannel(options.target, { last: null }, AbortSignal.timeout(TIMEOUT * 2));
  options.log(`registering at ${channel.label}`);
  const stream = new RegistrationStream(channel, options.target.domain);
  try {
    await stream.features;
    return stream;
  } catch (error) {
    stream.close();
    throw error;
  }
}

class RegistrationStream {
  alive = true;
  query: RegistrationQuery | null = null;
  readonly features: Promise<void>;
  readonly #iqs: IqCalls;
  readonly #transport: StanzaTransport;

  constructor(channel: Awaited<ReturnType<typeof openChannel>>, domain: string) {
    const client = new Client({ server: domain, transports: {}, autoReconnect: false }) as unknown as Agent;
    client.stanzas.define([registrationDefinitions]);
    this.#iqs = new IqCalls(client, domain);
    let problem: PostcardError | null = null;
    const failed = new PostcardError('server-error', { reason: 'stream' });
    this.#transport = new StanzaTransport(client, channel, {
      onTraffic: () => undefined,
      onStreamError: (error) => {
        const unknown = error.condition === 'host-unknown';
        problem = unknown ? new PostcardError('server-not-found', { host: domain }) : failed;
      },
      onViolation: () => (problem = failed),
      onClosed: (closed) => (problem ??= closed),
    });
    this.features = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new PostcardError('no-answer')), TIMEOUT);
      // The library would go on to log in with what it finds there; here the stream stays as it is.
      client.removeAllListeners('features');
      client.on('features', (features: StreamFeatures) => {
        clearTimeout(timer);
        // Servers without the feature may still answer (section 3.1), so its absence alone decides nothing.
        if (features.sasl || features.inbandRegistration) resolve();
        else reject(failed);
      });
      client.on('--transport-disconnected', () => {
        clearTimeout(timer);
        this.alive = false;
        this.#iqs.end();
        reject(problem ?? new PostcardError('server-unreachable', { reason: 'closed' }));
      });
    });
    this.features.catch(() => undefined); // `openRegistration` awaits it; a later end of the stream is no failure
    client.transport = this.#transport;
    this.#transport.connect();
  }

  async ask(): Promise<RegistrationQuery> {
    const answer = await this.#iqs.send({ type: 'get', account: {} } as unknown as IQ, TIMEOUT);
    // The library's own types for these are classes of values; the module reads them as plain JSON.
    const { account, bits } = answer as unknown as RegistrationQuery;
    const query: RegistrationQuery = { account: account ?? {}, bits };
    this.query = query;
    return query;
  }

  async submit(account: object): Promise<void> {
    await this.#iqs.send({ type: 'set', account } as unknown as IQ, TIMEOUT);
  }

  close(): void {
    this.#transport.disconnect(true);
  }
}

function registrationProblem(error: unknown): unknown {
  if (!(error instanceof IqError)) return error;
  const text = error.error?.text?.slice(0, 300) ?? '';
  switch (error.condition) {
    case 'conflict':
      return new PostcardError('username-taken', {}, { cause: error });
    case 'jid-malformed':
      return new PostcardError('username-invalid', {}, { cause: error });
    case 'not-acceptable':
    case 'bad-request':
      return new PostcardError('registration-form', { text }, { cause: error });
    case 'resource-constraint':
      return new PostcardError('server-refused', { condition: error.condition, text }, { cause: error });
    case 'not-allowed':
    case 'not-authorized':
    case 'forbidden':
    case 'service-unavailable':
    case 'feature-not-implemented':
      return new PostcardError('registration-closed', { text }, { cause: error });
    default:
      return error;
  }
}
