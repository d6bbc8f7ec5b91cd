import { expect, it } from 'vitest';
import * as store from './index.ts';
import { preparedTexts, statement } from './sql.ts';
import { inbound, newStore } from './testing/fixtures.ts';

const group = (db: store.WritableDb) =>
  store.ensureRoom(db, { address: 'walks@rooms.example', name: 'Walks', nick: 'me', state: 'joined' });

it('the log in pages, newest first, each line once', () => {
  const db = newStore();
  const id = group(db);
  const entry = {
    what: 'removed',
    by: 'olga@home.example',
    about: 'bob@home.example',
    reason: '',
    messageId: null,
  } as const;
  for (let n = 0; n < 25; n += 1)
    store.addLogEntry(db, id, { ...entry, entryId: `e${n}`, at: Math.floor(n / 2) });
  expect(store.addLogEntry(db, id, { ...entry, entryId: 'e3', at: 99 })).toBe(false);
  const seen: number[] = [];
  let before: string | null = null;
  do {
    const page: ReturnType<typeof store.listLog> = store.listLog(db, id, { before, limit: 4 });
    seen.push(...page.items.map((one) => one.id));
    before = page.next;
  } while (before !== null);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => 25 - n));
  expect(() => store.listLog(db, id, { before: 'x', limit: 4 })).toThrow('invalid-argument');
});

it('who wrote what in a week: answers counted, what was taken back is not', () => {
  const db = newStore();
  const id = group(db);
  const options = { order: 'stamped', countUnread: false } as const;
  const put = (sentAt: number, senderAddress: string, more = {}) =>
    store.insertInbound(db, inbound(id, { sentAt, senderAddress, wireId: `w${sentAt}`, ...more }), options)
      .id;
  put(99, 'bob@home.example');
  put(100, 'bob@home.example');
  put(101, 'bob@home.example', { reply: { ref: 'x', author: null } });
  put(102, 'eve@home.example');
  const gone = put(103, 'eve@home.example');
  store.transact(db, () => store.eraseMessage(db, gone, 104));
  put(200, 'eve@home.example');
  expect(store.writtenBetween(db, id, 100, 200)).toEqual([
    { address: 'bob@home.example', name: 'bob', messages: 2, replies: 1 },
    { address: 'eve@home.example', name: 'eve', messages: 1, replies: 0 },
  ]);
});

it('no question about groups reads a whole table', () => {
  const db = newStore();
  const id = group(db);
  store.roomById(db, id);
  store.roomByAddress(db, 'walks@rooms.example');
  store.updateRoom(db, id, { name: 'x' });
  store.someMessagesOf(db, id, 5);
  store.lastOwnMessage(db, id, 0);
  store.lastMessageAt(db, id);
  store.hasOriginId(db, id, 'o');
  store.stanzaIdOfMessage(db, store.insertInbound(db, inbound(id), { order: 'live', countUnread: false }).id);
  store.putRoomPerson(db, id, { address: 'bob@home.example', rank: 'member', mutedUntil: 5 });
  store.rankIn(db, id, 'bob@home.example');
  store.countMembers(db, id);
  store.replaceRanks(db, id, ['member'], []);
  store.nobodyPresent(db, id);
  store.renameInRooms(db, 'bob@home.example');
  store.nextMuteEnd(db, 1);
  store.mutesOver(db, 1);
  store.listRoomPeople(db, id, { query: 'b', list: 'members', before: null, limit: 5 });
  store.listLog(db, id, { before: null, limit: 5 });
  store.lastPolicyBy(db, id);
  store.mutedSince(db, id, 'bob@home.example', 1);
  store.addHeld(db, id, { id: '1', sender: 'b', text: '', photo: false, why: 'first', at: 1 });
  store.heldSender(db, id, '1');
  store.listHeld(db, id);
  store.countHeld(db, id);
  store.dropHeld(db, id, '1');
  store.dropAllHeld(db, id);
  store.messageOfStanza(db, id, 's');
  store.writtenBetween(db, id, 0, 1);
  store.invitationById(db, 1);
  const scans = preparedTexts(db)
    .filter((text) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(text))
    .flatMap((text) => {
      const values = Array.from({ length: text.split('?').length - 1 }, () => null);
      const lines = statement(db, `EXPLAIN QUERY PLAN ${text}`).all(...values);
      return lines.map((line) => `${(line as { detail: string }).detail}: ${text}`);
    })
    .filter((line) =>
      /^SCAN (message|m|room_person|r|room_log|l|room_held|h|conversation|c|person|p)\b/.test(line),
    );
  expect(scans).toEqual([]);
});
