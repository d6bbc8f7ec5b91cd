import { describe, expect, test } from 'vitest';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import {
  conversationById,
  deleteMessage,
  hasUnsent,
  insertArchivePage,
  insertInbound,
  insertOutgoing,
  listConversations,
  markBounced,
  markDelivered,
  markSent,
  messageById,
  messagesPage,
  setState,
  attachmentsOfMessage,
  type NewAttachment,
  type WritableDb,
} from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const live = { order: 'live', countUnread: true } as const;
const history = { order: 'backward', countUnread: false } as const;
const texts = (db: WritableDb, conversationId: ConversationId): string[] =>
  messagesPage(db, { conversationId, at: { kind: 'newest' }, limit: 200 }).items.map((m) => m.text);
const write = (db: WritableDb, conversationId: ConversationId, originId: string, sentAt = 1_000) =>
  insertOutgoing(db, { conversationId, originId, text: originId, sentAt, senderAddress: me });
const photo = (url: string | null): NewAttachment => ({
  kind: 'photo',
  name: 'a.jpg',
  mediaType: 'image/jpeg',
  url,
});

describe('order', () => {
  test('what is new stands at the end, whatever the clock says', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    insertInbound(db, inbound(bob, { text: 'a', sentAt: 9_000 }), live);
    write(db, bob, 'b', 4_000);
    insertInbound(db, inbound(bob, { text: 'c', sentAt: 8_000 }), live);
    expect(texts(db, bob)).toEqual(['a', 'b', 'c']);
    expect(conversationById(db, bob)).toMatchObject({ lastMessage: { text: 'c' }, lastActivity: 9_000 });
  });

  test('delayed messages go where their stamp says, after those of the same stamp', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    for (const text of ['1', '2']) insertInbound(db, inbound(bob, { text, sentAt: 5_000 }), live);
    const stamped = { order: 'stamped', countUnread: true } as const;
    insertInbound(db, inbound(bob, { text: 'late', sentAt: 3_000 }), stamped);
    insertInbound(db, inbound(bob, { text: 'same', sentAt: 5_000 }), stamped);
    expect(texts(db, bob)).toEqual(['late', '1', '2', 'same']);
  });

  test('pages fetched backwards with whole seconds as stamps keep their order', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const all = Array.from({ length: 30 }, (_, i) =>
      inbound(bob, { text: `${i}`, stanzaId: `s${i}`, sentAt: i < 25 ? 1_000 : 2_000 }),
    );
    insertInbound(db, inbound(bob, { text: 'live', sentAt: 2_000 }), live);
    for (const from of [20, 10, 0]) insertArchivePage(db, all.slice(from, from + 10), history);
    expect(texts(db, bob)).toEqual([...all.map((m) => m.text), 'live']);
    expect(conversationById(db, bob)).toMatchObject({ unread: 1, lastMessage: { text: 'live' } });
  });

  test('thousands of messages of one millisecond, and stamps out of this world', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const page = Array.from({ length: 3_000 }, (_, i) => inbound(bob, { text: `${i}`, sentAt: 7 }));
    const ids = insertArchivePage(db, page, { order: 'stamped', countUnread: false }).map((r) => r.id);
    expect(new Set(ids).size).toBe(3_000);
    expect(texts(db, bob)).toEqual(page.slice(-200).map((m) => m.text));
    for (const sentAt of [-5, Number.NaN, Number.POSITIVE_INFINITY, 8.64e15]) {
      const { id } = insertInbound(db, inbound(bob, { sentAt: Number.isFinite(sentAt) ? sentAt : 0 }), live);
      expect(Number.isSafeInteger(id) && id > 0).toBe(true);
    }
  });
});

