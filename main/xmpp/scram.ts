import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { saslprep } from 'stanza/lib/stringprep/index.js';
import { PostcardError } from '../../contract/errors.ts';

const derive = promisify(pbkdf2);
const digests = { 'SCRAM-SHA-512': 'sha512', 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-1': 'sha1' } as const;
const lengths = { sha512: 64, sha256: 32, sha1: 20 } as const;

export type ScramName = keyof typeof digests;

export function isScram(name: string): name is ScramName {
  return Object.hasOwn(digests, name);
}

/** A hostile server could keep the processor busy for hours, or weaken what it learns (RFC 7677 section 4). */
const MIN_ITERATIONS = 4096;
const MAX_ITERATIONS = 2_000_000;

/** Derived keys of this session's password, so that a reconnect does not stretch it again. */
const derived = new Map<string, Buffer>();

/**
 * One SCRAM login (RFC 5802, RFC 7677) that also verifies the server: the library accepts any `<success/>`.
 * Without channel binding, and says so ('n').
 */
export class Scram {
  readonly #digest: 'sha512' | 'sha256' | 'sha1';
  readonly #first: string;
  readonly #nonce = randomBytes(24).toString('base64');
  readonly #password: string;
  #signature: Buffer | null = null;

  constructor(name: ScramName, username: string, password: string) {
    this.#digest = digests[name];
    const escaped = saslprep(username).replaceAll('=', '=3D').replaceAll(',', '=2C');
    this.#first = `n=${escaped},r=${this.#nonce}`;
    this.#password = saslprep(password);
  }

  initial(): string {
    return `n,,${this.#first}`;
  }

  /** The answer to the server's challenge. Rejects with PostcardError `server-refused` for one that is not sound. */
  async respond(challenge: string): Promise<string> {
    const { r: nonce = '', s: salt = '', i: rounds = '' } = attributes(challenge);
    const iterations = Number(rounds);
    const sound = nonce.startsWith(this.#nonce) && nonce.length > this.#nonce.length && salt !== '';
    if (!sound || !(iterations >= MIN_ITERATIONS && iterations <= MAX_ITERATIONS)) {
      throw new PostcardError('server-refused', { reason: 'scram' });
    }
    const salted = await this.#salted(salt, iterations);
    const bare = `c=biws,r=${nonce}`;
    const transcript = `${this.#first},${challenge},${bare}`;
    const clientKey = this.#hmac(salted, 'Client Key');
    const stored = createHash(this.#digest).update(clientKey).digest();
    const proof = xor(clientKey, this.#hmac(stored, transcript));
    this.#signature = this.#hmac(this.#hmac(salted, 'Server Key'), transcript);
    return `${bare},p=${proof.toString('base64')}`;
  }

  /** Whether the server's last message proves that it knows the account (RFC 5802 section 3). */
  verify(success: string): boolean {
    const given = Buffer.from(attributes(success)['v'] ?? '', 'base64');
    return (
      this.#signature !== null &&
      given.length === this.#signature.length &&
      timingSafeEqual(given, this.#signature)
    );
  }

  async #salted(salt: string, iterations: number): Promise<Buffer> {
    const password = createHash('sha256').update(this.#password).digest('hex');
    const key = `${this.#digest} ${salt} ${iterations} ${password}`;
    const known = derived.get(key);
    if (known !== undefined) return known;
    const bytes = Buffer.from(salt, 'base64');
    const result = await derive(this.#password, bytes, iterations, lengths[this.#digest], this.#digest);
    if (derived.size > 8) derived.clear();
    derived.set(key, result);
    return result;
  }

  #hmac(key: Buffer, text: string): Buffer {
    return createHmac(this.#digest, key).update(text).digest();
  }
}

function attributes(message: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const part of message.split(',')) {
    const at = part.indexOf('=');
    if (at === 1) found[part.slice(0, 1)] = part.slice(2);
  }
  return found;
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}
