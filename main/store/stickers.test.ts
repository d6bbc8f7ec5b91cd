import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { StickerPackId } from '../../contract/stickers.ts';
import {
  addPack,
  arrangePacks,
  editPack,
  evictable,
  forgetRemoved,
  insertInbound,
  insertOutgoing,
  listPacks,
  localFilesInUse,
  messageById,
  nextToSend,
  noteUse,
  packById,
  recentStickers,
  removePack,
  retractions,
  setPublished,
  setShared,
  showPack,
  stickersOf,
  type NewSticker,
  type WritableDb,
} from './index.ts';
import { migrations } from './migrations/index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const file = (letter: string) => letter.repeat(64);
const sticker = (letter: string): NewSticker => ({
  emoji: '👋',
  description: letter,
  sha256: file(letter),
  mediaType: 'image/webp',
  bytes: 1,
  width: 512,
  height: 512,
  animated: false,
});
const pack = (db: WritableDb, name: string, ...letters: string[]): StickerPackId =>
  addPack(db, { origin: 'own', name, summary: '', restricted: false }, letters.map(sticker));
const names = (db: WritableDb) => listPacks(db).map(({ name }) => name);

test('packs keep their order, and what is in them', () => {
  const db = newStore();
  const [a, b, c] = [pack(db, 'a', '1', '2', '3'), pack(db, 'b'), pack(db, 'c')];
  arrangePacks(db, [c, 999 as StickerPackId, a, c]);
  expect(names(db)).toEqual(['c', 'a', 'b']);
  const [one, two, three] = stickersOf(db, a).map(({ id }) => id);
  if (!one || !two || !three) throw new Error('three were added');
  editPack(db, a, 'A', [three, one, three]);
  expect(stickersOf(db, a).map(({ description }) => description)).toEqual(['3', '1']);
  expect(packById(db, a)?.name).toBe('A');
  expect(b).toBeGreaterThan(a);
});

test('what is published of a pack is taken back when it changes, goes, or is shared no longer', () => {
  const db = newStore();
  const id = pack(db, 'a', '1');
  setPublished(db, id, 'private', 'first');
  editPack(
    db,
    id,
    'b',
    stickersOf(db, id).map((s) => s.id),
  );
  expect([retractions(db), packById(db, id)?.publishedId]).toEqual([
    [{ node: 'private', item: 'first' }],
    null,
  ]);
  setShared(db, id, true);
  setPublished(db, id, 'open', 'second');
  setShared(db, id, false);
  expect(retractions(db)).toContainEqual({ node: 'open', item: 'second' });
  // As it was before: there is nothing to take back any more.
  setPublished(db, id, 'private', 'first');
  expect(retractions(db)).toEqual([{ node: 'open', item: 'second' }]);
  removePack(db, id);
  expect(retractions(db)).toHaveLength(2);
});

test('a pack that was removed can be had again until it is forgotten; a bundled one always', () => {
  const db = newStore();
  const own = pack(db, 'own', '1');
  const bundled = addPack(
    db,
    { origin: 'bundled', bundledKey: 'k', name: 'bundled', summary: '', restricted: false },
    [sticker('2')],
  );
  removePack(db, own);
  removePack(db, bundled);
  showPack(db, own);
  expect(listPacks(db).map(({ name, removed }) => [name, removed])).toEqual([
    ['bundled', true],
    ['own', false],
  ]);
  removePack(db, own);
  forgetRemoved(db);
  expect(names(db)).toEqual(['bundled']);
  expect(stickersOf(db, bundled)).toHaveLength(1);
});

test('files of stickers are in use, and are not cleared away although they could be fetched again', () => {
  const db = newStore();
  const id = direct(db, 'bob@home.example');
  pack(db, 'a', 'a');
  const attachments = ['a', 'b'].map((letter) => ({
    kind: 'sticker' as const,
    name: 'sticker.webp',
    mediaType: 'image/webp',
    url: 'https://a.example/x',
    localSha256: file(letter),
  }));
  insertInbound(db, inbound(id, { text: '', attachments }), { order: 'live', countUnread: true });
  expect([...evictable(db)]).toEqual([file('b')]);
  expect([...localFilesInUse(db)].sort()).toEqual([file('a'), file('b')]);
});

test('what was sent last comes first, each picture once, and none of a removed pack', () => {
  const db = newStore();
  const [a, b] = [pack(db, 'a', '1', '2'), pack(db, 'b', '1', '3')];
  const [one, two] = stickersOf(db, a);
  const [again, three] = stickersOf(db, b);
  if (!one || !two || !again || !three) throw new Error('four were added');
  [one, two, again, three].forEach(({ id }, at) => noteUse(db, id, at + 1));
  expect(recentStickers(db, 9).map(({ description }) => description)).toEqual(['3', '1', '2']);
  removePack(db, b);
  expect(recentStickers(db, 9).map(({ description }) => description)).toEqual(['2', '1']);
});

test('a message says what sticker it is, on its way out and for good', () => {
  const db = newStore();
  const conversationId = direct(db, 'bob@home.example');
  const mark = { emoji: '👋', description: 'Hello', pack: 'p', owner: null, node: null };
  const id = insertOutgoing(db, {
    conversationId,
    originId: 'o',
    text: '',
    sentAt: 1,
    senderAddress: me,
    attachments: [{ kind: 'sticker', name: 's', mediaType: 'image/webp', url: 'https://a.example/x' }],
    sticker: mark,
  });
  expect(nextToSend(db)[0]?.sticker).toEqual(mark);
  expect(messageById(db, id)?.sticker).toEqual({ emoji: '👋', description: 'Hello', hasPack: true });
});

test('attachments of an older version stay, with their ids and none given twice', () => {
  const before = new Database(':memory:');
  for (const migration of migrations.slice(0, 12)) migration.up(before as never);
  expect(() =>
    before.exec(
      `INSERT INTO attachment (message_id, kind, name, media_type, state) VALUES (1, 'sticker', '', '', 'ready')`,
    ),
  ).toThrow(/CHECK/);
  before.exec(`INSERT INTO conversation (id, address, kind, listed, last_activity) VALUES (1, 'b@a', 'direct', 1, 1);
    INSERT INTO message (id, conversation_id, outgoing, sender_address, sent_at, sort_at, sort_seq, text, state)
      VALUES (1, 1, 0, 'b@a', 1, 1, 1, '', 'received');
    INSERT INTO attachment (id, message_id, kind, name, media_type, state) VALUES (7, 1, 'photo', 'a.jpg', 'image/jpeg', 'ready');
    INSERT INTO attachment (id, message_id, kind, name, media_type, state) VALUES (9, 1, 'file', 'b', 'x/y', 'remote');
    DELETE FROM attachment WHERE id = 9;`);
  migrations[12]?.up(before as never);
  const insert = before.prepare(
    `INSERT INTO attachment (message_id, kind, name, media_type, state) VALUES (1, 'sticker', '', '', 'ready')`,
  );
  expect(insert.run().lastInsertRowid).toBe(10);
  expect(before.prepare('SELECT id, kind, name FROM attachment ORDER BY id').all()).toEqual([
    { id: 7, kind: 'photo', name: 'a.jpg' },
    { id: 10, kind: 'sticker', name: '' },
  ]);
  before.close();
});
