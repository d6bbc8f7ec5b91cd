// RFC 6121 sections 2 and 3: roster and subscriptions
import type { IQ } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';
import type { RosterItem } from '../types.ts';
import type { IqPort } from './iq-port.ts';

const states = new Set(['none', 'to', 'from', 'both', 'remove']);

/** Items of a roster result or push; what is no address is left out. */
export function readRoster(iq: IQ): RosterItem[] {
  const items = (iq as unknown as { roster?: { items?: Record<string, unknown>[] } }).roster?.items ?? [];
  return items.flatMap((item) => {
    const address = bareAddress(typeof item['jid'] === 'string' ? item['jid'] : undefined);
    if (address === null) return [];
    const subscription = states.has(String(item['subscription'])) ? item['subscription'] : 'none';
    const name = typeof item['name'] === 'string' && item['name'] !== '' ? item['name'].slice(0, 200) : null;
    const pending = item['pending'] === 'subscribe' || item['ask'] === 'subscribe';
    return [{ address, name, subscription: subscription as RosterItem['subscription'], pending }];
  });
}

export async function fetchRoster(port: IqPort): Promise<RosterItem[]> {
  return readRoster(await port.send({ type: 'get', roster: {} } as unknown as IQ));
}

export async function setRosterItem(port: IqPort, address: string, name: string | null): Promise<void> {
  const item = { jid: address, ...(name === null ? {} : { name }) };
  await port.send({ type: 'set', roster: { items: [item] } } as unknown as IQ);
}
