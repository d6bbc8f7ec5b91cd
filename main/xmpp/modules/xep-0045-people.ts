// XEP-0045: Multi-User Chat, version 1.35.1, sections 8 to 10: who is what in a room (`muc#admin`)
import type { IQ } from 'stanza/protocol/index.js';
import type { Affiliated, Affiliation, Role } from '../room-types.ts';
import { bareAddress } from '../server-address.ts';
import type { IqPort } from './iq-port.ts';
import { clipped } from './xep-0249-direct-invitations.ts';

/** People of one list that are taken. */
const MOST = 10_000;

interface Item {
  readonly jid?: string;
  readonly nick?: string;
  readonly reason?: string;
}

/** Everybody with this affiliation. Throws IqError. */
export async function fetchAffiliated(
  port: IqPort,
  room: string,
  affiliation: Affiliation,
): Promise<Affiliated[]> {
  const muc = { type: 'user-list', users: [{ affiliation }] };
  const answer = await port.send({ type: 'get', to: room, muc } as unknown as IQ);
  const items = (answer.muc as { users?: readonly Item[] } | undefined)?.users ?? [];
  return items.slice(0, MOST).flatMap(({ jid, nick, reason }): Affiliated[] => {
    const address = bareAddress(jid);
    return address === null ? [] : [{ address, nick: nick || null, affiliation, reason: clipped(reason) }];
  });
}

/** Throws IqError. */
export async function changePerson(
  port: IqPort,
  room: string,
  item: ({ jid: string; affiliation: Affiliation } | { nick: string; role: Role }) & { reason: string },
): Promise<void> {
  const { reason, ...who } = item;
  const users = [{ ...who, ...(reason === '' ? {} : { reason }) }];
  await port.send({ type: 'set', to: room, muc: { type: 'user-list', users } } as unknown as IQ);
}
