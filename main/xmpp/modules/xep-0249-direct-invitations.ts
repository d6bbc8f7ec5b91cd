// XEP-0249: Direct MUC Invitations, version 1.2
import type { ReceivedMessage } from 'stanza/protocol/index.js';
import { bareAddress } from '../server-address.ts';

/** What an invitation says; the sender of the message is who invites. */
export interface DirectInvitation {
  readonly room: string;
  readonly reason: string;
  readonly password: string | null;
}

/** Of the reason, characters. */
const MOST = 1000;

export const clipped = (text: unknown): string =>
  typeof text === 'string' ? text.trim().slice(0, MOST) : '';

/** The direct invitation in a message, or null. */
export function readDirectInvitation(stanza: ReceivedMessage): DirectInvitation | null {
  const { muc } = stanza;
  if (muc?.type !== 'direct-invite') return null;
  const room = bareAddress(muc.jid);
  // Section 2: the room's bare address; without a local part it is no room.
  if (room === null || !room.includes('@')) return null;
  return { room, reason: clipped(muc.reason ?? muc.legacyReason), password: clipped(muc.password) || null };
}
