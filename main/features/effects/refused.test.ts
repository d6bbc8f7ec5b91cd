import { beforeEach, expect, it } from 'vitest';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import {
  addVersion,
  durably,
  effectSent,
  effectsOfMessage,
  insertOutgoing,
  markEffectOnWire,
  markSent,
  messageById,
  noteRef,
  queueEffect,
  transact,
  versionsOf,
  type WritableDb,
} from '../../store/index.ts';
import { group, me, newStore } from '../../store/testing/fixtures.ts';
import type { Bounce, OutboundEffect } from '../../xmpp/index.ts';
import { purge } from '../unsend/purges.ts';
import { ToldRooms } from './refused.ts';

const room = 'club@rooms.home.example';

let db: WritableDb;
let conversationId: ConversationId;
let id: MessageId;
let told: ToldRooms;

beforeEach(() => {
  db = newStore();
  conversationId = group(db, room);
  told = new ToldRooms();
  id = durably(db, () =>
    insertOutgoing(db, {
      ...{ conversationId, originId: 'm', text: 'first', sentAt: 1000, senderAddress: me },
    }),
  );
  markSent(db, 'm', { stanzaId: 'r1' });
});

const bounce = (originId: string, condition = 'forbidden', from = room): Bounce => ({
  ...{ from, id: originId, condition, text: null, code: 'forbidden' },
});
/** It is queued and has left. */
function tells(originId: string, effect: OutboundEffect): void {
  const row = { conversationId, messageId: id, originId, effect: JSON.stringify(effect), createdAt: 1 };
  queueEffect(db, row);
  leaves();
}
function leaves(): void {
  for (const row of effectsOfMessage(db, id)) {
    markEffectOnWire(db, row.id);
    told.note(row);
  }
}
function edits(originId: string, text: string): void {
  transact(db, () => addVersion(db, id, { at: 2000, text, correctionId: originId, latest: true }));
  tells(originId, { kind: 'edit', target: 'm', text, caption: false });
}
const text = () => messageById(db, id)?.text;
const unsend: OutboundEffect = { kind: 'unsend', target: 'm', silent: false };

it('an edit is undone, also of an app that was started anew, and only where the room did not take it', () => {
  edits('e1', 'second');
  edits('e2', 'third');
  expect(told.refused(db, bounce('e2', 'forbidden', 'other@rooms.home.example'))).toBeNull();
  expect(text()).toBe('third');
  expect(told.refused(db, bounce('e2'))).toEqual({ conversationId, id, kind: 'edit' });
  expect(text()).toBe('second');
  expect(new ToldRooms().refused(db, bounce('e1'))).toMatchObject({ kind: 'edit' });
  expect(messageById(db, id)).toMatchObject({ text: 'first', edited: null });
  expect(versionsOf(db, id)).toEqual([]);
  edits('e3', 'fourth');
  noteRef(db, id, { wireId: 'e3', stanzaId: 'r2' });
  expect(told.refused(db, bounce('e3'))).toBeNull();
  expect(text()).toBe('fourth');
});

it('a room that refuses to take something back: that is told once, not for what belongs to it', () => {
  durably(db, () => purge(db, id, 3000));
  tells('u1', unsend);
  tells('u2', { kind: 'unsend', target: 'e1', silent: true });
  expect(told.refused(db, bounce('u2'))).toBeNull();
  expect(told.refused(db, bounce('u1'))).toEqual({ conversationId, id, kind: 'unsend' });
  expect(told.refused(db, bounce('u1'))).toBeNull();
});

it('a room that does not know me is told once more, whether my server had it before or after, and not for ever', () => {
  durably(db, () => purge(db, id, 3000));
  tells('u1', unsend);
  effectSent(db, 'u1');
  expect(told.refused(db, bounce('u1', 'not-acceptable'))).toBe('again');
  expect(effectsOfMessage(db, id)).toMatchObject([{ originId: 'u1' }]);
  leaves();
  expect(told.refused(db, bounce('u1', 'not-acceptable'))).toBe('again');
  // My server had it only now: it waits all the same.
  effectSent(db, 'u1');
  expect(effectsOfMessage(db, id)).toHaveLength(1);
  leaves();
  expect(told.refused(db, bounce('u1', 'not-acceptable'))).toMatchObject({ kind: 'unsend' });
});
