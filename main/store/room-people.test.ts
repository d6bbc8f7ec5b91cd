import { describe, expect, it } from 'vitest';
import type { Rank } from '../../contract/groups.ts';
import {
  ensureRoom,
  listRoomPeople,
  nobodyPresent,
  putRoomPerson,
  rankIn,
  renameInRooms,
  replaceRanks,
  transact,
  upsertPerson,
  type WritableDb,
} from './index.ts';
import { newStore } from './testing/fixtures.ts';

const group = (db: WritableDb) =>
  ensureRoom(db, { address: 'walks@rooms.example', name: 'Walks', nick: 'me', state: 'joined' });
const whole = { query: '', list: 'members', before: null, limit: 200 } as const;
const names = (
  db: WritableDb,
  id: ReturnType<typeof group>,
  o: Partial<Parameters<typeof listRoomPeople>[2]> = {},
) => listRoomPeople(db, id, { ...whole, ...o }).items.map(({ name }) => name);
const put = (db: WritableDb, id: ReturnType<typeof group>, name: string, rank: Rank, present = false) =>
  putRoomPerson(db, id, { address: `${name.toLowerCase()}@home.example`, nick: name, rank, present });

describe('people of a group', () => {
  it('owners first, then moderators, then members, each by name; then who is there without a rank', () => {
    const db = newStore();
    const id = group(db);
    put(db, id, 'Zoe', 'owner');
    put(db, id, 'Mia', 'moderator');
    put(db, id, 'Änne', 'member');
    put(db, id, 'Bob', 'member');
    put(db, id, 'Guest', 'none', true);
    put(db, id, 'Gone', 'none');
    put(db, id, 'Bad', 'banned');
    expect(names(db, id)).toEqual(['Zoe', 'Mia', 'Änne', 'Bob', 'Guest']);
    expect(names(db, id, { list: 'banned' })).toEqual(['Bad']);
    expect(names(db, id, { query: 'ANN' })).toEqual(['Änne']);
    nobodyPresent(db, id);
    expect(names(db, id)).not.toContain('Guest');
  });

  it('1,000 of them in pages, each once, and found by a part of their name', () => {
    const db = newStore();
    const id = group(db);
    transact(db, () => {
      for (let n = 0; n < 1000; n += 1)
        put(db, id, `Person${String(n).padStart(4, '0')}`, n < 3 ? 'owner' : n < 50 ? 'moderator' : 'member');
    });
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const page: ReturnType<typeof listRoomPeople> = listRoomPeople(db, id, { ...whole, before, limit: 70 });
      expect(page.total).toBe(1000);
      seen.push(...page.items.map(({ address }) => address));
      before = page.next;
    } while (before !== null);
    expect(seen).toHaveLength(1000);
    expect(new Set(seen).size).toBe(1000);
    const start = performance.now();
    expect(listRoomPeople(db, id, { ...whole, query: 'son099' }).total).toBe(10);
    expect(performance.now() - start).toBeLessThan(50);
  });

  it('a list that is read anew takes ranks away, and keeps who is there and who is muted', () => {
    const db = newStore();
    const id = group(db);
    put(db, id, 'Anna', 'owner');
    put(db, id, 'Bert', 'moderator', true);
    putRoomPerson(db, id, { address: 'carl@home.example', nick: 'Carl', rank: 'moderator', mutedUntil: 5 });
    put(db, id, 'Dora', 'moderator');
    const people = [{ address: 'eva@home.example', nick: null, rank: 'moderator', reason: '' }] as const;
    expect(replaceRanks(db, id, ['moderator'], people)).toBe(true);
    expect(replaceRanks(db, id, ['moderator'], people)).toBe(false);
    expect(rankIn(db, id, 'anna@home.example')).toBe('owner');
    expect(rankIn(db, id, 'eva@home.example')).toBe('moderator');
    expect(names(db, id)).toEqual(['Anna', 'eva', 'Bert']);
    expect(rankIn(db, id, 'carl@home.example')).toBe('none');
  });

  it('who is called something else stands elsewhere', () => {
    const db = newStore();
    const id = group(db);
    put(db, id, 'Anna', 'member');
    put(db, id, 'Bert', 'member');
    upsertPerson(db, { address: 'anna@home.example', name: 'Zanna' });
    expect(renameInRooms(db, 'anna@home.example')).toEqual([id]);
    expect(renameInRooms(db, 'anna@home.example')).toEqual([]);
    expect(names(db, id)).toEqual(['Bert', 'Zanna']);
  });

  it('a cursor that is none', () => {
    const db = newStore();
    const id = group(db);
    expect(() => listRoomPeople(db, id, { ...whole, before: 'nonsense' })).toThrow('invalid-argument');
  });
});