describe('pages', () => {
  test('newest, around, before and after fit together', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const ids = Array.from(
      { length: 100 },
      (_, i) =>
        insertInbound(db, inbound(bob, { text: `${i}`, sentAt: i }), { ...live, countUnread: i >= 60 }).id,
    );
    const page = (at: Parameters<typeof messagesPage>[1]['at'], limit = 10) =>
      messagesPage(db, { conversationId: bob, at, limit });
    const span = (p: ReturnType<typeof page>) => [
      p.items[0]?.text,
      p.items.at(-1)?.text,
      p.hasOlder,
      p.hasNewer,
    ];
    expect(span(page({ kind: 'newest' }))).toEqual(['90', '99', true, false]);
    expect(span(page({ kind: 'unread' }))).toEqual(['55', '64', true, true]);
    expect(span(page({ kind: 'message', id: ids[2] as MessageId }))).toEqual(['0', '9', false, true]);
    expect(span(page({ kind: 'message', id: ids[98] as MessageId }))).toEqual(['90', '99', true, false]);
    const middle = page({ kind: 'unread' }).items;
    expect(span(page({ kind: 'before', position: middle[0]?.position ?? '' }))).toEqual([
      '45',
      '54',
      true,
      true,
    ]);
    expect(span(page({ kind: 'after', position: middle.at(-1)?.position ?? '' }))).toEqual([
      '65',
      '74',
      true,
      true,
    ]);
    expect(
      span(
        page({
          kind: 'before',
          position: page({ kind: 'message', id: ids[0] as MessageId }, 1).items[0]?.position ?? '',
        }),
      ),
    ).toEqual([undefined, undefined, false, true]);
    expect(() => page({ kind: 'before', position: "1' OR" })).toThrow('invalid-argument');
    expect(() =>
      messagesPage(db, {
        conversationId: direct(db, 'x@y'),
        at: { kind: 'message', id: ids[0] as MessageId },
        limit: 5,
      }),
    ).toThrow('not-found');
  });
});

describe('repeats', () => {
  test('the archive, an offline copy and a resent one are one message', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const m = inbound(bob, { wireId: 'w1', originId: 'w1', attachments: [photo('https://x.example/1')] });
    const first = insertInbound(db, m, live);
    expect(insertInbound(db, m, live)).toEqual({ id: first.id, inserted: false, updated: false });
    expect(insertInbound(db, { ...m, stanzaId: 's1' }, history)).toEqual({
      id: first.id,
      inserted: false,
      updated: true,
    });
    expect(
      insertInbound(db, { ...m, stanzaId: 's1', wireId: null, originId: null, text: 'x' }, history).id,
    ).toBe(first.id);
    expect(conversationById(db, bob)?.unread).toBe(1);
  });

  test('nobody hides a message by claiming its id', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const m = inbound(bob, { wireId: 'same', text: 'one', attachments: [photo('https://x.example/1')] });
    insertInbound(db, m, live);
    const others = [
      { ...m, text: 'two' },
      { ...m, attachments: [photo('https://x.example/2')] },
      { ...m, attachments: [] },
      { ...m, senderAddress: 'eve@home.example' },
      { ...m, conversationId: direct(db, 'eve@home.example') },
    ];
    for (const other of others) expect(insertInbound(db, other, live).inserted).toBe(true);
    write(db, bob, 'mine');
    expect(insertInbound(db, inbound(bob, { originId: 'mine', text: 'mine' }), live).inserted).toBe(true);
    expect(hasUnsent(db)).toBe(1);
  });

  test('our own message comes back from the archive: sent, and not sent again', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const id = write(db, bob, 'o1');
    const copy = inbound(bob, {
      outgoing: true,
      originId: 'o1',
      wireId: 'o1',
      stanzaId: 's1',
      text: 'worded otherwise',
    });
    expect(insertInbound(db, copy, live)).toEqual({ id, inserted: false, updated: true });
    expect(messageById(db, id)).toMatchObject({ state: 'sent', text: 'o1' });
    expect(hasUnsent(db)).toBe(0);
    expect(insertInbound(db, { ...copy, stanzaId: 's2' }, live)).toEqual({
      id,
      inserted: false,
      updated: false,
    });
  });

  test('another device of ours that counts its ids from 1 loses nothing', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const m = inbound(bob, { outgoing: true, wireId: '1', text: 'monday' });
    expect(insertInbound(db, m, live).inserted).toBe(true);
    expect(insertInbound(db, { ...m, text: 'tuesday' }, live).inserted).toBe(true);
    expect(insertInbound(db, { ...m, stanzaId: 's' }, history).inserted).toBe(false);
  });
});

