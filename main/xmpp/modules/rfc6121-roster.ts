// RFC 6121 sections 2 and 3: roster and subscriptions
import type { IQ } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';
import type { RosterItem } from '../types.ts';
import type { IqPort } from './iq-port.ts';

const states = new Set(['none', 'to', 'from', 'both', 'remove']);
/** Groups of one item that are read, and characters of each. */
const MAX_GROUPS = 50;
const MAX_GROUP = 200;

/** Items of a roster result or push; what is no address is left out. */
export function readRoster(iq: IQ): RosterItem[] {
  const items = (iq as unknown as { roster?: { items?: Record<string, unknown>[] } }).roster?.items ?? [];
  return items.flatMap((item) => {
    const address = bareAddress(typeof item['jid'] === 'string' ? item['jid'] : undefined);
    if (address === null) return [];
    const subscription = states.has(String(item['subscription'])) ? item['subscription'] : 'none';
    const name = typeof item['name'] === 'string' && item['name'] !== '' ? item['name'].slice(0, 200) : null;
    const pending = item['pending'] === 'subscribe';
    const groups = readGroups(item['groups']);
    return [{ address, name, subscription: subscription as RosterItem['subscription'], pending, groups }];
  });
}

function readGroups(groups: unknown): string[] {
  if (!Array.isArray(groups)) return [];
  const texts = groups.filter((group): group is string => typeof group === 'string' && group !== '');
  return [...new Set(texts)].slice(0, MAX_GROUPS).filter((group) => group.length <= MAX_GROUP);
}

export async function fetchRoster(port: IqPort): Promise<RosterItem[]> {
  return readRoster(await port.send({ type: 'get', roster: {} } as unknown as IQ));
}

/** Section 2.3 and 2.4. It takes the place of the item's name and groups; its subscription stays. */
export async function setRosterItem(
  port: IqPort,
  item: { address: string; name: string | null; groups: readonly string[] },
): Promise<void> {
  const { address, name, groups } = item;
  const sent = { jid: address, ...(name === null ? {} : { name }), groups: [...groups] };
  await port.send({ type: 'set', roster: { items: [sent] } } as unknown as IQ);
}

/** Section 2.5: takes the item out, and ends what there is of subscriptions in both directions. */
export async function removeRosterItem(port: IqPort, address: string): Promise<void> {
  const items = [{ jid: address, subscription: 'remove' }];
  await port.send({ type: 'set', roster: { items } } as unknown as IQ);
}
