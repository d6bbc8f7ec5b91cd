// XEP-0191: Blocking Command, version 1.3.1
import type { IQ } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';
import type { BlockPush } from '../reach-types.ts';
import type { IqPort } from './iq-port.ts';

interface BlockList {
  readonly action?: string;
  readonly jids?: readonly string[];
}

/** Prepared addresses; whole domains too. What is blocked by its resource alone blocks nobody here. */
const addresses = (jids: readonly string[] = []): string[] =>
  jids.flatMap((jid) => (jid.includes('/') ? [] : (bareAddress(jid) ?? [])));

/** Everybody blocked. Asking also subscribes this connection to changes (section 3.4). Throws IqError. */
export async function fetchBlocked(port: IqPort): Promise<string[]> {
  const answer = await port.send({ type: 'get', blockList: { action: 'list' } } as unknown as IQ);
  return addresses((answer as { blockList?: BlockList }).blockList?.jids);
}

export async function setBlocked(
  port: IqPort,
  action: 'block' | 'unblock',
  list: readonly string[],
): Promise<void> {
  // An empty list would unblock everybody (section 3.5), or be refused.
  if (list.length === 0) return;
  await port.send({ type: 'set', blockList: { action, jids: list } } as unknown as IQ);
}

/** What another device or app did; an `unblock` of nobody is one of everybody (section 3.5). Null: not a push. */
export function readBlockPush(iq: IQ): BlockPush | null {
  const list = (iq as { blockList?: BlockList }).blockList;
  if (list?.action !== 'block' && list?.action !== 'unblock') return null;
  const everybody = list.action === 'unblock' && (list.jids ?? []).length === 0;
  return { action: list.action, addresses: everybody ? 'everybody' : addresses(list.jids) };
}
