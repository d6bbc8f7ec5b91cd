// XEP-0030: Service Discovery, version 2.5.0; XEP-0115: Entity Capabilities, version 1.6.0
import type { Agent } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../../contract/errors.ts';
import { IqError } from '../iq.ts';
import type { IqPort } from './iq-port.ts';
import { CORRECTION } from './xep-0308-correction.ts';
import { RETRACTION } from './xep-0424-retraction.ts';
import { REACTIONS } from './xep-0444-reactions.ts';
import { SFS } from './xep-0447-file-sharing.ts';
import { STICKERS } from './xep-0449-pack.ts';
import { PRIVATE_STICKERS } from './xep-0449-stickers.ts';
import { REPLIES } from './xep-0461-replies.ts';

export interface DiscoInfo {
  readonly features: readonly string[];
  readonly identities: readonly { readonly category?: string; readonly type?: string }[];
  readonly extensions: readonly { fields?: { name?: string; value?: unknown }[] }[];
}

/** What an entity offers; null where it does not say. Throws PostcardError `offline`. */
export async function discoInfo(port: IqPort, address: string): Promise<DiscoInfo | null> {
  const answer = await ask(port, { type: 'get', to: address, disco: { type: 'info' } } as unknown as IQ);
  if (answer === null) return null;
  const info = answer.disco as Partial<DiscoInfo> | undefined;
  return {
    features: info?.features ?? [],
    identities: info?.identities ?? [],
    extensions: info?.extensions ?? [],
  };
}

/** Addresses of an entity's items, at most 32. */
export async function discoItems(port: IqPort, address: string): Promise<string[]> {
  const answer = await ask(port, { type: 'get', to: address, disco: { type: 'items' } } as unknown as IQ);
  const items = (answer?.disco as { items?: { jid?: string }[] } | undefined)?.items ?? [];
  return items.flatMap((item) => item.jid ?? []).slice(0, 32);
}

async function ask(port: IqPort, iq: IQ): Promise<IQ | null> {
  try {
    return await port.send(iq);
  } catch (error) {
    const silent = error instanceof PostcardError && error.code === 'no-answer';
    if (error instanceof IqError || silent) return null;
    throw error;
  }
}

/** A field of the extension form of this type (XEP-0128); the first of several values. */
export function formValue(info: DiscoInfo, type: string, field: string): string | null {
  for (const form of info.extensions) {
    const value = (name: string) => form.fields?.find((entry) => entry.name === name)?.value;
    if (value('FORM_TYPE') !== type) continue;
    const given = value(field);
    const found: unknown = Array.isArray(given) ? given[0] : given;
    return typeof found === 'string' ? found : null;
  }
  return null;
}

const features = [
  'jabber:x:oob',
  'urn:xmpp:receipts',
  'urn:xmpp:sid:0',
  CORRECTION,
  RETRACTION,
  'http://jabber.org/protocol/nick',
  'http://jabber.org/protocol/nick+notify',
  'urn:xmpp:avatar:metadata',
  'urn:xmpp:avatar:metadata+notify',
  'urn:xmpp:mds:displayed:0+notify',
  REACTIONS,
  REPLIES,
  SFS,
  STICKERS,
  // Packs that another device of mine publishes.
  `${STICKERS}+notify`,
  `${PRIVATE_STICKERS}+notify`,
  // Rooms that another device of mine entered or left (XEP-0402).
  'urn:xmpp:bookmarks:1+notify',
  // Settings of this account that another device changes (XEP-0223).
  'urn:postcard:refused:0+notify',
  'urn:postcard:settings:0+notify',
  'urn:postcard:contacts:0+notify',
  'urn:postcard:pins:0+notify',
];

/** Says what this app is and can do; PEP events come for what is named with `+notify`. */
export function announce(client: Agent): void {
  const { disco } = client as unknown as {
    disco: { addFeature(name: string): void; identities: Map<string, object[]> };
  };
  for (const feature of features) disco.addFeature(feature);
  disco.identities.set('', [{ category: 'client', type: 'pc', name: 'Postcard' }]);
}

/** The presence element that names the announced features. */
export function capabilities(client: Agent): object {
  const host = client as unknown as {
    config: { capsNode?: string };
    updateCaps(): unknown;
    getCurrentCaps(): { legacyCapabilities?: object } | undefined;
  };
  host.config.capsNode = 'urn:postcard:app:0';
  host.updateCaps();
  return host.getCurrentCaps()?.legacyCapabilities ?? [];
}