describe('states', () => {
  test('never go backwards', () => {
    const db = newStore();
    const bob = direct(db, 'bob@home.example');
    const id = write(db, bob, 'o1');
    expect(markDelivered(db, { conversationId: direct(db, 'eve@home.example'), originIds: ['o1'] })).toEqual(
      [],
    );
    expect(markDelivered(db, { conversationId: bob, originIds: ['o1', 'unknown'] })).toEqual([id]);
    expect(hasUnsent(db)).toBe(0);
    expect(markSent(db, 'o1', { stanzaId: 's1' })).toEqual({ id, conversationId: bob, changed: false });
    for (const state of ['sending', 'sent', 'failed', 'received'] as const)
      expect(setState(db, id, state)).toBe(false);
    expect(
      markBounced(db, { address: 'bob@home.example', originId: 'o1', code: 'not-delivered', detail: {} }),
    ).toBeNull();
    expect(setState(db, id, 'read')).toBe(true);
    expect(markSent(db, 'nobody')).toBeNull();
  });

  test('a bounce from the one it went to fails it, from anybody else not', () => {
    const db = newStore();
    const id = write(db, direct(db, 'bob@home.example'), 'o1');
    const bounce = { originId: 'o1', code: 'not-delivered', detail: { reason: 'x' } } as const;
    expect(markBounced(db, { ...bounce, address: 'eve@home.example' })).toBeNull();
    expect(markBounced(db, { ...bounce, address: 'bob@home.example' })?.id).toBe(id);
    expect(messageById(db, id)).toMatchObject({
      state: 'failed',
      problem: { code: 'not-delivered', detail: { reason: 'x' } },
    });
    expect(hasUnsent(db)).toBe(0);
  });
});

test('a deleted message takes everything of it along', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const first = insertInbound(db, inbound(bob, { text: 'first', sentAt: 1 }), live).id;
  const id = insertOutgoing(db, {
    conversationId: bob,
    originId: 'o',
    text: '',
    sentAt: 5,
    senderAddress: me,
    attachments: [photo(null)],
  });
  expect(
    listConversations(db, { folder: 'inbox', before: null, limit: 9 }).items[0]?.lastMessage?.photo,
  ).toBe(true);
  expect(deleteMessage(db, id)).toBe(true);
  expect(deleteMessage(db, id)).toBe(false);
  expect([attachmentsOfMessage(db, id), hasUnsent(db)]).toEqual([[], 0]);
  expect(conversationById(db, bob)).toMatchObject({
    unread: 1,
    lastActivity: 1,
    lastMessage: { text: 'first' },
  });
  deleteMessage(db, first);
  expect(conversationById(db, bob)).toMatchObject({ unread: 0, firstUnread: null, lastMessage: null });
});

test('a page that continues what is there keeps its order, whatever its stamps say', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  insertInbound(db, inbound(bob, { text: 'live', sentAt: 1_700 }), live);
  const page = [1_000, 1_000, 2_000, 1_900].map((sentAt, i) => inbound(bob, { text: `${i}`, sentAt }));
  insertArchivePage(db, page, { order: 'stamped', countUnread: true, notBefore: 1_700 });
  const { items } = messagesPage(db, { conversationId: bob, at: { kind: 'newest' }, limit: 50 });
  expect(items.map((m) => m.text)).toEqual(['live', '0', '1', '2', '3']);
  expect(items.map((m) => m.sentAt)).toEqual([1_700, 1_000, 1_000, 2_000, 1_900]);
});

test('what follows a live message in the archive stands behind it, although its stamp is older', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const first = inbound(bob, { text: 'live', sentAt: 5_000, stanzaId: 's1' });
  insertInbound(db, first, live);
  const page = [{ ...first, sentAt: 4_000 }, inbound(bob, { text: 'next', sentAt: 4_500, stanzaId: 's2' })];
  insertArchivePage(db, page, { order: 'stamped', countUnread: true, notBefore: 0 });
  const { items } = messagesPage(db, { conversationId: bob, at: { kind: 'newest' }, limit: 50 });
  expect(items.map((m) => m.text)).toEqual(['live', 'next']);
});
