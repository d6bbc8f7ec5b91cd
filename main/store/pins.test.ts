import { describe, expect, test } from 'vitest';
import type { MessageId } from '../../contract/ids.ts';
import { mostPins } from '../../contract/pins.ts';
import * as store from './index.ts';
import { direct, inbound, newStore } from './testing/fixtures.ts';

const live = { order: 'live', countUnread: false } as const;

function conversation() {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const receive = (stanzaId: string | null, sentAt = 1_000) =>
    store.insertInbound(db, inbound(bob, { stanzaId, sentAt, text: `message ${stanzaId}` }), live).id;
  const pin = (id: MessageId, pinned = true, now = 10) => store.setMessagePinned(db, id, { pinned, now });
  const pinned = () => store.pinnedMessages(db, bob).map(({ id }) => id);
  return { db, bob, receive, pin, pinned };
}

describe('pins', () => {
  test('stand in the order of the conversation, and on their messages', () => {
    const { db, bob, receive, pin, pinned } = conversation();
    const [a, b] = [receive('a'), receive('b', 2_000)];
    pin(b);
    pin(a);
    expect(pinned()).toEqual([a, b]);
    expect(store.messageById(db, a)?.pinned).toBe(true);
    expect(store.pinsToTell(db)).toEqual([{ conversationId: bob, address: 'bob@home.example' }]);
    expect(pin(a)).toBe(false);
    pin(a, false);
    expect(pinned()).toEqual([b]);
    expect(store.messageById(db, a)?.pinned).toBe(false);
    expect(store.setMessagePinned(db, 999 as MessageId, { pinned: true, now: 1 })).toBeNull();
  });

  test('beyond the most there can be, the one set first goes', () => {
    const { receive, pin, pinned } = conversation();
    const ids = Array.from({ length: mostPins + 1 }, (_, at) => receive(`s${at}`, 1_000 + at));
    ids.forEach((id, at) => pin(id, true, 100 + at));
    expect(pinned()).toEqual(ids.slice(1));
  });

  test('are forgotten with a message that is deleted, and with one that is unsent', () => {
    const { db, bob, receive, pin, pinned } = conversation();
    const [a, b] = [receive('a'), receive('b')];
    pin(a);
    pin(b);
    store.deleteMessage(db, a);
    store.forgetPin(db, b);
    expect(pinned()).toEqual([]);
    expect(store.pinStates(db, bob)).toMatchObject([{ name: 's:b', pinned: false }]);
  });
});

describe('between devices', () => {
  test('a message that was unsent is pinned by none of them, and they hear of it', () => {
    const { db, bob, receive, pinned } = conversation();
    const id = receive('a');
    store.mergePins(db, bob, [state('late', true, 50)]);
    store.eraseMessage(db, id, 60);
    const ahead = Date.now() + 1_000_000;
    store.mergePins(db, bob, [state('a', true, ahead)]);
    expect(pinned()).toEqual([]);
    const late = receive('late', 2_000);
    store.eraseMessage(db, late, 70);
    store.settlePins(db);
    expect(pinned()).toEqual([]);
    expect(store.pinStates(db, bob)).toMatchObject([
      { name: 's:a', pinned: false, changedAt: ahead + 1 },
      { name: 's:late', pinned: false },
    ]);
    expect(store.pinsToTell(db)).toHaveLength(1);
  });

  const state = (id: string, pinned: boolean, changedAt: number) => ({ name: `s:${id}`, pinned, changedAt });

  test('the later change of each message counts, whichever way they come', () => {
    const { db, bob, receive, pin, pinned } = conversation();
    const [a, b, c] = [receive('a'), receive('b', 2_000), receive('c', 3_000)];
    pin(a, true, 100);
    pin(b, true, 100);
    const merged = store.mergePins(db, bob, [
      state('a', false, 200),
      state('b', false, 50),
      state('c', true, 150),
    ]);
    expect(merged.changed.toSorted()).toEqual([a, c].toSorted());
    expect(merged.behind).toBe(true);
    expect(pinned()).toEqual([b, c]);
    const told = store.pinStates(db, bob);
    expect(store.mergePins(db, bob, told)).toEqual({ changed: [], behind: false });
  });

  test('a change here is later than what it replaces, whatever the clocks say', () => {
    const { db, bob, receive, pin } = conversation();
    const a = receive('a');
    store.mergePins(db, bob, [state('a', true, 9_000)]);
    pin(a, false, 10);
    expect(store.pinStates(db, bob)).toEqual([state('a', false, 9_001)]);
  });

  test('of a message that is not here yet waits for it', () => {
    const { db, bob, receive, pinned } = conversation();
    expect(store.mergePins(db, bob, [state('later', true, 5)]).changed).toEqual([]);
    expect(store.settlePins(db)).toEqual([]);
    const id = receive('later');
    expect(store.settlePins(db)).toEqual([{ conversationId: bob, id }]);
    expect(pinned()).toEqual([id]);
    expect(store.settlePins(db)).toEqual([]);
  });

  test('one of mine goes by its origin id, one that no archive has named waits for that', () => {
    const { db, bob, receive, pin } = conversation();
    const id = store.insertOutgoing(db, {
      conversationId: bob,
      originId: 'o',
      text: 'mine',
      sentAt: 1,
      senderAddress: 'me@home.example',
    });
    pin(id);
    expect(store.pinStates(db, bob)).toEqual([{ name: 'o:o', pinned: true, changedAt: 10 }]);
    expect(store.hasNamelessPins(db, bob)).toBe(false);
    pin(receive(null, 2_000));
    expect(store.pinStates(db, bob)).toHaveLength(1);
    expect(store.hasNamelessPins(db, bob)).toBe(true);
    // Another device hears of the first, by the message that it has of its own.
    const there = conversation();
    const carbon = inbound(there.bob, {
      outgoing: true,
      originId: 'o',
      wireId: 'o',
      stanzaId: 'named',
      text: 'mine',
    });
    const { id: same } = store.insertInbound(there.db, carbon, live);
    expect(store.mergePins(there.db, there.bob, store.pinStates(db, bob)).changed).toEqual([same]);
  });
});
