import { beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import * as store from './index.ts';
import { direct, group, groupPerson, inbound, me, newStore } from './testing/fixtures.ts';

const room = 'club@rooms.home.example';
const ann = 'ann@home.example';
const bob = 'bob@home.example';

let db: store.WritableDb;
let club: ConversationId;
let count: number;

beforeEach(() => {
  db = newStore();
  club = group(db, room);
  count = 0;
});

const comes = (text: string, given: Partial<store.InboundRow> = {}): MessageId => {
  count += 1;
  const occupant = { nick: 'Bob the nick', occupantId: `o-${given.senderAddress ?? bob}` };
  const row = inbound(club, { text, stanzaId: `room-${count}`, sentAt: count * 1000, occupant, ...given });
  return store.insertInbound(db, row, { order: 'live', countUnread: true }).id;
};
const write = (text: string, given: Partial<store.OutgoingMessage> = {}): MessageId =>
  store.durably(db, () =>
    store.insertOutgoing(db, {
      ...{ conversationId: club, originId: text, text, sentAt: 1000, senderAddress: me },
      ...given,
    }),
  );

describe('a group', () => {
  it('is named and pictured by its room, and tells who wrote last', () => {
    comes('hello');
    expect(store.conversationById(db, club)).toMatchObject({
      kind: 'group',
      name: 'Photo club',
      group: { state: 'joined', notify: 'all' },
      lastMessage: { senderName: 'Bob the nick', deleted: false },
    });
    write('mine');
    expect(store.conversationByAddress(db, room)?.lastMessage?.senderName).toBeNull();
    expect(store.conversationById(db, direct(db, bob))).toMatchObject({ kind: 'direct', group: null });
    expect(store.setGroupNotify(db, club, 'mentions')).toBe(true);
    expect(store.conversationById(db, club)?.group?.notify).toBe('mentions');
    expect(store.setGroupNotify(db, direct(db, bob), 'none')).toBe(false);
  });

  it('has media, finds texts, and keeps evidence of several people by their names', () => {
    store.upsertPerson(db, { address: ann, name: 'Ann' });
    const photo = comes('at the lake', {
      attachments: [
        { kind: 'photo', name: 'a.jpg', mediaType: 'image/jpeg', url: 'https://files.example/a' },
      ],
    });
    const other = comes('see https://example.org', { senderAddress: ann });
    const page = { conversationId: club, before: null, limit: 10 };
    expect(store.galleryPage(db, { ...page, kind: 'photos' }).items.map(({ message }) => message.id)).toEqual(
      [photo],
    );
    expect(store.galleryPage(db, { ...page, kind: 'links' }).items[0]?.message.sender.name).toBe('Ann');
    expect(store.findInConversation(db, { ...page, query: 'lake' }).items.map(({ id }) => id)).toEqual([
      photo,
    ]);
    const evidence = store.evidenceAround(db, other, { before: 5, after: 5 }).items;
    expect(evidence.map(({ senderName, conversation }) => [senderName, conversation])).toEqual([
      ['Bob the nick', room],
      ['Ann', room],
    ]);
  });

  it('has pins that all devices know by the room’s ids', () => {
    const id = comes('pin me');
    store.setMessagePinned(db, id, { pinned: true, now: 5 });
    expect(store.pinStates(db, club)).toMatchObject([{ name: 's:room-1', pinned: true }]);
    expect(store.pinnedMessages(db, club).map((m) => m.id)).toEqual([id]);
  });
});

describe('unread mentions', () => {
  const naming = { mentions: [{ address: me, start: 0, length: 2 }] };
  const mentioned = () => store.conversationById(db, club)?.mentioned;

  it('are there until the message is read, deleted or taken back', () => {
    const first = comes('me one', naming);
    comes('other', { mentions: [{ address: ann, start: 0, length: 2 }] });
    expect(mentioned()).toBe(true);
    store.markRead(db, club, first);
    expect(mentioned()).toBe(false);
    const second = comes('me two', naming);
    store.deleteMessage(db, second);
    expect(mentioned()).toBe(false);
    const third = comes('me three', naming);
    store.forgetMentions(db, third);
    expect(mentioned()).toBe(false);
  });

  it('are none of what is folded, or of history', () => {
    comes('me', { ...naming, folded: true });
    store.insertInbound(db, inbound(club, { text: 'me', stanzaId: 'old', ...naming }), {
      order: 'backward',
      countUnread: false,
    });
    expect(mentioned()).toBe(false);
    expect(store.conversationById(db, club)?.unread).toBe(0);
  });
});

describe('the outbox', () => {
  it('holds back what goes to a room that is not open, and nothing else', () => {
    const away = write('to the group', { mentions: [{ address: ann, start: 0, length: 2 }] });
    const near = write('to bob', { conversationId: direct(db, bob), originId: 'b' });
    expect(store.nextToSend(db).map(({ messageId }) => messageId)).toEqual([near]);
    const rows = store.nextToSend(db, Date.now(), [club]);
    expect(rows.map(({ messageId, group: to }) => [messageId, to?.mentions.length])).toEqual([
      [away, 1],
      [near, undefined],
    ]);
  });

  it('answers by the room’s id, as soon as there is one', () => {
    const answered = write('first');
    const mark = store.markFor(db, answered);
    expect(mark).toEqual({ ref: 'first', author: null });
    const answer = write('second', { reply: mark });
    store.markSent(db, 'first', { stanzaId: 'room-9' });
    expect(store.nextToSend(db, Date.now(), [club])).toMatchObject([
      { messageId: answer, reply: { ref: 'room-9', author: `${room}/Me`, quote: 'first' } },
    ]);
    expect(store.markFor(db, answered)).toEqual({ ref: 'room-9', author: null });
    expect(store.messageById(db, answer)?.replyTo?.id).toBe(answered);
  });

  it('tells effects only to rooms that are open', () => {
    const id = comes('hello');
    store.queueEffect(db, { conversationId: club, messageId: id, originId: 'e', effect: '{}', createdAt: 1 });
    expect(store.effectsToSend(db, 5)).toEqual([]);
    expect(store.effectsToSend(db, 5, [club])).toMatchObject([{ inRoom: true, address: room }]);
  });
});

describe('the archive of a room', () => {
  it('is known to an entry whose time only grows, with gaps from new to old', () => {
    expect(store.roomArchived(db, club)).toEqual({ newest: null, known: false });
    store.setRoomArchived(db, club, { id: 'b', at: 20 });
    store.setRoomArchived(db, club, { id: 'c', at: 10 });
    store.markRoomArchiveKnown(db, club);
    expect(store.roomArchived(db, club)).toEqual({ newest: { id: 'c', at: 20 }, known: true });
    const old = store.addRoomGap(db, club, { afterId: null, afterAt: null, beforeId: 'a', beforeAt: 5 });
    store.addRoomGap(db, club, { afterId: null, afterAt: null, beforeId: 'b', beforeAt: 9 });
    expect(store.roomGaps(db, club).map(({ beforeId }) => beforeId)).toEqual(['b', 'a']);
    store.narrowRoomGap(db, old, { beforeId: 'z', beforeAt: 1 });
    store.closeRoomGap(db, old);
    expect(store.roomGaps(db, club)).toHaveLength(1);
    expect(store.gaps(db)).toEqual([]);
  });
});

describe('who has seen what', () => {
  const sees = (address: string, stanzaId: string, at = 1) =>
    store.noteSeen(db, { conversationId: club, address, stanzaId, at });

  it('goes forward alone, and leaves out the author and me', () => {
    groupPerson(db, club, ann, 'Ann');
    const first = comes('one');
    const second = comes('two');
    expect(sees(ann, 'room-2')).toBe(second);
    expect(sees(ann, 'room-1')).toBeNull();
    expect(sees(ann, 'unknown')).toBeNull();
    sees(bob, 'room-2', 2);
    sees(me, 'room-2', 3);
    for (const id of [first, second])
      expect(store.seenBy(db, id)).toEqual([{ address: ann, name: 'Ann', at: 1 }]);
  });

  it('is told in small groups that I am in, and in no other conversation', () => {
    expect(store.tellsSeen(db, club)).toBe(true);
    expect(store.tellsSeen(db, direct(db, bob))).toBe(false);
    for (let n = 0; n <= store.MOST_VIEWERS; n += 1) groupPerson(db, club, `p${n}@home.example`, `P${n}`);
    expect(store.tellsSeen(db, club)).toBe(false);
    db.exec('DELETE FROM room_person');
    db.exec(`UPDATE room SET state = 'left'`);
    expect(store.tellsSeen(db, club)).toBe(false);
  });
});
