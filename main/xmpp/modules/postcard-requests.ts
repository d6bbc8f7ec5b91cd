// urn:postcard:requests:0, our own: what the hub holds back from people not let in (docs/mechanisms/requests.md)
import { JXT } from 'stanza';
import type { IQ, ReceivedMessage } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { HeldCount } from '../request-types.ts';
import { bareAddress } from '../server-address.ts';
import type { XmlElement } from '../xml-stream.ts';
import type { IqPort } from './iq-port.ts';

const NS = 'urn:postcard:requests:0';

/** As it stands on the wire: nothing of it is checked. */
interface Raw {
  readonly from?: string;
  readonly messages?: string;
  readonly photos?: string;
  readonly stamp?: string;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    heldBack?: Raw;
  }
  interface IQPayload {
    heldBack?: { readonly all: readonly Raw[] };
  }
}

function read(element: XmlElement): Raw {
  const attribute = (name: string) => element.getAttribute(name);
  const values = ['from', 'messages', 'photos', 'stamp'].flatMap((name) => {
    const value = attribute(name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(values) as Raw;
}

const count = (text: string | undefined): number | null => {
  const number = /^\d{1,6}$/.test(text ?? '') ? Number(text) : Number.NaN;
  return Number.isInteger(number) ? number : null;
};

function toHeld(raw: Raw): HeldCount | null {
  const address = bareAddress(raw.from);
  const messages = count(raw.messages);
  const photos = count(raw.photos);
  if (address === null || messages === null || photos === null) return null;
  const at = Date.parse(raw.stamp ?? '');
  const now = Date.now();
  return { address, messages, photos: Math.min(photos, messages), at: at > 0 ? Math.min(at, now) : now };
}

/** The notice in a message, or null. The caller has checked that it is from my own server. */
export const readHeld = (stanza: ReceivedMessage): HeldCount | null =>
  stanza.heldBack === undefined ? null : toHeld(stanza.heldBack);

/** Null where the server knows nothing of this. */
export async function fetchHeld(port: IqPort): Promise<HeldCount[] | null> {
  try {
    const answer = await port.send({ type: 'get', heldBack: { all: [] } } as unknown as IQ);
    const all = (answer as { heldBack?: { all?: readonly Raw[] } }).heldBack?.all ?? [];
    return all.map(toHeld).filter((held) => held !== null);
  } catch (error) {
    if (error instanceof IqError) return null;
    throw error;
  }
}

export const heldNotice = JXT.extendMessage({
  heldBack: {
    importer: (message: XmlElement) => {
      const element = message.getChild('held', NS);
      return element && read(element);
    },
    // Only the server says this.
    exporter: () => undefined,
  },
});

export const heldQuery = JXT.extendIQ({
  heldBack: {
    importer: (iq: XmlElement) => {
      const query = iq.getChild('query', NS);
      return query && { all: query.getChildren('held', NS).map(read) };
    },
    exporter: (iq: XmlElement) => void iq.appendChild(new JXT.XMLElement('query', { xmlns: NS })),
  },
});
