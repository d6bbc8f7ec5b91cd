import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { createEvents } from '../events.ts';
import { insertInbound, type WritableDb } from '../store/index.ts';
import { direct, inbound, newStore } from '../store/testing/fixtures.ts';
import { createChanges, type Changes } from './changes.ts';

let db: WritableDb;
let changes: Changes;
let conversation: ConversationId;
/** Of each telling, the ids. */
let told: MessageId[][];
let unread: number[];

beforeEach(() => {
  db = newStore();
  told = [];
  unread = [];
  const events = createEvents();
  events.listen((name, payload) => {
    if (name === 'messages.changed')
      told.push((payload as { items: { id: MessageId }[] }).items.map((m) => m.id));
  });
  changes = createChanges({ db, events, onUnread: (total) => void unread.push(total) });
  conversation = direct(db, 'bob@home.example');
});
afterEach(() => {
  changes.close();
});

const arrive = (text: string): MessageId => {
  const { id } = insertInbound(db, inbound(conversation, { text }), { order: 'live', countUnread: true });
  changes.message(conversation, id);
  return id;
};

it('tells what changed in one turn at once, and together', async () => {
  const ids = [arrive('one'), arrive('two')];
  await Promise.resolve();
  expect(told).toEqual([ids]);
  const third = arrive('three');
  await Promise.resolve();
  expect(told).toEqual([ids, [third]]);
});

it('tells of a flood ten times a second, each message once and the last soon', async () => {
  const ids: MessageId[] = [];
  for (let n = 0; n < 60; n += 1) {
    ids.push(arrive(`message ${n}`));
    await delay(10);
  }
  const flood = told.length;
  // Eight at once; what came after them in about half a second, at a tenth of a second each.
  expect(flood).toBeGreaterThanOrEqual(8);
  expect(flood).toBeLessThanOrEqual(20);
  await expect.poll(() => told.flat().length, { timeout: 1000 }).toBe(60);
  expect(told.flat()).toEqual(ids);
  expect(unread.at(-1)).toBe(60);
});

it('tells nothing of a flood once it is closed', async () => {
  for (let n = 0; n < 12; n += 1) {
    arrive(`message ${n}`);
    await Promise.resolve();
  }
  expect(told).toHaveLength(8);
  changes.close();
  await delay(150);
  expect(told).toHaveLength(8);
});
