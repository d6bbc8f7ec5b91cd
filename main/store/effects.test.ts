import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import * as store from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const options = { order: 'live', countUnread: true } as const;

function bobs(text = 'hello there', given: Parameters<typeof inbound>[1] = {}) {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const { id } = store.insertInbound(
    db,
    inbound(bob, { wireId: 'w', originId: 'o', text, ...given }),
    options,
  );
  return { db, bob, id };
}
const change = (
  db: store.WritableDb,
  id: MessageId,
  text: string,
  o: { correctionId: string; at?: number; latest?: boolean },
) =>
  store.transact(db, () =>
    store.addVersion(db, id, { text, at: o.at ?? 2000, latest: o.latest ?? true, ...o }),
  );
const texts = (db: store.ReadableDb, id: MessageId) => store.versionsOf(db, id).map(({ text }) => text);
const found = (db: store.ReadableDb, query: string) =>
  store.searchMessages(db, { query, before: null, limit: 5 }).items.length;

test('a correction is the text, once, in the list, the preview and the search', () => {
  const { db, bob, id } = bobs('colour 照片 of the sky');
  const unread = store.conversationById(db, bob)?.unread;
  expect(change(db, id, 'color 写真 of the sky', { correctionId: 'c1' })).toBe(true);
  expect(change(db, id, 'color 写真 of the sky', { correctionId: 'c1' })).toBe(false);
  expect(store.messageById(db, id)).toMatchObject({ text: 'color 写真 of the sky', edited: { at: 2000 } });
  expect(store.conversationById(db, bob)).toMatchObject({
    unread,
    lastMessage: { text: 'color 写真 of the sky' },
  });
  expect(['colour', '照', 'color ', '写'].map((query) => found(db, query))).toEqual([0, 0, 1, 1]);
  expect(texts(db, id)).toEqual(['colour 照片 of the sky', 'color 写真 of the sky']);
});

test('what comes late takes its place among the versions, and is the text only if it is the newest', () => {
  const { db, id } = bobs('one');
  change(db, id, 'three', { correctionId: 'c3', at: 3000 });
  change(db, id, 'two', { correctionId: 'c2', at: 2000, latest: false });
  expect(texts(db, id)).toEqual(['one', 'two', 'three']);
  expect(store.messageById(db, id)?.text).toBe('three');
  // A clock that goes behind: what comes last counts.
  change(db, id, 'four', { correctionId: 'c4', at: 1 });
  expect(store.messageById(db, id)?.text).toBe('four');
});

test('versions of one message are limited, and the first text is kept', () => {
  const { db, id } = bobs('first');
  for (let i = 1; i <= 150; i += 1) change(db, id, `text ${i}`, { correctionId: `c${i}`, at: 2000 + i });
  expect(texts(db, id)).toHaveLength(101);
  expect(texts(db, id)[0]).toBe('first');
  expect(store.messageById(db, id)?.text).toBe('text 150');
});

test('an edited or unsent message that comes again is no second one', () => {
  const { db, bob, id } = bobs('as it was');
  change(db, id, 'as it is', { correctionId: 'c1' });
  const again = () =>
    store.insertInbound(
      db,
      inbound(bob, { wireId: 'w', originId: 'o', text: 'as it was', stanzaId: 's' }),
      options,
    );
  expect(again()).toMatchObject({ id, inserted: false });
  store.transact(db, () => store.eraseMessage(db, id, 5));
  expect(again()).toMatchObject({ id, inserted: false });
  expect(store.messageById(db, id)).toMatchObject({ text: '', unsent: true, edited: null });
});

test('unsending takes the text out of lists, search and what is unread', () => {
  const { db, bob, id } = bobs('bicycle 自転車');
  change(db, id, 'tricycle 三輪車', { correctionId: 'c1' });
  expect(store.transact(db, () => store.eraseMessage(db, id, 5))).toBe(true);
  expect(store.transact(db, () => store.eraseMessage(db, id, 6))).toBe(false);
  expect(store.conversationById(db, bob)).toMatchObject({
    unread: 0,
    lastMessage: { text: '', unsent: true },
  });
  expect(['bicycle', 'tricycle', '自転', '三'].map((query) => found(db, query))).toEqual([0, 0, 0, 0]);
  expect(texts(db, id)).toEqual([]);
});

