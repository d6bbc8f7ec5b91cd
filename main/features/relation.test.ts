import { expect, test } from 'vitest';
import { relationTo, personRow, upsertPerson } from '../store/index.ts';
import { newStore } from '../store/testing/fixtures.ts';
import type { RosterItem } from '../xmpp/index.ts';
import { ACCEPTED, isLeftover, readItem } from './relation.ts';

const bob = 'bob@home.example';
const item = (given: Partial<RosterItem>): RosterItem => ({
  address: bob,
  name: null,
  subscription: 'none',
  pending: false,
  groups: [],
  ...given,
});

/** What somebody is after these items came, one after the other, and whether the last one is to be taken out. */
function after(...items: Partial<RosterItem>[]): [string, boolean] {
  const db = newStore();
  let leftover = false;
  for (const given of items) {
    const part = readItem(item(given), personRow(db, bob), '');
    leftover = isLeftover(part);
    upsertPerson(db, { address: bob, ...part });
  }
  return [relationTo(db, 'me@home.example', bob), leftover];
}

test.each([
  ['somebody another app put there', [{}], 'accepted', false],
  ['one who follows me', [{ subscription: 'from' }], 'follower', false],
  ['a follower I let in', [{ subscription: 'from', groups: [ACCEPTED] }], 'accepted', false],
  ['one I follow', [{ subscription: 'to' }], 'following', false],
  ['a friend', [{ subscription: 'both' }], 'friend', false],
  ['one I ask to follow', [{ pending: true }], 'accepted', false],
  [
    'a follower I ask to follow',
    [{ subscription: 'from' }, { subscription: 'from', pending: true }],
    'accepted',
    false,
  ],
  ['a follower who stopped', [{ subscription: 'from' }, {}], 'stranger', true],
  ['one who stopped, told once more', [{ subscription: 'from' }, {}, {}], 'stranger', true],
  [
    'a follower I let in who stopped',
    [{ subscription: 'from', groups: [ACCEPTED] }, { groups: [ACCEPTED] }],
    'accepted',
    false,
  ],
  ['one I followed', [{ subscription: 'to' }, {}], 'accepted', false],
  ['one who was taken out', [{ subscription: 'both' }, { subscription: 'remove' }], 'stranger', false],
] as const)('%s', (_who, items, relation, leftover) => {
  expect(after(...items)).toEqual([relation, leftover]);
});
