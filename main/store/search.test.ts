import { describe, expect, test } from 'vitest';
import type { ConversationId } from '../../contract/ids.ts';
import { deleteMessage, insertArchivePage, insertInbound, searchMessages, type WritableDb } from './index.ts';
import { shortTokens } from './text.ts';
import { direct, inbound, newStore } from './testing/fixtures.ts';

const add = (db: WritableDb, id: ConversationId, text: string, sentAt = 1) =>
  insertInbound(db, inbound(id, { text, sentAt }), { order: 'stamped', countUnread: true }).id;
const found = (db: WritableDb, query: string) =>
  searchMessages(db, { query, before: null, limit: 50 }).items.map((hit) => hit.message.text);

describe('finds', () => {
  const texts = [
    'Meeting at the Café',
    'a "quoted" AND -odd* (text): NEAR',
    'آخر صورة جميلة',
    '我喜欢拍照片',
    'が好き ガラス',
    '안녕하세요',
    'Привет, мой друг',
    'so nice 😀👍',
    '100% of C:\\x_y',
    'Ångström',
    'สวัสดีครับ',
    'İstanbul',
  ];
  test.each([
    ['eeti', 0],
    ['CAFE', 0],
    ['café', 0],
    ['at the', 0],
    ['"quoted" AND', 1],
    ['-odd* (', 1],
    ['NEAR', 1],
    ['صورة', 2],
    ['拍照片', 3],
    ['照片', 3],
    ['照', 3],
    ['が', 4],
    ['ガラ', 4],
    ['녕하', 5],
    ['안', 5],
    ['привет', 6],
    ['мой', 6],
    ['😀', 7],
    ['😀👍', 7],
    ['%', 8],
    ['x_', 8],
    ['x_y', 8],
    ['angstrom', 9],
    ['ÅNG', 9],
    ['สวัสดี', 10],
    ['สว', 10],
    ['dr', null],
    ['друг мой', null],
    ['片照', null],
    ['xyz', null],
  ] as const)('%s', (query, index) => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    texts.forEach((text, i) => add(db, bob, text, i));
    expect(found(db, query)).toEqual(index === null ? [] : [texts[index]]);
  });
});

test('newest first, also when older ones were fetched later, page by page', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const page = (from: number) =>
    Array.from({ length: 10 }, (_, i) =>
      inbound(bob, { text: `word ${from + i}`, sentAt: 1_000 + from + i }),
    );
  for (const from of [20, 10, 0])
    insertArchivePage(db, page(from), { order: 'backward', countUnread: false });
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const result = searchMessages(db, { query: 'word', before, limit: 7 });
    seen.push(...result.items.map((hit) => hit.message.text));
    before = result.next;
  } while (before !== null);
  expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => `word ${29 - i}`));
  expect(() => searchMessages(db, { query: 'word', before: 'x', limit: 7 })).toThrow('invalid-argument');
});

test('a short query without an index goes on where the page before stopped', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  add(db, bob, 'zq', 1);
  insertArchivePage(
    db,
    Array.from({ length: 10_500 }, (_, i) => inbound(bob, { text: 'abc', sentAt: 10 + i })),
    { order: 'stamped', countUnread: false },
  );
  const pages = [];
  for (let before: string | null | undefined = null; before !== undefined;) {
    const page: ReturnType<typeof searchMessages> = searchMessages(db, { query: 'zq', before, limit: 10 });
    pages.push(page.items.length);
    before = page.next ?? undefined;
  }
  expect(pages.length).toBeGreaterThanOrEqual(3);
  expect(pages.at(-1)).toBe(1);
  expect(pages.slice(0, -1).every((found) => found === 0)).toBe(true);
});

test('deleted and changed texts leave no trace in the indexes', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const id = add(db, bob, 'gone 照片');
  deleteMessage(db, id);
  const changed = add(db, bob, 'before 天气');
  db.prepare('UPDATE message SET text = ? WHERE id = ?').run('afterwards', changed);
  for (const query of ['gone', '照片', 'before', '天气']) expect(found(db, query)).toEqual([]);
  expect(found(db, 'afterw')).toEqual(['afterwards']);
  db.exec(`INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)`);
});

test('empty and broken queries find nothing and break nothing', () => {
  const db = newStore();
  add(db, direct(db, 'bob@home.example'), 'text');
  for (const query of ['', '\0', '"', '""', "'", '*', '\u0301\u0301\u0301', '\ud800', 'x'.repeat(200)]) {
    expect(() => found(db, query)).not.toThrow();
  }
});

test('single characters and pairs of dense scripts, each once', () => {
  expect(shortTokens('hello')).toEqual([]);
  expect(shortTokens('你好 你好 x 好')).toEqual(['你', '好', '你好']);
});
