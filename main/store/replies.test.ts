import { expect, test } from 'vitest';
import type { MessageId } from '../../contract/ids.ts';
import * as store from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const options = { order: 'live', countUnread: true } as const;
const BOB = 'bob@home.example';

function conversation() {
  const db = newStore();
  const bob = direct(db, BOB);
  const add = (id: string, given: Partial<store.InboundRow> = {}) =>
    store.insertInbound(db, inbound(bob, { wireId: id, originId: id, ...given }), options).id;
  return { db, bob, add };
}
const shown = (db: store.ReadableDb, id: MessageId) => store.messageById(db, id)?.replyTo;

test('what a reply shows is the message that is stored here, with its author', () => {
  const { db, add } = conversation();
  const mine = add('m', { outgoing: true, text: 'what I wrote' });
  const reply = add('r', { reply: { ref: 'm', author: me } });
  expect(shown(db, reply)).toMatchObject({ id: mine, own: true, text: 'what I wrote', unsent: false });
});

test.each([
  ['of nothing that is here', { ref: 'unknown', author: null }],
  ['in the name of somebody else', { ref: 'm', author: BOB }],
])('a reply to a message %s shows none', (_, mark) => {
  const { db, add } = conversation();
  add('m', { outgoing: true, text: 'what I wrote' });
  const reply = add('r', { reply: mark });
  expect(shown(db, reply)).toMatchObject({ id: null, sender: null, text: '' });
});

test('a message of another conversation is not shown by its id', () => {
  const { db, add } = conversation();
  const eve = direct(db, 'eve@home.example');
  add('secret', { text: 'between bob and me' });
  const { id } = store.insertInbound(
    db,
    inbound(eve, { wireId: 'r', senderAddress: 'eve@home.example', reply: { ref: 'secret', author: null } }),
    options,
  );
  expect(shown(db, id)).toMatchObject({ id: null, text: '' });
});

test('the original may come later, and be unsent', () => {
  const { db, add } = conversation();
  const reply = add('r', { reply: { ref: 'late', author: BOB } });
  const late = add('late', { text: 'first' });
  expect(shown(db, reply)).toMatchObject({ id: late, text: 'first' });
  expect(store.repliesTo(db, late)).toEqual([reply]);
  store.transact(db, () => store.eraseMessage(db, late, 2000));
  expect(shown(db, reply)).toMatchObject({ id: late, text: '', unsent: true });
});

test('what a draft answers is kept with it, and taken by what is sent', () => {
  const { db, bob, add } = conversation();
  const id = add('m');
  store.setDraftReply(db, bob, id);
  expect(store.draftReply(db, bob)).toBe(id);
  expect(store.takeDraftReply(db, bob)).toEqual({ ref: 'm', author: BOB });
  expect(store.takeDraftReply(db, bob)).toBeNull();
});

test('each person has one set of reactions; the newest takes the place of the others', () => {
  const { db, add } = conversation();
  const id = add('m');
  const set = (sender: string, emojis: string[], at: number, latest = true) =>
    store.setReactions(db, id, { sender, emojis, at, effectId: `${sender} ${at}`, latest });
  expect(set(BOB, ['👍'], 10)).toBe(true);
  expect(set(BOB, ['👍'], 10)).toBe(false);
  expect(set(me, ['👍', '🎉'], 11)).toBe(true);
  expect(store.messageById(db, id)?.reactions).toEqual([
    { emoji: '👍', count: 2, own: true, names: ['bob'] },
    { emoji: '🎉', count: 1, own: true, names: [] },
  ]);
  // History that is read backwards brings what was before.
  expect(set(BOB, ['😡'], 5, false)).toBe(false);
  expect(set(BOB, [], 20)).toBe(true);
  expect(set(BOB, ['👍'], 15, false)).toBe(false);
  expect(store.messageById(db, id)?.reactions).toMatchObject([{ own: true }, { own: true }]);
});

test('what is held back goes when its time has come, and keeps the order of its conversation', () => {
  const { db, bob } = conversation();
  const send = (originId: string, holdUntil: number) =>
    store.insertOutgoing(db, {
      conversationId: bob,
      originId,
      text: originId,
      sentAt: 1,
      senderAddress: me,
      holdUntil,
    });
  send('held', 5000);
  send('behind', 0);
  expect(store.nextToSend(db, 4999)).toEqual([]);
  expect(store.nextHeld(db, 4999)).toBe(5000);
  expect(store.nextToSend(db, 5000).map(({ originId }) => originId)).toEqual(['held']);
  expect(store.nextHeld(db, 5000)).toBeNull();
  // After a start: what should have gone since, but never was held back, is left alone.
  expect(store.holdAnew(db, { after: 5000, until: 9000 })).toBe(0);
  expect(store.holdAnew(db, { after: 4000, until: 9000 })).toBe(1);
  expect(store.heldMessages(db, 8999)).toMatchObject([{ conversationId: bob, until: 9000 }]);
  expect(store.heldMessages(db, 9000)).toEqual([]);
});
