// XEP-0156: Discovering Alternative XMPP Connection Methods, version 1.4.0
import { domainToASCII } from 'node:url';
import * as v from 'valibot';

const hostMeta = v.object({
  links: v.array(v.object({ rel: v.string(), href: v.optional(v.string(), '') })),
});

const WEBSOCKET = 'urn:xmpp:alt-connections:websocket';
const MAX_BYTES = 64 * 1024;

/** The wss:// addresses in a host-meta document (JSON form, RFC 6415). `ws://` is ignored: not secure. */
export function parseHostMeta(json: unknown): string[] {
  const parsed = v.safeParse(hostMeta, json);
  if (!parsed.success) return [];
  return parsed.output.links
    .filter((link) => link.rel === WEBSOCKET && link.href.startsWith('wss://') && URL.canParse(link.href))
    .map((link) => link.href)
    .slice(0, 4);
}

/** Asks `https://domain/.well-known/host-meta.json`; empty where there is none. `timeout` in ms. */
export async function hostMetaWebSockets(domain: string, timeout: number): Promise<string[]> {
  if (!domain.includes('.')) return [];
  try {
    const response = await fetch(`https://${domainToASCII(domain)}/.well-known/host-meta.json`, {
      signal: AbortSignal.timeout(timeout),
      credentials: 'omit',
      redirect: 'follow',
    });
    if (!response.ok || Number(response.headers.get('content-length') ?? 0) > MAX_BYTES) return [];
    const text = await response.text();
    return text.length > MAX_BYTES ? [] : parseHostMeta(JSON.parse(text));
  } catch {
    // No such document: this way is not offered, the next one is tried.
    return [];
  }
}
