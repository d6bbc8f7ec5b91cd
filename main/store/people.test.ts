import { expect, test } from 'vitest';
import { personByAddress, personRow, searchPeople, staleAvatars, upsertPerson } from './index.ts';
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
