import { expect, test } from 'vitest';
import { personByAddress, personRow, relationTo, searchPeople, staleAvatars, upsertPerson } from './index.ts';
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
