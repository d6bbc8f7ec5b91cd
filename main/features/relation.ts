import type { PersonRow } from '../store/index.ts';
import type { RosterItem } from '../xmpp/index.ts';

/** The group of a roster item that says, to all devices and apps: this one is let in, although only they follow. */
export const ACCEPTED = 'Accepted';

type RosterPart = Pick<
  PersonRow,
  'subscription' | 'inRoster' | 'accepted' | 'followPending' | 'rosterGroups' | 'name'
>;

/** What a person is without a roster item. */
export const outOfRoster: RosterPart = {
  subscription: 'none',
  inRoster: false,
  accepted: false,
  followPending: false,
  rosterGroups: [],
  name: '',
};

/**
 * What a roster item says of somebody. Whoever is in the roster is let in, but for a follower: that one got in by
 * themselves, and stays outside when they stop following and leave a bare item behind.
 * @param before what was stored; null where nothing was
 */
export function readItem(item: RosterItem, before: PersonRow | null, name: string): RosterPart {
  const { subscription, pending: followPending, groups: rosterGroups } = item;
  if (subscription === 'remove') return outOfRoster;
  const wasFollower = before !== null && before.inRoster && !before.accepted;
  const accepted =
    subscription === 'to' ||
    subscription === 'both' ||
    followPending ||
    rosterGroups.includes(ACCEPTED) ||
    (subscription === 'none' && !wasFollower);
  return { subscription, inRoster: true, accepted, followPending, rosterGroups, name };
}

/** An item that a follower left behind: it would look like somebody who was let in. */
export const isLeftover = (part: RosterPart): boolean =>
  part.inRoster && part.subscription === 'none' && !part.accepted;
