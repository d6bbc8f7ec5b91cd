// XEP-0045: Multi-User Chat, version 1.35.1, section 7.8.2: mediated invitations
import type { ReceivedMessage } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';
import { clipped } from './xep-0249-direct-invitations.ts';

export interface MediatedInvitation {
  readonly room: string;
  /** Whom the room names; null when it names nobody, or when nothing vouches for it. */
  readonly inviter: string | null;
  readonly reason: string;
  readonly password: string | null;
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);
const isOn = (domain: string, server: string): boolean => domain === server || domain.endsWith(`.${server}`);

/**
 * The invitation that a room passes on, or null. It counts only from the room's own bare address: an occupant (or
 * anybody with a resource) can't pass one on. Whom the room names is its own claim; it is believed where the room is
 * on my server or on the named person's, else anybody could pose as a friend who invites.
 */
export function readMediatedInvitation(
  stanza: ReceivedMessage,
  ownDomain: string,
): MediatedInvitation | null {
  const { muc } = stanza;
  if (muc === undefined || muc.type === 'direct-invite') return null;
  const [invite] = muc.invite ?? [];
  const room = bareAddress(stanza.from);
  if (invite === undefined || room === null || stanza.from !== room || !room.includes('@')) return null;
  const named = bareAddress(invite.from);
  const domain = domainOf(room);
  const vouched = named !== null && (isOn(domain, ownDomain) || isOn(domain, domainOf(named)));
  return {
    room,
    inviter: vouched ? named : null,
    reason: clipped(invite.reason),
    password: clipped(muc.password) || null,
  };
}
