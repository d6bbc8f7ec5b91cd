/** SCRAM-SHA-256 (RFC 5802, RFC 7677) and PLAIN (RFC 4616), the server's side. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Credential } from './store/accounts.ts';

const ITERATIONS = 10_000;
const derive = promisify(pbkdf2);
const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

/** SASLprep (RFC 4013) as far as it changes what people type. @throws RangeError for control characters */
export function prepPassword(password: string): string {
  const mapped = password
    // eslint-disable-next-line no-misleading-character-class -- RFC 3454 table B.1 lists joiners one by one
    .replace(/[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/g, '')
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .normalize('NFKC');
  if (mapped === '' || /\p{Cc}/u.test(mapped)) throw new RangeError('Not a password');
  return mapped;
}

function keysOf(salted: Buffer): { storedKey: Buffer; serverKey: Buffer } {
  return { storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

/** What to keep of a password. The slow part runs off the main thread. @throws RangeError */
export async function makeCredential(password: string): Promise<Credential> {
  const salt = randomBytes(16);
  const salted = await derive(prepPassword(password), salt, ITERATIONS, 32, 'sha256');
  return { salt, iterations: ITERATIONS, ...keysOf(salted) };
}

/** Whether a password (from PLAIN) is the right one. */
export async function checkPassword(password: string, credential: Credential): Promise<boolean> {
  let prepared: string;
  try {
    prepared = prepPassword(password);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  const salted = await derive(prepared, credential.salt, credential.iterations, 32, 'sha256');
  return timingSafeEqual(keysOf(salted).storedKey, credential.storedKey);
}

/** A credential nobody can meet, the same one every time for the same name: unknown names look like known ones. */
export function fakeCredential(secret: Buffer, user: string): Credential {
  const salt = hmac(secret, user).subarray(0, 16);
  return { salt, iterations: ITERATIONS, storedKey: randomBytes(32), serverKey: randomBytes(32) };
}

export interface ClientFirst {
  user: string;
  authzid: string;
  nonce: string;
  bare: string;
  header: string;
}

const unescapeName = (text: string): string => text.replace(/=2C/g, ',').replace(/=3D/g, '=');

/** Reads the client's first message; null when it is malformed or demands channel binding (§5, §6). */
export function readClientFirst(text: string): ClientFirst | null {
  const match = /^([ny]),(?:a=([^,]*))?,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/.exec(text);
  if (!match) return null;
  const [, flag, authzid = '', bare = '', name = '', nonce = ''] = match;
  const header = `${flag},${match[2] === undefined ? '' : `a=${match[2]}`},`;
  return { user: unescapeName(name), authzid: unescapeName(authzid), nonce, bare, header };
}

/** The server's side of one exchange. */
export class ScramExchange {
  readonly #first: ClientFirst;
  readonly #credential: Credential;
  readonly #nonce: string;

  constructor(first: ClientFirst, credential: Credential) {
    this.#first = first;
    this.#credential = credential;
    this.#nonce = first.nonce + randomBytes(18).toString('base64url');
  }

  get challenge(): string {
    const { salt, iterations } = this.#credential;
    return `r=${this.#nonce},s=${salt.toString('base64')},i=${iterations}`;
  }

  /** Checks the client's proof; returns the server's final message, or null when it is wrong. */
  finish(clientFinal: string): string | null {
    const match = /^(c=([A-Za-z0-9+/=]+),r=([^,]+)(?:,[^p][^,]*)*),p=([A-Za-z0-9+/=]+)$/.exec(clientFinal);
    if (!match) return null;
    const [, withoutProof = '', binding = '', nonce = '', proofText = ''] = match;
    const proof = Buffer.from(proofText, 'base64');
    if (nonce !== this.#nonce || proof.length !== 32) return null;
    if (Buffer.from(binding, 'base64').toString() !== this.#first.header) return null;
    const message = `${this.#first.bare},${this.challenge},${withoutProof}`;
    const signature = hmac(this.#credential.storedKey, message);
    const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] ?? 0)));
    if (!timingSafeEqual(sha256(clientKey), this.#credential.storedKey)) return null;
    return `v=${hmac(this.#credential.serverKey, message).toString('base64')}`;
  }
}
