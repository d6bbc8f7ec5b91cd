// XEP-0045: Multi-User Chat, version 1.35.1, section 7.8.2: mediated invitations
import { JXT } from 'stanza';
import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';
import type { XmlElement } from '../xml-stream.ts';
import { MUC_USER } from './xep-0045-said.ts';

declare module 'stanza/protocol/index.js' {
  interface Message {
    /** Only on its way out. */
    declining?: { readonly to: string; readonly reason: string };
  }
}

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
 * on my server or on the named person's, else anybody could pose as a friend who invites. Some servers (Prosody) name
 * an occupant, whom nobody outside can know: that may be somebody I blocked, and is no invitation (`hidden`); the
 * direct one that goes with it is.
 */
export function readMediatedInvitation(
  stanza: ReceivedMessage,
  ownDomain: string,
): MediatedInvitation | 'hidden' | null {
  const says = stanza.roomSays;
  const room = bareAddress(stanza.from);
  if (says === undefined || says === 'forged' || says.invited === null) return null;
  if (room === null || stanza.from !== room || !room.includes('@')) return null;
  const { address: named, reason, password } = says.invited;
  if (named === room) return 'hidden';
  const domain = domainOf(room);
  const vouched = named !== null && (isOn(domain, ownDomain) || isOn(domain, domainOf(named)));
  return {
    room,
    inviter: vouched ? named : null,
    reason,
    password,
  };
}

/** Section 7.8.2: the room passes it on. */
export const invitationOf = (id: string, room: string, address: string, reason: string): Message => ({
  id,
  to: room,
  muc: { type: 'info', invite: [{ to: address, ...(reason === '' ? {} : { reason }) }] },
});

/** XEP-0249: from me, for where the room does not say who invites. */
export const directInvitationOf = (room: string, address: string, reason: string): Message => ({
  to: address,
  muc: { type: 'direct-invite', jid: room, ...(reason === '' ? {} : { reason }) },
});

/** The answer no, to be passed on by the room. */
export const declineOf = (room: string, inviter: string, reason: string): Message => ({
  to: room,
  declining: { to: inviter, reason },
});

/** The library has this one under a type that it does not write. */
function buildDecline(message: XmlElement, { to, reason }: { to: string; reason: string }): void {
  const decline = new JXT.XMLElement('decline', { to });
  if (reason !== '') decline.appendChild(new JXT.XMLElement('reason', {}, [reason]));
  message.appendChild(new JXT.XMLElement('x', { xmlns: MUC_USER }, [decline]));
}

export const declining = JXT.extendMessage({
  declining: { importer: () => undefined, exporter: buildDecline },
});
