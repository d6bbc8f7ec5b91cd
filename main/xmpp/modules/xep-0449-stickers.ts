// XEP-0449: Stickers, version 0.2.0
import { JXT } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import { bareAddress } from '../server-address.ts';
import type { PackItem, PackNode, StickerCalls, WirePack } from '../sticker-types.ts';
import type { XmlElement } from '../xml-stream.ts';
import type { IqPort } from './iq-port.ts';
import { openList, privateList, publishItem } from './xep-0223-private-storage.ts';
import { STICKERS } from './xep-0449-pack.ts';

/** The node of the same items for my own devices alone. */
export const PRIVATE_STICKERS = 'urn:postcard:stickers:0';
/** Packs of one node that are read. */
const MAX_ITEMS = 200;

/** The `<sticker/>` of a message, nothing checked. */
export interface StickerElement {
  readonly pack?: string | undefined;
  readonly jid?: string | undefined;
  readonly node?: string | undefined;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    sticker?: StickerElement;
  }
}

/** Where the pack of a message's sticker is said to be; only addresses and names that can be one. */
export function packPlace(
  sticker: StickerElement,
): { pack: string; owner: string | null; node: string | null } | null {
  const { pack = '', jid, node } = sticker;
  if (pack === '' || pack.length > 1023) return null;
  if (jid === undefined && node === undefined) return { pack, owner: null, node: null };
  const owner = jid === undefined ? null : bareAddress(jid);
  // A node without an address is one of the sender's; an address that is none leads nowhere.
  if ((jid !== undefined && owner === null) || (node?.length ?? 0) > 1023) return null;
  return { pack, owner, node: node ?? null };
}

const readMark = (message: XmlElement): StickerElement | undefined => {
  const found = message.getChild('sticker', STICKERS);
  if (found === undefined) return undefined;
  return {
    pack: found.getAttribute('pack'),
    jid: found.getAttribute('jid'),
    node: found.getAttribute('node'),
  };
};

function writeMark(message: XmlElement, { pack, jid, node }: StickerElement): void {
  message.appendChild(new JXT.XMLElement('sticker', { xmlns: STICKERS, pack, jid, node }));
}

export const stickerMark = JXT.extendMessage({ sticker: { importer: readMark, exporter: writeMark } });

const nodes: Record<PackNode, { name: string; options: typeof openList }> = {
  open: { name: STICKERS, options: openList },
  private: { name: PRIVATE_STICKERS, options: privateList },
};

function readItem(item: unknown): PackItem[] {
  const { id, content } = (item ?? {}) as { id?: unknown; content?: { itemType?: unknown; pack?: unknown } };
  if (typeof id !== 'string' || content?.itemType !== STICKERS) return [];
  // What the definition above has read.
  return [{ id, pack: (content.pack as WirePack | null | undefined) ?? null }];
}

async function fetchAll(port: IqPort, to: string, fetch: object): Promise<PackItem[]> {
  const answer = await port.send({ type: 'get', to, pubsub: { fetch } } as unknown as IQ);
  const found = (answer.pubsub as { fetch?: { items?: unknown[] } } | undefined)?.fetch?.items ?? [];
  return found.slice(0, MAX_ITEMS).flatMap(readItem);
}

const isMissing = (error: unknown) => error instanceof IqError && error.condition === 'item-not-found';

/** `port` throws `offline` while there is no connection; all of these reject with it then. */
export function stickerCalls(port: () => IqPort): StickerCalls {
  return {
    fetch: async (owner, node, id) => {
      const items = await fetchAll(port(), owner, { node, items: [{ id }] });
      // Whatever was asked for: only the item of this id is it.
      return items.find((item) => item.id === id)?.pack ?? null;
    },
    own: async (node) => {
      const { own } = port();
      return fetchAll(port(), own, { node: nodes[node].name }).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
    },
    publish: async (node, id, pack) => {
      const { name, options } = nodes[node];
      await publishItem(port(), name, { id, content: { itemType: STICKERS, pack } }, options);
    },
    retract: async (node, id) => {
      const retract = { node: nodes[node].name, id, notify: true };
      await port()
        .send({ type: 'set', pubsub: { retract } } as unknown as IQ)
        .catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
    },
  };
}
