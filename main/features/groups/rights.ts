import type { GroupMember, GroupPolicy, GroupRights, GroupState, Rank } from '../../../contract/groups.ts';

/** Who I am in a group. */
export interface Standing {
  readonly rank: Rank;
  readonly state: GroupState;
  readonly muted: boolean;
  readonly policy: GroupPolicy;
}

const NOTHING: GroupRights = {
  write: false,
  media: false,
  links: false,
  invite: false,
  moderate: false,
  configure: false,
  destroy: false,
};

const isModerator = (rank: Rank): boolean => rank === 'owner' || rank === 'moderator';
/** `none`: in a room of another app that is open to all; there everybody is what a member is. */
const isIn = (rank: Rank): boolean => isModerator(rank) || rank === 'member' || rank === 'none';

/** What I may do in a group: the table of docs/mechanisms/groups.md. While I am on the way in, what I may do inside. */
export function rightsOf({ rank, state, muted, policy }: Standing): GroupRights {
  if ((state !== 'joined' && state !== 'joining') || !isIn(rank)) return NOTHING;
  const moderates = isModerator(rank);
  const speaks = !muted && (moderates || !policy.announcementsOnly);
  return {
    write: speaks,
    media: speaks && (moderates || policy.membersMay.media),
    links: speaks && (moderates || policy.membersMay.links),
    invite: moderates || (!muted && policy.membersMay.invite),
    moderate: moderates,
    configure: rank === 'owner',
    destroy: rank === 'owner',
  };
}

const NONE: GroupMember['may'] = {
  remove: false,
  ban: false,
  mute: false,
  makeModerator: false,
  makeMember: false,
  handOver: false,
};

/** What I may do with somebody. `self`: nothing, for leaving has its own place. */
export function rightsOver(
  me: Pick<Standing, 'rank' | 'state'>,
  them: { readonly rank: Rank; readonly self: boolean },
): GroupMember['may'] {
  if (me.state !== 'joined' || them.self || !isModerator(me.rank)) return NONE;
  const owner = me.rank === 'owner';
  const below = owner ? them.rank !== 'owner' : !isModerator(them.rank);
  const out = them.rank === 'banned';
  return {
    remove: below && !out,
    ban: below && !out,
    // A moderator's voice goes with their rank (XEP-0045 section 8.4): they would have to be made a member first.
    mute: below && !out && !isModerator(them.rank),
    makeModerator: owner && (them.rank === 'member' || them.rank === 'none'),
    makeMember: owner && them.rank === 'moderator',
    handOver: owner && !out && them.rank !== 'owner',
  };
}
