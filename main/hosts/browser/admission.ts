import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Who may talk to the host: this user's browser, on our own page, and nobody else on this computer. */
export interface Admission {
  /** A new address with a token that works once. */
  freshAddress(): string;
  /** Trades a token for a cookie; null when it is wrong or used. The token is gone either way. */
  redeem(token: string): string | null;
  /** The Host header names us exactly: a name that was rebound to 127.0.0.1 is refused. */
  hostIsOurs(request: IncomingMessage): boolean;
  /** It comes from our own page: for everything that changes something, and for the socket. */
  originIsOurs(request: IncomingMessage): boolean;
  /** It is not something that another site (or another port of this computer) embeds or links to. */
  fetchedByOurPage(request: IncomingMessage): boolean;
  hasCookie(request: IncomingMessage): boolean;
}

/** Addresses that were printed and never opened are not kept for ever. */
const mostTokens = 32;

export function createAdmission(port: number): Admission {
  const hosts = new Set([`127.0.0.1:${String(port)}`, `localhost:${String(port)}`]);
  // Cookies ignore ports: without the port in its name, two profiles in one browser would share one.
  const cookieName = `postcard-${String(port)}`;
  const session = randomBytes(32).toString('base64url');
  const tokens = new Set<string>();
  return {
    freshAddress: () => {
      const token = randomBytes(24).toString('base64url');
      tokens.add(token);
      const [oldest] = tokens;
      if (tokens.size > mostTokens && oldest !== undefined) tokens.delete(oldest);
      return `http://127.0.0.1:${String(port)}/?token=${token}`;
    },
    // A lookup by hash of 192 random bits; its timing tells nothing that could be used.
    redeem: (token) =>
      tokens.delete(token) ? `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict` : null,
    hostIsOurs: (request) => hosts.has(request.headers.host ?? ''),
    originIsOurs: (request) => request.headers.origin === `http://${request.headers.host ?? ''}`,
    fetchedByOurPage: (request) => {
      const site = request.headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none';
    },
    hasCookie: (request) => cookies(request, cookieName).some((value) => same(value, session)),
  };
}

function cookies(request: IncomingMessage, name: string): string[] {
  return (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
