import type { Agent } from 'stanza';
import type { SASL, StreamFeatures } from 'stanza/protocol/index.js';
import { PostcardError } from '../../contract/errors.ts';
import { isScram, Scram } from './scram.ts';

/** Strongest first. The -PLUS forms are left out: the channel can't be bound from here. */
const mechanisms = ['SCRAM-SHA-512', 'SCRAM-SHA-256', 'SCRAM-SHA-1', 'PLAIN'] as const;

export interface Credentials {
  readonly username: string;
  readonly password: string;
  /** The mechanism of an earlier login. */
  readonly pinned: string | null;
  /** TLS with a verified certificate. */
  readonly secure: boolean;
}

/**
 * The strongest mechanism both sides have. PLAIN needs TLS. Throws PostcardError `mechanism-downgraded`,
 * `connection-insecure`, `server-refused`.
 */
export function chooseMechanism(offered: readonly string[], pinned: string | null, secure: boolean): string {
  const names = new Set(offered.map((name) => name.toUpperCase()));
  const common = mechanisms.filter((name) => names.has(name));
  const best = common.find((name) => name !== 'PLAIN' || secure);
  if (best === undefined) {
    throw new PostcardError(common.length > 0 ? 'connection-insecure' : 'server-refused', { reason: 'sasl' });
  }
  const rank = mechanisms.findIndex((name) => name === pinned);
  if (rank >= 0 && mechanisms.indexOf(best) > rank) {
    throw new PostcardError('mechanism-downgraded', { pinned: pinned ?? '', offered: best });
  }
  return best;
}

/** A SASL failure (RFC 6120 section 6.5) as a code. */
export function saslProblem(condition: string | undefined): PostcardError {
  switch (condition) {
    case 'not-authorized':
    case 'credentials-expired':
      return new PostcardError('wrong-password');
    case 'temporary-auth-failure':
      return new PostcardError('server-error', { condition });
    default:
      return new PostcardError('server-refused', { condition: condition ?? 'unknown' });
  }
}

type FeatureDone = (command?: string, message?: string) => void;
/** The library's table of stream features, which its types leave out. */
interface FeatureTable {
  features: {
    handlers: Record<string, (features: StreamFeatures, done: FeatureDone) => Promise<void>>;
    negotiated: Record<string, boolean>;
  };
}

/**
 * Puts this login in the place of the library's SASL: it derives keys off the main thread, verifies the server's
 * signature and tells a wrong password from a refusal.
 */
export function useLogin(
  client: Agent,
  credentials: Credentials,
  done: { onMechanism(name: string): void; onProblem(problem: PostcardError): void },
): void {
  const { features } = client as unknown as FeatureTable;
  features.handlers['sasl'] = async (offer, next) => {
    try {
      const offered = offer.sasl?.mechanisms ?? [];
      const name = chooseMechanism(offered, credentials.pinned, credentials.secure);
      await logIn(client, name, credentials);
      features.negotiated['sasl'] = true;
      if (client.transport) client.transport.authenticated = true;
      done.onMechanism(name);
      next('restart');
    } catch (error) {
      done.onProblem(
        error instanceof PostcardError ? error : new PostcardError('internal', {}, { cause: error }),
      );
    }
  };
}

async function logIn(client: Agent, name: string, { username, password }: Credentials): Promise<void> {
  const scram = isScram(name) ? new Scram(name, username, password) : null;
  const first = scram?.initial() ?? `\0${username}\0${password}`;
  let reply = await exchange(client, { type: 'auth', mechanism: name, value: Buffer.from(first) });
  if (reply.type === 'challenge' && scram !== null) {
    const response = await scram.respond(text(reply));
    reply = await exchange(client, { type: 'response', value: Buffer.from(response) });
  }
  // RFC 5802 allows the signature in a challenge of its own, answered by nothing.
  if (reply.type === 'challenge' && scram?.verify(text(reply))) {
    return accept(await exchange(client, { type: 'response' }), null);
  }
  accept(reply, scram);
}

function accept(reply: SASL, scram: Scram | null): void {
  if (reply.type === 'failure') throw saslProblem(reply.condition);
  if (reply.type !== 'success') throw new PostcardError('server-refused', { reason: 'sasl' });
  // A server that can't prove it knows the account is not the one that the person signed up with.
  if (scram !== null && !scram.verify(text(reply)))
    throw new PostcardError('server-refused', { reason: 'scram' });
}

function text(reply: SASL): string {
  return 'value' in reply && reply.value ? reply.value.toString() : '';
}

function exchange(client: Agent, data: SASL): Promise<SASL> {
  return new Promise((resolve, reject) => {
    const ended = () => {
      client.off('sasl', answered);
      reject(new PostcardError('server-unreachable', { reason: 'sasl' }));
    };
    const answered = (reply: SASL) => {
      client.off('--transport-disconnected', ended);
      resolve(reply);
    };
    client.once('sasl', answered);
    client.once('--transport-disconnected', ended);
    void client.send('sasl', data);
  });
}
