import { expect, test } from 'vitest';
import * as store from './index.ts';
import { direct, inbound, newStore } from './testing/fixtures.ts';

const live = { order: 'live', countUnread: false } as const;

function filled(texts: readonly string[], elsewhere: readonly string[] = []) {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const eve = direct(db, 'eve@home.example');
  const write = (conversation: typeof bob, text: string, at: number) =>
    store.insertInbound(db, inbound(conversation, { text, sentAt: 1_000 + at }), live).id;
  store.transact(db, () => elsewhere.forEach((text, at) => write(eve, text, at)));
  const ids = store.transact(db, () => texts.map((text, at) => write(bob, text, at)));
  const find = (query: string, before: string | null = null, limit = 100) =>
    store.findInConversation(db, { conversationId: bob, query, before, limit });
  /** All pages. */
  const all = (query: string, limit = 100) => {
    const found: number[] = [];
    for (let page = find(query, null, limit); ; page = find(query, page.next, limit)) {
      found.push(...page.items.map(({ id }) => ids.indexOf(id)));
      if (page.next === null) return found;
    }
  };
  return { db, bob, ids, find, all };
}

test('finds in one conversation alone, newest first, whatever case and accents', () => {
  const { all } = filled(['Café at noon', 'nothing', 'the CAFE again', 'ca'], ['a café elsewhere']);
  expect(all('cafe')).toEqual([2, 0]);
  expect(all('café')).toEqual([2, 0]);
  expect(all('ca')).toEqual([3, 2, 0]);
  expect(all('zebra')).toEqual([]);
  expect(all('%')).toEqual([]);
  expect(all('"')).toEqual([]);
});

test('finds CJK and emoji', () => {
  const { all } = filled(['照片', 'photo', 'so 🎉']);
  expect(all('照')).toEqual([0]);
  expect(all('🎉')).toEqual([2]);
});

test('page by page, through a short conversation and by the index of a long one alike', () => {
  const many = Array.from({ length: 40 }, (_, at) => `word ${at}`);
  const short = filled(many);
  const newestFirst = many.map((_, at) => 39 - at);
  expect(short.all('word', 7)).toEqual(newestFirst);
  expect(short.find('word', null, 7).next).toMatch(/^c/);
  const filling = Array.from({ length: 4_000 }, () => 'x');
  const long = filled([...many, ...filling]);
  expect(long.all('word', 7)).toEqual(newestFirst);
  expect(long.find('word', null, 7).next).toMatch(/^i/);
  // So common elsewhere that the conversation itself is read.
  const common = filled(
    [...many, ...filling],
    Array.from({ length: 2_100 }, () => 'word'),
  );
  expect(common.all('word', 7)).toEqual(newestFirst);
  expect(common.find('word', null, 7).next).toMatch(/^c|^null$/);
});

test('refuses what is no cursor', () => {
  const { find } = filled(['word']);
  for (const cursor of ['x', 'i', 'c', 'i1.2', 'cx'])
    expect(() => find('word', cursor), cursor).toThrow('invalid-argument');
});
