import { createHash } from 'node:crypto';
import type { Group, GroupMember, Rank } from '../../../contract/groups.ts';
import {
  countHeld,
  countMembers,
  lastOwnMessage,
  peopleOfRank,
  type ReadableDb,
  type RoomPersonRow,
  type RoomRow,
} from '../../store/index.ts';
import type { Affiliation } from '../../xmpp/index.ts';
import { linkOf } from './link.ts';
import { policyOf } from './policy-schema.ts';
import { rightsOf, rightsOver } from './rights.ts';

/** XEP-0045 section 5.2 in our words. */
const ranks: Readonly<Record<Affiliation, Rank>> = {
  owner: 'owner',
  admin: 'moderator',
  member: 'member',
  none: 'none',
  outcast: 'banned',
};
export const rankOf = (affiliation: Affiliation): Rank => ranks[affiliation];

/** What of guidelines is remembered of having accepted them. */
export const guidelinesHash = (guidelines: string): string =>
  createHash('sha256').update(guidelines, 'utf8').digest('hex');

/** The guidelines as they are now were accepted, or there are none. */
export const hasAccepted = (room: RoomRow, guidelines: string): boolean =>
  guidelines === '' || room.acceptedGuidelines === guidelinesHash(guidelines);

/** Whether a mute holds now. */
export const isMuted = (until: number | null, now: number): boolean => until !== null && until > now;

/** Unix time, ms, before which slow mode takes no message of mine; 0: at once. Moderators are as fast as they like. */
export function nextMessageAt(db: ReadableDb, room: RoomRow, now: number): number {
  const { slowMode } = policyOf(room.policy);
  if (slowMode === 0 || room.rank === 'owner' || room.rank === 'moderator') return 0;
  const last = lastOwnMessage(db, room.conversationId, now - slowMode * 1000);
  if (last === null) return 0;
  const at = last + slowMode * 1000;
  return at > now ? at : 0;
}

/**
 * Whether I am muted. A server that knows roles alone refuses what I write until it has given the voice back, after the
 * end (docs/mechanisms/groups.md "Mutes"): not before the role says so is the mute over there.
 */
const amMuted = ({ mutedUntil, enforced, state }: RoomRow, now: number): boolean =>
  isMuted(mutedUntil, now) || (mutedUntil !== null && !enforced && state === 'joined');

export const standingOf = (room: RoomRow, now: number) => ({
  rank: room.rank,
  state: room.state,
  muted: amMuted(room, now),
  policy: policyOf(room.policy),
});

/** A group as windows see it. `now`: Unix ms. */
export function describeGroup(db: ReadableDb, room: RoomRow, now: number): Group {
  const policy = policyOf(room.policy);
  const may = rightsOf(standingOf(room, now));
  return {
    conversationId: room.conversationId,
    address: room.address,
    name: room.name || localPart(room.address),
    description: room.description,
    avatar: room.pictureSha256,
    state: room.state,
    reason: room.reason,
    rank: room.rank,
    nick: room.nick,
    mutedUntil: amMuted(room, now) ? room.mutedUntil : null,
    may,
    members: countMembers(db, room.conversationId),
    moderators: (['owner', 'moderator'] as const).flatMap((rank) =>
      peopleOfRank(db, room.conversationId, rank).map(({ address }) => ({ address, rank })),
    ),
    history: room.history,
    policy,
    enforced: room.enforced,
    guidelinesAccepted: may.moderate || hasAccepted(room, policy.guidelines),
    nextMessageAt: nextMessageAt(db, room, now),
    held: may.moderate ? countHeld(db, room.conversationId) : 0,
    link: linkOf(room.address),
  };
}

/** Somebody of it, and what I may do with them. */
export function describeMember(
  room: RoomRow,
  person: RoomPersonRow,
  o: { ownAddress: string; now: number },
): GroupMember {
  const self = person.address === o.ownAddress;
  return {
    address: person.address.includes('/') ? null : person.address,
    nick: person.nick,
    name: person.name,
    avatar: person.avatar,
    rank: person.rank,
    self,
    present: person.present,
    mutedUntil: isMuted(person.mutedUntil, o.now) ? person.mutedUntil : null,
    reason: person.reason,
    may: rightsOver(room, { rank: person.rank, self }),
  };
}

const localPart = (address: string): string => address.slice(0, Math.max(0, address.indexOf('@')));
