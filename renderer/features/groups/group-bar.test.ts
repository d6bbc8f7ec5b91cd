import { describe, expect, it } from 'vitest';
import { defaultPolicy, type Group } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { barrierOf, countdown } from './group-bar.ts';

const now = Date.UTC(2026, 0, 5, 12);
const group: Group = {
  conversationId: 1 as ConversationId, // the row id of no database
  address: 'club@rooms.test',
  name: 'Photo club',
  description: '',
  avatar: null,
  state: 'joined',
  reason: '',
  rank: 'member',
  nick: 'Ann',
  mutedUntil: null,
  may: {
    write: true,
    media: true,
    links: true,
    invite: true,
    moderate: false,
    configure: false,
    destroy: false,
  },
  members: 3,
  moderators: [],
  history: false,
  policy: defaultPolicy,
  enforced: true,
  guidelinesAccepted: true,
  nextMessageAt: 0,
  held: 0,
  link: 'xmpp:club@rooms.test?join',
};

describe('what stands in the way of writing in a group', () => {
  it.each<[string, Partial<Group>, string | null]>([
    ['nothing', {}, null],
    ['on the way in', { state: 'joining' }, 'wait'],
    ['removed', { state: 'removed', reason: 'spam', mutedUntil: now + 1 }, 'out'],
    ['banned', { state: 'banned' }, 'out'],
    ['muted', { mutedUntil: now + 1000 }, 'silent'],
    ['a mute that is over', { mutedUntil: now }, null],
    [
      'over, and the server has not heard',
      { mutedUntil: now, may: { ...group.may, write: false } },
      'silent',
    ],
    ['only moderators write', { may: { ...group.may, write: false } }, 'silent'],
    ['guidelines', { guidelinesAccepted: false, nextMessageAt: now + 5000 }, 'guidelines'],
    ['slow mode', { nextMessageAt: now + 5000 }, 'wait'],
    ['slow mode that is over', { nextMessageAt: now }, null],
  ])('%s', (_, given, kind) => {
    expect(barrierOf({ ...group, ...given }, now)?.kind ?? null).toBe(kind);
  });

  it('who was banned or whose group was closed is not offered to join again', () => {
    const rejoin = (state: Group['state']) => {
      const barrier = barrierOf({ ...group, state }, now);
      return barrier?.kind === 'out' && barrier.rejoin;
    };
    expect([rejoin('left'), rejoin('removed'), rejoin('banned'), rejoin('destroyed')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('counts down in whole seconds, up to the next one', () => {
    expect([countdown(1), countdown(59_001), countdown(61_000)]).toEqual(['0:01', '1:00', '1:01']);
  });
});
