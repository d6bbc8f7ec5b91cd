import { expect, test } from 'vitest';
import {
  countPeople,
  listPeople,
  personByAddress,
  personRow,
  relationTo,
  searchPeople,
  staleAvatars,
  upsertPerson,
} from './index.ts';
import { statement } from './sql.ts';
import { newStore } from './testing/fixtures.ts';

const bob = 'bob@home.example';

test('what is not given stays, and only what is shown counts as a change', () => {
  const db = newStore();
  expect(personByAddress(db, bob)).toEqual({ address: bob, name: 'bob', avatar: null });
  expect(upsertPerson(db, { address: bob, nick: 'Bobby', subscription: 'both' })).toBe(true);
  expect(upsertPerson(db, { address: bob, fetchedAt: 5 })).toBe(false);
  expect(upsertPerson(db, { address: bob, name: 'Robert' })).toBe(true);
  expect(personRow(db, bob)).toMatchObject({
    name: 'Robert',
    nick: 'Bobby',
    subscription: 'both',
    fetchedAt: 5,
  });
});

test('an announced avatar is stale until its file is here; the old one stays meanwhile', () => {
  const db = newStore();
  upsertPerson(db, { address: bob, avatarHash: 'h1' });
  expect(staleAvatars(db).map((p) => p.address)).toEqual([bob]);
  upsertPerson(db, { address: bob, fetchedAt: 9 });
  expect(staleAvatars(db)).toHaveLength(1);
  upsertPerson(db, { address: bob, avatarSha256: 'f1' });
  expect(staleAvatars(db)).toEqual([]);
  upsertPerson(db, { address: bob, avatarHash: 'h2' });
  expect([personByAddress(db, bob).avatar, staleAvatars(db).length]).toEqual(['f1', 1]);
  expect(upsertPerson(db, { address: bob, avatarHash: null })).toBe(true);
  expect([personByAddress(db, bob).avatar, staleAvatars(db).length]).toEqual([null, 0]);
});

test('people are found by any part of a name or address, whatever the case and accents', () => {
  const db = newStore();
  upsertPerson(db, { address: 'a@home.example', nick: 'Élodie' });
  upsertPerson(db, { address: 'b@home.example', name: 'Дмитрий', nick: '100%_x' });
  upsertPerson(db, { address: bob });
  const found = (query: string) => searchPeople(db, query, 9).map((p) => p.address[0]);
  expect([found('elo'), found('дмит'), found('0%_'), found('ob@home'), found('%')]).toEqual([
    ['a'],
    ['b'],
    ['b'],
    ['b'],
    ['b'],
  ]);
  expect(found('').length).toBe(3);
  expect(searchPeople(db, '', 2)).toHaveLength(2);
});

test('people are found by an interest too', () => {
  const db = newStore();
  upsertPerson(db, { address: bob, interests: ['Película', 'bread'] });
  expect(searchPeople(db, 'PELICULA', 9)).toHaveLength(1);
  upsertPerson(db, { address: bob, interests: [] });
  expect(searchPeople(db, 'bread', 9)).toEqual([]);
});

test.each([
  [{}, 'stranger'],
  [{ subscription: 'both', inRoster: true, accepted: true }, 'friend'],
  [{ subscription: 'to', inRoster: true, accepted: true }, 'following'],
  [{ subscription: 'from', inRoster: true }, 'follower'],
  [{ subscription: 'from', inRoster: true, accepted: true }, 'accepted'],
  [{ subscription: 'none', inRoster: true, accepted: true }, 'accepted'],
  [{ subscription: 'none', inRoster: true }, 'stranger'],
] as const)('the roster says who somebody is: %o', (given, relation) => {
  const db = newStore();
  expect(relationTo(db, 'me@home.example', bob)).toBe('stranger');
  upsertPerson(db, { address: bob, ...given });
  expect(relationTo(db, 'me@home.example', bob)).toBe(relation);
  expect(relationTo(db, bob, bob)).toBe('self');
});

test('lists go by the folded name, page by page, and each reads its own index', () => {
  const db = newStore();
  for (const [i, nick] of ['Zoë', 'ähre', 'Bob', 'anna', '🎈'].entries())
    upsertPerson(db, {
      address: `p${i}@home.example`,
      nick,
      subscription: i === 2 ? 'both' : 'from',
      inRoster: true,
    });
  const names = (before: string | null) => listPeople(db, { list: 'followers', before, limit: 2 });
  const pages = [names(null)];
  for (let next = pages[0]?.next ?? null; next !== null;) {
    const page = names(next);
    pages.push(page);
    next = page.next;
  }
  expect(pages.flatMap(({ items }) => items.map(({ name }) => name))).toEqual([
    'ähre',
    'anna',
    'Bob',
    'Zoë',
    '🎈',
  ]);
  expect(countPeople(db)).toEqual({ friends: 1, following: 1, followers: 5, requests: 0 });
  expect(() => names('{"no":"cursor"}')).toThrow('invalid-argument');
  const plan = statement(
    db,
    `EXPLAIN QUERY PLAN SELECT nick FROM person WHERE subscription IN ('from', 'both')
       AND (sort_name, address) > (?, ?) ORDER BY sort_name, address LIMIT ?`,
  ).all('', '', 5) as { detail: string }[];
  expect(plan.map(({ detail }) => detail).join()).toMatch(/^SEARCH person USING INDEX person_followers/);
});
