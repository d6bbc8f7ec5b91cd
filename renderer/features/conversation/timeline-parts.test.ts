import { describe, expect, it } from 'vitest';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { noParts, type Message } from '../../../contract/messages.ts';
import { pendingMessage, settle } from './pending.ts';
import { photoBox } from './photo-size.ts';
import { rowsOf } from './rows.ts';
import {
  comparePositions,
  withChanges,
  openingSize,
  windowSize,
  withNewer,
  withOlder,
  without,
  type Window,
} from './window.ts';

// Ids of a test stand for rows that no database has.
const conversation = 1 as ConversationId;
const noon = new Date(2026, 4, 4, 12).getTime();

function message(id: number, changed: Partial<Message> = {}): Message {
  return {
    id: id as MessageId,
    conversationId: conversation,
    position: String(id).padStart(8, '0'),
    outgoing: false,
    sender: { address: 'maria@example.org', name: 'Maria' },
    sentAt: noon + id * 1000,
    text: `Message ${id}`,
    attachments: [],
    state: 'received',
    problem: null,
    progress: null,
    ...noParts,
    ...changed,
  };
}
const some = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
const ids = ({ items }: Pick<Window, 'items'>) => items.map(({ id }) => Number(id));
const part = (from: number, to: number): Window => ({
  items: some(from, to),
  hasOlder: true,
  hasNewer: true,
});

describe('rowsOf', () => {
  it('puts a day before its first message and the divider before what is new', () => {
    const list = [message(1), message(2), message(3, { sentAt: noon + 86_400_000 })];
    const kinds = rowsOf(list, 2 as MessageId).map(({ kind }) => kind);
    expect(kinds).toEqual(['day', 'message', 'unread', 'message', 'day', 'message']);
  });

  it('groups what one person wrote within five minutes', () => {
    const list = [
      message(1),
      message(2),
      message(3, { outgoing: true }),
      message(4, { sentAt: noon + 3_600_000 }),
    ];
    const groups = rowsOf(list, null).flatMap((row) =>
      row.kind === 'message' ? [[row.first, row.last]] : [],
    );
    expect(groups).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it('has no two rows with one key, also when the clock went back', () => {
    const list = [message(1), message(2, { sentAt: noon - 86_400_000 }), message(3)];
    const keys = rowsOf(list, null).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('the window of messages', () => {
  it('opens with what surely fills the view, not with nothing and not with everything', () => {
    expect([300, 800, 1400, 9000].map(openingSize)).toEqual([12, 18, 33, 60]);
  });

  it('lets go of the other end when it grows', () => {
    const grown = withOlder(part(1000, 1000 + windowSize - 1), { ...part(940, 999), hasOlder: true });
    expect(grown.items).toHaveLength(windowSize);
    expect(ids(grown)[0]).toBe(940);
    expect(grown.hasNewer).toBe(true);
    const back = withNewer(grown, { ...part(1100, 1159), hasNewer: false });
    expect(ids(back).at(-1)).toBe(1159);
    expect(back.hasOlder).toBe(true);
    expect(back.hasNewer).toBe(false);
  });

  it('has each message once when pages overlap', () => {
    expect(ids(withOlder(part(5, 8), { ...part(3, 6), hasOlder: false }))).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it('takes changes in their place and leaves out what lies beyond its ends', () => {
    const start = { ...part(10, 12), hasNewer: true };
    const next = withChanges(start, [message(11, { text: 'changed' }), message(99), message(2)], false);
    expect(ids(next)).toEqual([10, 11, 12]);
    expect(next.items[1]?.text).toBe('changed');
    const end = withChanges({ ...start, hasNewer: false }, [message(99)], true);
    expect(ids(end)).toEqual([10, 11, 12, 99]);
  });

  it('moves a message whose place has changed', () => {
    const late = message(1, { position: '00000009' });
    expect(ids(withChanges({ ...part(1, 3), hasNewer: false }, [late], true))).toEqual([2, 3, 1]);
  });

  it('stays small while messages come in at the end', () => {
    let window: Window = { items: [], hasOlder: false, hasNewer: false };
    for (let id = 1; id <= 5000; id += 50) window = withChanges(window, some(id, id + 49), true);
    expect(window.items).toHaveLength(windowSize);
    expect(window.hasOlder).toBe(true);
    expect(ids(window).at(-1)).toBe(5000);
  });

  it('orders messages of one instant by their numbers', () => {
    const positions = ['1774000000000.10', '1774000000000.9', '1773999999999.99'];
    expect(positions.sort(comparePositions)).toEqual(positions.slice().reverse().sort(comparePositions));
    expect(positions).toEqual(['1773999999999.99', '1774000000000.9', '1774000000000.10']);
  });

  it('loses what was removed', () => {
    expect(ids(without(part(1, 3), new Set([2])))).toEqual([1, 3]);
  });
});

describe('messages shown before they are stored', () => {
  const mine = (text: string, number: number) => pendingMessage(conversation, text, number);

  it('gives way to the stored one, whichever of event and answer comes first', () => {
    const pending = [mine('a', 1), mine('b', 2)];
    const arrived = [message(7, { outgoing: true, text: 'a' })];
    const { pending: left, replaced } = settle(pending, arrived, new Set());
    expect(left.map(({ text }) => text)).toEqual(['b']);
    expect(replaced.get(7)).toBe(-1);
  });

  it('keeps the second of two equal ones', () => {
    const { pending } = settle(
      [mine('a', 1), mine('a', 2)],
      [message(7, { outgoing: true, text: 'a' })],
      new Set(),
    );
    expect(pending.map(({ id }) => Number(id))).toEqual([-2]);
  });

  it('is not settled by a change of an older message, or by what others write', () => {
    const pending = [mine('a', 1)];
    const old = message(7, { outgoing: true, text: 'a' });
    expect(settle(pending, [old, message(8, { text: 'a' })], new Set([7])).pending).toEqual(pending);
  });
});

describe('photoBox', () => {
  it('keeps the proportions within the limits', () => {
    expect(photoBox(6000, 4000)).toEqual({ width: 360, height: 240 });
    expect(photoBox(2000, 4000)).toEqual({ width: 210, height: 420 });
    expect(photoBox(120, 100)).toEqual({ width: 120, height: 100 });
  });

  it('has a size for tiny, endless and unknown pictures', () => {
    expect(photoBox(1, 50_000)).toEqual({ width: 96, height: 420 });
    expect(photoBox(null, null)).toEqual({ width: 320, height: 240 });
  });
});
