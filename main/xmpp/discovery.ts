import { promises as dns } from 'node:dns';
import { domainToASCII } from 'node:url';
import { PostcardError } from '../../contract/errors.ts';
import { type Channel, connectionProblem, isLoopbackHost, OPEN_TIMEOUT } from './channel.ts';
import { openWebSocket } from './channel-websocket.ts';
import { hostMetaWebSockets } from './modules/xep-0156-host-meta.ts';
import { openTcp } from './transport-tcp.ts';
import type { ServerTarget } from './types.ts';

/** One way to a server. */
export type Endpoint =
  | { readonly kind: 'websocket'; readonly url: string }
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      readonly direct: boolean;
      readonly names: readonly string[];
    };

/** Remembers, for one session, which way worked, so that a reconnect does not ask around again. */
export interface Route {
  last: Endpoint | null;
}

/**
 * Opens the first way that works: the one that worked last, an explicit address, or what the domain announces
 * (XEP-0368 direct TLS, RFC 6120 STARTTLS, XEP-0156 WebSocket, then the default ports).
 * Rejects with the PostcardError that says most: a bad certificate before "unreachable" before "not found".
 */
export async function openChannel(target: ServerTarget, route: Route, signal: AbortSignal): Promise<Channel> {
  const problems: PostcardError[] = [];
  const tried = new Set<string>();
  for await (const endpoint of candidates(target, route)) {
    const key = JSON.stringify(endpoint);
    if (tried.has(key)) continue;
    tried.add(key);
    signal.throwIfAborted();
    try {
      const channel = await open(endpoint, signal);
      route.last = endpoint;
      return channel;
    } catch (error) {
      problems.push(connectionProblem(error, target.domain));
    }
  }
  route.last = null;
  throw worst(problems, target.domain);
}

async function* candidates(target: ServerTarget, route: Route): AsyncGenerator<Endpoint> {
  if (route.last !== null) yield route.last;
  if (target.endpoint !== null) {
    yield explicit(target.endpoint, target.domain);
    return;
  }
  const { domain } = target;
  const names = [domain];
  const direct = await records('_xmpps-client._tcp', domain);
  for (const found of direct) yield { kind: 'tcp', ...found, direct: true, names };
  const plain = await records('_xmpp-client._tcp', domain);
  for (const found of plain) yield { kind: 'tcp', ...found, direct: false, names };
  for (const url of await hostMetaWebSockets(domain, OPEN_TIMEOUT)) yield { kind: 'websocket', url };
  if (direct.length > 0 || plain.length > 0) return;
  yield { kind: 'tcp', host: domain, port: 5223, direct: true, names };
  yield { kind: 'tcp', host: domain, port: 5222, direct: false, names };
}

function explicit(address: string, domain: string): Endpoint {
  const url = new URL(address);
  if (url.protocol === 'ws:' || url.protocol === 'wss:') return { kind: 'websocket', url: url.href };
  const direct = url.protocol === 'xmpps:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (direct ? 5223 : 5222) : Number(url.port);
  // RFC 6120 section 13.7.2.1: a host that the person named is a source domain as good as the address's own.
  return { kind: 'tcp', host, port, direct, names: [...new Set([domain, host])] };
}

function open(endpoint: Endpoint, signal: AbortSignal): Promise<Channel> {
  if (endpoint.kind === 'websocket') return openWebSocket(endpoint.url, signal);
  return openTcp(endpoint, signal);
}

/** SRV records (RFC 2782) by priority, heavier first within one. Empty where there are none. */
async function records(service: string, domain: string): Promise<{ host: string; port: number }[]> {
  if (isLoopbackHost(domain) || !domain.includes('.')) return [];
  const resolver = new dns.Resolver({ timeout: OPEN_TIMEOUT / 2, tries: 2 });
  // A resolver of its own has the time limit; whom it asks is this process's choice.
  resolver.setServers(dns.getServers());
  try {
    const found = await resolver.resolveSrv(`${service}.${domainToASCII(domain)}`);
    return found
      .filter((record) => record.name !== '' && record.name !== '.')
      .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
      .slice(0, 8)
      .map((record) => ({ host: record.name, port: record.port }));
  } catch {
    // No record, no DNS: the next way is tried, and failing to reach that one is what gets reported.
    return [];
  }
}

function worst(problems: readonly PostcardError[], domain: string): PostcardError {
  for (const code of ['certificate-invalid', 'connection-insecure', 'server-unreachable'] as const) {
    const found = problems.find((problem) => problem.code === code);
    if (found !== undefined) return found;
  }
  return problems[0] ?? new PostcardError('server-not-found', { host: domain });
}
