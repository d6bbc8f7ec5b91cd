import { expect, test } from 'vitest';
import type { GalleryKind } from '../../contract/gallery.ts';
import * as store from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const live = { order: 'live', countUnread: false } as const;
const photo = (name: string) => ({ kind: 'photo', name, mediaType: 'image/png' }) as const;

function filled() {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const eve = direct(db, 'eve@home.example');
  const receive = (given: Parameters<typeof inbound>[1], from = bob) =>
    store.insertInbound(db, inbound(from, given), live).id;
  const page = (kind: GalleryKind, before: string | null = null, limit = 10) =>
    store.galleryPage(db, { conversationId: bob, kind, before, limit });
  return { db, eve, receive, page };
}

test('photos, files and links of one conversation, newest first, page by page', () => {
  const { eve, receive, page } = filled();
  for (let at = 1; at <= 5; at += 1) receive({ sentAt: at * 1_000, attachments: [photo(`${at}.png`)] });
  const both = receive({ sentAt: 6_000, attachments: [photo('a'), photo('b')] });
  receive({ sentAt: 7_000, attachments: [photo('eve.png')] }, eve);
  const linked = receive({ sentAt: 8_000, text: 'see https://example.org' });
  receive({ sentAt: 9_000, attachments: [{ kind: 'file', name: 'a.pdf', mediaType: 'application/pdf' }] });

  const first = page('photos', null, 3);
  expect(first.items.map(({ message }) => message.id).slice(0, 2)).toEqual([both, both]);
  expect(first.items.map(({ attachment }) => attachment)).toHaveLength(3);
  const second = page('photos', first.next, 10);
  const names = [...first.items, ...second.items].map(
    ({ message, attachment }) => message.attachments.find(({ id }) => id === attachment)?.name,
  );
  expect(names).toEqual(['b', 'a', '5.png', '4.png', '3.png', '2.png', '1.png']);
  expect(second.next).toBeNull();
  expect(page('links').items).toMatchObject([{ message: { id: linked }, attachment: null }]);
  expect(page('files').items).toHaveLength(1);
  expect(page('videos')).toEqual({ items: [], next: null });
  expect(() => page('photos', 'x')).toThrow('invalid-argument');
});

test('follows texts that change, and messages that go', () => {
  const { db, receive, page } = filled();
  const id = receive({ text: 'no address', attachments: [photo('a')] });
  store.setText(db, id, 'HTTP://example.org');
  expect(page('links').items).toHaveLength(1);
  store.setText(db, id, 'none again');
  expect(page('links').items).toEqual([]);
  store.forgetMedia(db, id);
  expect(page('photos').items).toEqual([]);
  const gone = receive({ sentAt: 2_000, attachments: [photo('b')] });
  store.deleteMessage(db, gone);
  expect(page('photos').items).toEqual([]);
});

test('how far a message has come, and when', () => {
  const { db, eve } = filled();
  const id = store.insertOutgoing(db, {
    conversationId: eve,
    originId: 'o',
    text: 'x',
    sentAt: 1,
    senderAddress: me,
  });
  expect(store.deliveryTimes(db, id)).toEqual({ sent: null, delivered: null, read: null });
  const begin = Date.now();
  store.markSent(db, 'o');
  store.markDelivered(db, { conversationId: eve, originIds: ['o'] });
  const times = store.deliveryTimes(db, id);
  // The database rounds to a ms of its own.
  expect(times.sent).toBeGreaterThanOrEqual(begin - 1);
  expect(times.delivered).toBeGreaterThanOrEqual(times.sent ?? Infinity);
  expect(times.read).toBeNull();
});
