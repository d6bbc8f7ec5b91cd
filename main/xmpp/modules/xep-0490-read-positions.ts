// XEP-0490: Message Displayed Synchronization, version 1.0.1
import { JXT } from 'stanza';
import { bareAddress } from '../server-address.ts';
import type { ReadPosition } from '../reach-types.ts';
import type { IqPort } from './iq-port.ts';
import { fetchItems, publishItem } from './xep-0223-private-storage.ts';

/** The node, and the namespace of what is in it. */
export const READ_POSITIONS = 'urn:xmpp:mds:displayed:0';
const SID = 'urn:xmpp:sid:0';

export const displayedPosition = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'displayed',
  namespace: READ_POSITIONS,
  type: READ_POSITIONS,
  typeField: 'itemType',
  fields: {
    stanzaId: JXT.childAttribute(SID, 'stanza-id', 'id'),
    by: JXT.childAttribute(SID, 'stanza-id', 'by'),
  },
};

/** An item of an answer or an event; null when it is not sound. Only ids that my own archive or that room gave count. */
export function readPosition(item: unknown, own: string): ReadPosition | null {
  const { id, content } = (item ?? {}) as { id?: unknown; content?: Record<string, unknown> };
  const peer = typeof id === 'string' ? bareAddress(id) : null;
  const stanzaId = content?.['stanzaId'];
  const by = content?.['by'];
  if (peer === null || content?.['itemType'] !== READ_POSITIONS || (by !== own && by !== peer)) return null;
  if (typeof stanzaId !== 'string' || stanzaId === '') return null;
  return { peer, stanzaId, ...(by === own ? {} : { inRoom: true }) };
}

export async function fetchReadPositions(port: IqPort): Promise<ReadPosition[]> {
  const items = await fetchItems(port, READ_POSITIONS);
  return items.flatMap((item) => readPosition(item, port.own) ?? []);
}

export async function publishReadPosition(
  port: IqPort,
  { peer, stanzaId, inRoom }: ReadPosition,
): Promise<void> {
  const content = { itemType: READ_POSITIONS, stanzaId, by: inRoom ? peer : port.own };
  await publishItem(port, READ_POSITIONS, { id: peer, content });
}