test('after an unsend the file and its log have nothing of the text', () => {
  const { db, bob, id } = bobs('hippopotamus dances');
  for (let i = 0; i < 200; i += 1)
    store.insertInbound(
      db,
      inbound(bob, { wireId: `n${i}`, text: `neighbour ${i} ${'x'.repeat(i)}` }),
      options,
    );
  change(db, id, 'rhinoceros dances', { correctionId: 'c1' });
  store.scrub(db);
  const holds = (word: string) =>
    [db.name, `${db.name}-wal`].some((file) => readFileSync(file).includes(word));
  expect([holds('hippopotamus'), holds('rhinoceros')]).toEqual([true, true]);
  store.transact(db, () => store.eraseMessage(db, id, 5));
  store.scrub(db);
  expect([holds('hippopotamus'), holds('rhinoceros'), holds('neighbour')]).toEqual([false, false, true]);
});

test('messages are found by every id that others know them by, their authors with them', () => {
  const { db, bob, id } = bobs();
  change(db, id, 'changed', { correctionId: 'c1' });
  const other = direct(db, 'carl@home.example');
  for (const ref of ['w', 'o', 'c1'])
    expect(store.findTargets(db, bob, ref)).toEqual([
      { id, outgoing: false, sender: 'bob@home.example', unsent: false, occupantId: null },
    ]);
  expect(store.findTargets(db, other, 'w')).toEqual([]);
  expect(store.findTargets(db, bob, 'unknown')).toEqual([]);
});

test('what waits for a message is kept once, in order, and not without end', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const one = (effectId: string) => ({
    conversationId: bob,
    sender: 'bob@home.example',
    effectId,
    at: 1,
    effect: `{"n":"${effectId}"}`,
  });
  store.addWaiting(db, 'w', one('a'));
  store.addWaiting(db, 'w', one('a'));
  store.addWaiting(db, 'w', one('b'));
  expect(store.takeWaiting(db, bob, ['w', 'o']).map(({ effectId }) => effectId)).toEqual(['a', 'b']);
  expect(store.takeWaiting(db, bob, ['w'])).toEqual([]);
  for (let i = 0; i < 2005; i += 1) store.addWaiting(db, `t${i}`, one('x'));
  expect(store.waitingFor(db, bob, 't4')).toHaveLength(0);
  expect(store.waitingFor(db, bob, 't5')).toHaveLength(1);
});

test('a change goes out behind its message, in order, and again when a stream was lost', () => {
  const db = newStore();
  const bob: ConversationId = direct(db, 'bob@home.example');
  const id = store.insertOutgoing(db, {
    conversationId: bob,
    originId: 'm',
    text: 'x',
    sentAt: 1,
    senderAddress: me,
  });
  for (const originId of ['e1', 'e2'])
    store.queueEffect(db, { conversationId: bob, messageId: id, originId, effect: '{}', createdAt: 1 });
  const waiting = () => store.effectsToSend(db, 10).map(({ originId }) => originId);
  expect(waiting()).toEqual([]);
  store.markSent(db, 'm');
  expect(waiting()).toEqual(['e1', 'e2']);
  for (const { id: row } of store.effectsToSend(db, 10)) store.markEffectOnWire(db, row);
  expect(waiting()).toEqual([]);
  store.requeueEffects(db, ['e2']);
  expect(waiting()).toEqual(['e1']);
  expect(store.effectSent(db, 'e2')).toBe(id);
  expect(store.effectSent(db, 'unknown')).toBeNull();
});

test('a message that was unsent on its way and did not arrive is not sent again', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const id = store.insertOutgoing(db, {
    conversationId: bob,
    originId: 'm',
    text: 'x',
    sentAt: 1,
    senderAddress: me,
  });
  store.setStage(db, id, 'wire');
  store.transact(db, () => store.eraseMessage(db, id, 5));
  store.requeue(db, [id]);
  expect(store.nextToSend(db)).toEqual([]);
});
