import { JID } from 'stanza';
import { nameprep, nodeprep } from 'stanza/lib/stringprep/index.js';
import { PostcardError } from '../../contract/errors.ts';
import { isLoopbackHost } from './channel.ts';
import type { ServerTarget } from './types.ts';

const schemes = new Set(['ws:', 'wss:', 'xmpp:', 'xmpps:']);

/**
 * What a person typed, as an address (RFC 7622) and a way there. `username` may be `name` or `name@domain`;
 * `server` a domain, or a ws://, wss://, xmpp:// or xmpps:// address. Where only an address of the server is
 * given, its host is the domain (`localhost` for every loopback address).
 * Throws PostcardError `address-invalid`, `username-invalid`.
 */
export function parseServer(username: string, server: string): { bareAddress: string; target: ServerTarget } {
  const at = username.lastIndexOf('@');
  const local = prepareLocal(at < 0 ? username : username.slice(0, at));
  const typed = server.trim();
  const endpoint = typed.includes('://') ? parseEndpoint(typed) : null;
  const fallback = endpoint === null ? typed : domainOfHost(endpoint.hostname);
  const domain = prepareDomain(at < 0 ? fallback : username.slice(at + 1));
  // A server that is a plain name other than the address's own domain is where to connect to.
  const other =
    endpoint === null && typed !== '' && prepareDomain(typed) !== domain ? `xmpp://${typed}` : null;
  return { bareAddress: `${local}@${domain}`, target: { domain, endpoint: endpoint?.href ?? other } };
}

function parseEndpoint(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch (error) {
    throw new PostcardError('address-invalid', {}, { cause: error });
  }
  if (!schemes.has(url.protocol) || url.hostname === '' || url.username !== '' || url.password !== '') {
    throw new PostcardError('address-invalid');
  }
  return url;
}

function domainOfHost(host: string): string {
  return isLoopbackHost(host) ? 'localhost' : host.replace(/^\[|\]$/g, '');
}

function prepareLocal(text: string): string {
  const local = text.trim();
  // RFC 7622 section 3.3.1 names the characters that a localpart can't have.
  if (local === '' || /["&'/:<>@\s]/.test(local)) throw new PostcardError('username-invalid');
  try {
    const prepared = nodeprep(local);
    if (prepared === '' || Buffer.byteLength(prepared) > 1023) throw new PostcardError('username-invalid');
    return prepared;
  } catch (error) {
    throw new PostcardError('username-invalid', {}, { cause: error });
  }
}

function prepareDomain(text: string): string {
  const domain = text.trim().replace(/\.$/, '');
  if (domain === '' || /[\s/@<>&'":?#\\]/.test(domain)) throw new PostcardError('address-invalid');
  try {
    const prepared = nameprep(JID.parse(domain).domain);
    if (prepared === '' || Buffer.byteLength(prepared) > 1023) throw new PostcardError('address-invalid');
    return prepared;
  } catch (error) {
    throw new PostcardError('address-invalid', {}, { cause: error });
  }
}

/** Addresses repeat in every stanza, and stringprep goes through them character by character. */
const known = new Map<string, string | null>();
const MAX_KNOWN = 5000;
/** A full address whose resource stringprep leaves as it is; devices come and go, the bare address stays. */
const PLAIN_RESOURCE = /^([^/]+)\/[\x20-\x7e]{1,1023}$/;

/** A bare address in prepared form, or null where it is none. Accepts a full address too. */
export function bareAddress(text: string | undefined): string | null {
  if (text === undefined || text === '' || text.length > 3071) return null;
  const key = PLAIN_RESOURCE.exec(text)?.[1] ?? text;
  const found = known.get(key);
  if (found !== undefined) return found;
  const prepared = prepare(key);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, prepared);
  return prepared;
}

function prepare(text: string): string | null {
  try {
    return JID.toBare(text);
  } catch {
    // Not an address: stringprep refused it. Null says so.
    return null;
  }
}
