import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { PostcardError } from '../../contract/errors.ts';
import { isLoopbackHost } from './channel.ts';

const inner = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  inner.addSubnet(net, bits, 'ipv4');
}
/** Only global unicast is public; of it, documentation and tunnels that end at other addresses are not. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const inner6 = new BlockList();
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  inner6.addSubnet(net, bits, 'ipv6');
}

/** Whether an IP address is on the public Internet (RFC 6890 and its registries). */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const ip = mapped ?? address.replace(/%.*$/, '');
  if (isIP(ip) === 4) return !inner.check(ip, 'ipv4');
  return isIP(ip) === 6 && global6.check(ip, 'ipv6') && !inner6.check(ip, 'ipv6');
}

export interface CheckedUrl {
  readonly url: URL;
  /** The addresses to connect to and no others: a second look-up could say something else (DNS rebinding). */
  readonly addresses: readonly { address: string; family: number }[];
}

/**
 * Checks where a file is to be fetched from or put to: https, or http to loopback; no credentials in it; no
 * private network unless `allowPrivate` says so for its host. Rejects with PostcardError `download-refused`
 * {host, reason}, `download-failed` {host}.
 */
export async function checkUrl(
  text: string,
  allowPrivate: (host: string, url: URL) => boolean,
): Promise<CheckedUrl> {
  if (!URL.canParse(text)) throw new PostcardError('download-refused', { reason: 'address' });
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const plain = url.protocol === 'http:' && isLoopbackHost(host);
  if ((url.protocol !== 'https:' && !plain) || url.username !== '' || url.password !== '') {
    throw new PostcardError('download-refused', { host, reason: 'scheme' });
  }
  const addresses = await resolve(host);
  if (!allowPrivate(host, url)) {
    const hidden = addresses.some(({ address }) => !isPublicAddress(address));
    if (hidden) throw new PostcardError('download-refused', { host, reason: 'private-network' });
  }
  // `localhost` without TLS must stay on this machine whatever a resolver makes of the name.
  if (plain && addresses.some(({ address }) => !isLoopbackHost(address))) {
    throw new PostcardError('download-refused', { host, reason: 'scheme' });
  }
  return { url, addresses };
}

async function resolve(host: string): Promise<{ address: string; family: number }[]> {
  if (isIP(host) !== 0) return [{ address: host, family: isIP(host) }];
  try {
    const found = await lookup(host, { all: true });
    if (found.length > 0) return found;
  } catch (error) {
    throw new PostcardError('download-failed', { host, reason: 'dns' }, { cause: error });
  }
  throw new PostcardError('download-failed', { host, reason: 'dns' });
}
