import { StanzaError } from '../stanza.ts';
import type { Affiliation } from '../store/rooms.ts';

export type Role = 'moderator' | 'participant' | 'visitor' | 'none';

export interface Standing {
  readonly affiliation: Affiliation;
  readonly role: Role;
}

export type Action =
  | {
      readonly do: 'speak' | 'subject' | 'invite' | 'moderate' | 'configure' | 'read banned' | 'read members';
    }
  | { readonly do: 'affiliate'; readonly self: boolean; readonly target: Standing; readonly to: Affiliation }
  | { readonly do: 'role'; readonly target: Standing; readonly to: Role };

/** What a room allows everybody in it. */
export interface RoomRules {
  readonly allowInvites: boolean;
  readonly changeSubject: boolean;
}

const RANKS: Record<Affiliation, number> = { outcast: -1, none: 0, member: 1, admin: 2, owner: 3 };
export const rankOf = ({ affiliation }: { affiliation: Affiliation }): number => RANKS[affiliation];

/**
 * What may be done in a room, in one place (XEP-0045 §5.1.1, §5.2.1); the table is in docs/mechanisms/hub-rooms.md.
 * @throws StanzaError forbidden; not-allowed where the other one stands too high
 */
export function checkRight(actor: Standing, action: Action, rules: RoomRules): void {
  if (action.do === 'affiliate') return checkAffiliate(actor, action);
  if (action.do === 'role') return checkRole(actor, action);
  if (!mayAlone(actor, action.do, rules)) throw new StanzaError('forbidden');
}

function mayAlone(actor: Standing, what: Action['do'], rules: RoomRules): boolean {
  const rank = rankOf(actor);
  const moderates = actor.role === 'moderator' || rank >= RANKS.admin;
  const speaks = actor.role === 'moderator' || actor.role === 'participant';
  if (what === 'speak') return speaks;
  if (what === 'subject') return moderates || (speaks && rules.changeSubject);
  if (what === 'invite') return rank >= RANKS.admin || (speaks && rules.allowInvites);
  if (what === 'moderate') return moderates;
  if (what === 'read members') return rank >= RANKS.member;
  return what === 'configure' ? rank === RANKS.owner : rank >= RANKS.admin;
}

function checkAffiliate(actor: Standing, { self, target, to }: Action & { do: 'affiliate' }): void {
  const rank = rankOf(actor);
  // Whoever wants to go may; that an owner remains is for the room to see to.
  if (rank === RANKS.owner || (self && to === 'none' && rank > 0)) return;
  if (rank < RANKS.admin) throw new StanzaError('forbidden');
  if (rankOf(target) >= RANKS.admin || RANKS[to] >= RANKS.admin) throw new StanzaError('not-allowed');
}

function checkRole(actor: Standing, { target, to }: Action & { do: 'role' }): void {
  const rank = rankOf(actor);
  if (actor.role !== 'moderator' && rank < RANKS.admin) throw new StanzaError('forbidden');
  // An owner's and an administrator's role goes with what they are, and goes with that alone.
  const high = rankOf(target) >= RANKS.admin;
  if (high && (to !== 'none' || rank <= rankOf(target))) throw new StanzaError('not-allowed');
  const aboutModerator = to === 'moderator' || target.role === 'moderator';
  if (aboutModerator && rank < RANKS.admin) throw new StanzaError('forbidden');
}
