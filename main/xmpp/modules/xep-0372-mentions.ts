// XEP-0372: References, version 0.7.0: mentions; positions as in XEP-0426
import { JXT } from 'stanza';
import { bareAddress } from '../server-address.ts';
import type { WireMention } from '../room-types.ts';
import type { XmlElement } from '../xml-stream.ts';

const NS = 'urn:xmpp:reference:0';
/** More people are named by nobody. */
const MOST = 50;

declare module 'stanza/protocol/index.js' {
  interface Message {
    /** In the body as it is on the wire, fallbacks included. */
    mentions?: WireMention[];
  }
}

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : null;

function addressIn(uri: string): string | null {
  if (!uri.startsWith('xmpp:')) return null;
  try {
    return bareAddress(decodeURIComponent(uri.slice('xmpp:'.length).split('?')[0] ?? ''));
  } catch {
    // A lone % is no URI (RFC 3986 section 2.1).
    return null;
  }
}

function parse(message: XmlElement): WireMention[] | undefined {
  const found = message.getChildren('reference', NS).flatMap((reference): WireMention[] => {
    const start = whole(reference.getAttribute('begin'));
    const end = whole(reference.getAttribute('end'));
    const address = addressIn(reference.getAttribute('uri') ?? '');
    if (reference.getAttribute('type') !== 'mention' || start === null || end === null || address === null)
      return [];
    return end > start ? [{ address, start, length: end - start }] : [];
  });
  return found.length > 0 ? found.slice(0, MOST) : undefined;
}

/** RFC 5122 section 2.2: what an address may have and a URI may not. */
const toUri = (address: string): string => `xmpp:${encodeURI(address).replace(/[?#]/g, encodeURIComponent)}`;

function build(message: XmlElement, all: readonly WireMention[]): void {
  for (const { address, start, length } of all) {
    const place = { begin: String(start), end: String(start + length) };
    message.appendChild(
      new JXT.XMLElement('reference', { xmlns: NS, type: 'mention', uri: toUri(address), ...place }),
    );
  }
}

export const mentions = JXT.extendMessage({ mentions: { importer: parse, exporter: build } });

/** Those that lie in a text of this many code points, in order, without two at one place. */
export function mentionsIn(all: readonly WireMention[], points: number): WireMention[] {
  const sound = all
    .filter(({ start, length }) => start >= 0 && length > 0 && start + length <= points)
    .toSorted((a, b) => a.start - b.start);
  return sound.filter((mention, at) => {
    const before = sound[at - 1];
    return before === undefined || before.start + before.length <= mention.start;
  });
}
