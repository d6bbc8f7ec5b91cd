import { beforeEach, describe, expect, it } from 'vitest';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { createEvents } from '../../events.ts';
import {
  conversationById,
  durably,
  furtherStanzaIds,
  insertOutgoing,
  listConversations,
  markRead,
  messageById,
  messagesPage,
  outboxByOriginId,
  roomArchived,
  saveBlock,
  setStage,
  stanzaIdOf,
  upsertPerson,
  versionsOf,
  waitsForReview,
  type WritableDb,
} from '../../store/index.ts';
import { group, groupPerson, me, newStore } from '../../store/testing/fixtures.ts';
import type { InboundEffect, InboundMessage, RoomOrigin } from '../../xmpp/index.ts';
import { createChanges } from '../changes.ts';
import { createConnection } from '../connection.ts';
import { createEffects } from '../effects/index.ts';
import { createNotes, type ArrivedNote } from '../groups/notes.ts';
import { bouncedByRoom } from './bounces.ts';
import { receiveFromRooms } from './receive.ts';

const room = 'club@rooms.home.example';
const ann = 'ann@home.example';
const eve = 'eve@home.example';

let db: WritableDb;
let id: ConversationId;
let hear: (m: InboundMessage) => void;
let announced: MessageId[];
let fetched: MessageId[];
let reactions: string[];
let notes: ArrivedNote[];
let blocked: string[];
let lines: string[];
let count: number;
let waiting: string[];

beforeEach(() => {
  db = newStore();
  id = group(db, room);
  [announced, fetched, reactions, notes, blocked, lines] = [[], [], [], [], [], []];
  count = 0;
  waiting = [];
  const events = createEvents();
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const log = (line: string) => void lines.push(line);
  const connection = createConnection({ address: me, password: null, target: null, db, events, log });
  const effects = createEffects({
    ...{ db, connection, changes, log },
    onUnsent: () => undefined,
    onTold: () => undefined,
    openRooms: () => [],
  });
  const readers = createNotes();
  readers.read('groups', { apply: (note) => void notes.push(note) });
  readers.read('polls', { apply: (note) => void notes.push(note) });
  hear = receiveFromRooms({
    ...{ db, ownAddress: me, changes, effects, notes: readers },
    isBlocked: (address) => blocked.includes(address),
    downloads: { wanted: (one) => void fetched.push(one) },
    notifications: {
      received: (m) => void announced.push(m.id),
      reacted: (m) => void reactions.push(m.emoji),
    },
    isLevel: () => true,
    onReturned: () => undefined,
    onWaiting: (_, originId) => void waiting.push(originId),
    met: () => undefined,
  });
});

type Given = Omit<Partial<InboundMessage>, 'room'> & { by?: Partial<RoomOrigin> };

/** A message as the room's parser gives it: of Ann, known. */
function said(body: string | null, { by, ...given }: Given = {}): InboundMessage {
  count += 1;
  return {
    source: 'live',
    outgoing: false,
    from: ann,
    to: me,
    fromResource: null,
    peer: room,
    type: 'groupchat',
    id: `wire-${count}`,
    originId: null,
    stanzaId: `room-${count}`,
    sentAt: Date.now(),
    delayed: false,
    body,
    files: [],
    effect: null,
    tombstone: false,
    wantsReceipt: true,
    markable: false,
    noStore: false,
    ...given,
    room: { nick: 'Ann', occupantId: 'o-ann', known: true, byRoom: false, affiliation: 'member', ...by },
  };
}
const noFile = {
  ...{ mediaType: 'image/jpeg', bytes: null, width: null, height: null, sha256: null, thumbhash: null },
  ...{ thumbnail: null, durationMs: null, waveform: null },
};
const byRoom = { nick: '', occupantId: null, known: true, byRoom: true, affiliation: null };
const change = (effect: InboundEffect, given: Given = {}) => hear(said(null, { effect, ...given }));
const all = () => messagesPage(db, { conversationId: id, at: { kind: 'newest' }, limit: 200 }).items;
const only = () => {
  const [message, ...rest] = all();
  if (!message || rest.length > 0) throw new Error('not one message');
  return message;
};
const write = (originId: string, text = 'mine') =>
  durably(db, () =>
    insertOutgoing(db, { conversationId: id, originId, text, sentAt: Date.now(), senderAddress: me }),
  );

describe('a message of a group', () => {
  it('is unread, announced, named as its author is called', () => {
    hear(said('hello'));
    expect(only()).toMatchObject({ text: 'hello', state: 'received', sender: { address: ann, name: 'Ann' } });
    expect(announced).toEqual([only().id]);
    // A profile says what its owner likes, somebody else's name too; the room gives a name once.
    upsertPerson(db, { address: ann, nick: 'The owner' });
    expect(only().sender.name).toBe('Ann');
    upsertPerson(db, { address: ann, name: 'Ann of the hills' });
    expect(only().sender.name).toBe('Ann of the hills');
    upsertPerson(db, { address: ann, name: 'Sis' });
    expect(conversationById(db, id)).toMatchObject({
      kind: 'group',
      name: 'Photo club',
      unread: 1,
      mentioned: false,
      group: { state: 'joined', notify: 'all' },
      lastMessage: { text: 'hello', senderName: 'Sis' },
    });
  });

  it('makes no conversation of a room that is no group, and none where I am no longer', () => {
    hear(said('from nowhere', { peer: 'other@rooms.home.example' }));
    db.prepare(`UPDATE room SET state = 'banned'`).run();
    hear(said('still talking'));
    expect(all()).toEqual([]);
    expect(listConversations(db, { folder: 'inbox', before: null, limit: 9 }).items).toHaveLength(2);
  });

  it('is once there, whichever way it comes again', () => {
    const first = said('once');
    hear(first);
    hear(first);
    hear({ ...first, stanzaId: 'again' });
    expect(all()).toHaveLength(1);
    expect(announced).toHaveLength(1);
  });

  it('is not hidden by one that claims its ids, or the origin id of mine', () => {
    const mine = write('o-mine');
    hear(said('hello', { originId: 'o-1' }));
    hear(said('hello', { originId: 'o-1', from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } }));
    hear(said('mine', { originId: 'o-mine', from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } }));
    expect(all()).toHaveLength(4);
    expect(messageById(db, mine)?.state).toBe('sending');
  });

  it('has its author by address, not by a nickname that somebody else had', () => {
    hear(said('I am Ann', { from: ann }));
    hear(said('so am I', { from: eve, by: { nick: 'Ann', occupantId: 'o-eve' } }));
    hear(said('and I', { from: `${room}/Ann`, by: { nick: 'Ann', occupantId: null, known: false } }));
    expect(all().map(({ sender }) => sender.address)).toEqual([ann, eve, `${room}/Ann`]);
  });

  it('moves on what is known of the archive', () => {
    hear(said('a'));
    expect(roomArchived(db, id).newest?.id).toBe('room-1');
    change({ kind: 'react', target: 'room-1', emojis: ['👍'] });
    expect(roomArchived(db, id).newest?.id).toBe('room-2');
  });

  it('is no message when the room itself says it, or a note', () => {
    hear(said('This room is recorded', { from: room, by: byRoom }));
    hear(said(null, { note: { family: 'groups', kind: 'policy', json: '{}' } }));
    hear(said('Which day? 1. Sunday', { note: { family: 'polls', kind: 'poll', json: '{"q":1}' } }));
    expect(all().map(({ text }) => text)).toEqual(['Which day? 1. Sunday']);
    expect(notes.map(({ note, messageId }) => [note.kind, messageId])).toEqual([
      ['policy', null],
      ['poll', only().id],
    ]);
  });
});

describe('somebody I block', () => {
  it('is folded: stored, not counted, not announced, nothing of theirs fetched', () => {
    blocked = [eve];
    saveBlock(db, { address: eve, blocked: true, unsynced: false, since: 1 });
    const eves = { from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } };
    hear(said('Me, look', { ...eves, mentions: [{ address: me, start: 0, length: 2 }] }));
    hear(said('hello'));
    change({ kind: 'react', target: 'room-2', emojis: ['👎'] }, eves);
    expect(all().map(({ fromBlocked }) => fromBlocked)).toEqual([true, false]);
    expect(conversationById(db, id)).toMatchObject({ unread: 1, mentioned: false });
    expect(announced).toHaveLength(1);
    expect(reactions).toEqual([]);
    saveBlock(db, { address: eve, blocked: false, unsynced: false, since: 2 });
    expect(all().some(({ fromBlocked }) => fromBlocked)).toBe(false);
  });

  it('is not told of in the inbox either, until they are unblocked', () => {
    saveBlock(db, { address: eve, blocked: true, unsynced: false, since: 1 });
    hear(said('Me, look', { from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } }));
    const last = () => conversationById(db, id)?.lastMessage;
    expect(last()).toMatchObject({ text: '', senderName: null, fromBlocked: true });
    saveBlock(db, { address: eve, blocked: false, unsynced: false, since: 2 });
    expect(last()).toMatchObject({ text: 'Me, look', senderName: 'Eve', fromBlocked: false });
  });
});

describe('mentions', () => {
  it('are told by address or nickname, until they are read', () => {
    hear(said('👍 you there', { mentions: [{ address: me, start: 2, length: 3 }] }));
    expect(only().mentions).toEqual([{ address: me, start: 3, length: 3, own: true }]);
    expect(conversationById(db, id)?.mentioned).toBe(true);
    markRead(db, id, only().id);
    expect(conversationById(db, id)?.mentioned).toBe(false);
    hear(said('is Me there?'));
    expect(conversationById(db, id)?.mentioned).toBe(true);
  });

  it('go with an edit and with what is taken back', () => {
    hear(said('Me!'));
    const { id: message } = only();
    change({ kind: 'edit', target: 'wire-1', text: 'nobody' });
    expect(messageById(db, message)?.mentions).toEqual([]);
    hear(said('Me again'));
    change({ kind: 'unsend', target: 'room-3' });
    expect(conversationById(db, id)).toMatchObject({ unread: 1 });
    expect(all().at(-1)).toMatchObject({ unsent: true, mentions: [] });
  });
});

describe('what belongs to a message', () => {
  it('is known by the room’s ids, by which a moderator deletes it: of its author alone', () => {
    const eves = { from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } };
    const photo = { url: 'https://files.example/a.jpg', name: 'a.jpg', caption: 'on the lake' };
    hear(said(null, { id: 'p1', files: [{ ...noFile, ...photo }] }));
    const [message] = all();
    hear(said(null, { captionOf: 'p1', id: 'p1.caption', stanzaId: 'cap-1' }));
    hear(said(null, { captionOf: 'p1', id: 'p1.caption', stanzaId: 'cap-2' }));
    hear(said(null, { captionOf: 'p1', stanzaId: 'cap-eve', ...eves }));
    change({ kind: 'edit', target: 'p1', text: 'by the lake' }, { id: 'e1', stanzaId: 'edit-1' });
    change({ kind: 'edit', target: 'p1', text: 'abuse' }, { id: 'e1', stanzaId: 'edit-2' });
    change({ kind: 'edit', target: 'p1', text: 'forged' }, { stanzaId: 'edit-eve', ...eves });
    expect(all().map(({ text }) => text)).toEqual(['by the lake']);
    expect(message && furtherStanzaIds(db, message.id)).toEqual(['cap-1', 'cap-2', 'edit-1', 'edit-2']);
  });
});

describe('what I wrote', () => {
  it('is sent when the room gives it back, and known by its id there', () => {
    const mine = write('o-mine');
    setStage(db, mine, 'wire');
    hear(said('mine', { outgoing: true, from: me, originId: 'o-mine', id: 'o-mine' }));
    expect(messageById(db, mine)).toMatchObject({ state: 'sent' });
    expect(outboxByOriginId(db, 'o-mine')).toBeNull();
    expect(stanzaIdOf(db, mine, 'o-mine')).toBe('room-1');
    expect(announced).toEqual([]);
  });

  it('reads what was before it when it comes from another device', () => {
    hear(said('one'));
    hear(said('two, from my phone', { outgoing: true, from: me }));
    expect(conversationById(db, id)?.unread).toBe(0);
  });

  it.each([
    ['forbidden', 'forbidden', 'forbidden'],
    ['not-allowed', 'not-delivered', 'forbidden'],
    ['resource-constraint', 'not-delivered', 'not-delivered'],
    ['item-not-found', 'not-found', 'group-not-found'],
    ['service-unavailable', 'not-delivered', 'not-delivered'],
  ] as const)('fails with what the room says: %s', (condition, code, expected) => {
    const mine = write('o-mine');
    setStage(db, mine, 'wire');
    bouncedByRoom(db, { from: room, id: 'o-mine', condition, code, text: null }, () => undefined);
    expect(messageById(db, mine)).toMatchObject({ state: 'failed', problem: { code: expected } });
  });

  it('fails by slow mode where the group has it', () => {
    db.prepare(`UPDATE room SET policy = '{"slowMode":30}'`).run();
    const mine = write('o-mine');
    setStage(db, mine, 'wire');
    const bounce = { from: room, id: 'o-mine', condition: 'resource-constraint', text: null } as const;
    bouncedByRoom(db, { ...bounce, code: 'not-delivered' }, () => undefined);
    expect(messageById(db, mine)?.problem).toEqual({ code: 'slow-mode', detail: { seconds: 30 } });
  });

  it('goes again to a room that had forgotten me, and not for ever', () => {
    const doubts: string[] = [];
    const bounce = {
      from: room,
      id: 'o-mine',
      condition: 'not-acceptable',
      code: 'not-delivered',
      text: null,
    } as const;
    const mine = write('o-mine');
    for (let round = 0; round < 3; round += 1) {
      setStage(db, mine, 'wire');
      bouncedByRoom(db, bounce, (address) => void doubts.push(address));
    }
    expect(doubts).toEqual([room, room]);
    expect(messageById(db, mine)).toMatchObject({ state: 'failed' });
  });

  it('waits for a moderator when the room says so, and nobody else', () => {
    const note = { family: 'groups', kind: 'waiting', json: '{"message":"o-mine"}' } as const;
    hear(said(null, { note, from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } }));
    hear(said(null, { note: { ...note, json: '{"message":1}' }, from: room, by: byRoom }));
    hear(said(null, { note: { ...note, json: 'no' }, from: room, by: byRoom }));
    expect(waiting).toEqual([]);
    hear(said(null, { note, from: room, by: byRoom }));
    expect(waiting).toEqual(['o-mine']);
    const mine = write('o-mine');
    setStage(db, mine, 'wire');
    expect(waitsForReview(db, { conversationId: id, originId: 'o-mine' })).toEqual({ id: mine });
    expect(messageById(db, mine)).toMatchObject({
      state: 'sending',
      problem: { code: 'waits-for-moderator' },
    });
    hear(said('mine', { outgoing: true, from: me, originId: 'o-mine' }));
    expect(messageById(db, mine)).toMatchObject({ state: 'sent', problem: null });
    expect(waitsForReview(db, { conversationId: id, originId: 'o-mine' })).toBeNull();
  });

  it('is gone when the room says that it was withdrawn, and while it waits alone', () => {
    const note = { family: 'groups', kind: 'discarded', json: '{"message":"o-mine"}' } as const;
    const mine = write('o-mine');
    setStage(db, mine, 'wire');
    hear(said(null, { note, from: room, by: byRoom }));
    expect(messageById(db, mine)).not.toBeNull();
    waitsForReview(db, { conversationId: id, originId: 'o-mine' });
    hear(said(null, { note, from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } }));
    hear(said(null, { note: { ...note, json: '{' }, from: room, by: byRoom }));
    expect(messageById(db, mine)).not.toBeNull();
    hear(said(null, { note, from: room, by: byRoom }));
    expect(messageById(db, mine)).toBeNull();
  });

  it('does not fail by what somebody claims of it once the room has given it back', () => {
    const mine = write('o-mine');
    setStage(db, mine, 'wire');
    hear(said('mine', { outgoing: true, from: me, originId: 'o-mine' }));
    const bounce = {
      from: room,
      id: 'o-mine',
      condition: 'forbidden',
      code: 'forbidden',
      text: null,
    } as const;
    expect(bouncedByRoom(db, bounce, () => undefined)).toBeUndefined();
    expect(messageById(db, mine)?.state).toBe('sent');
  });
});

describe('what changes a message', () => {
  const eves = { from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } };

  it('names the room’s id; corrections their author’s', () => {
    groupPerson(db, id, ann, 'Ann');
    hear(said('teh'));
    change({ kind: 'react', target: 'room-1', emojis: ['👍'] });
    change({ kind: 'edit', target: 'wire-1', text: 'the' });
    expect(only()).toMatchObject({ text: 'the', reactions: [{ emoji: '👍', names: ['Ann'] }] });
    // The ids its author gave mean nothing here: anybody can give them to a message of their own.
    change({ kind: 'react', target: 'wire-1', emojis: ['👎'] }, eves);
    expect(only().reactions).toHaveLength(1);
    change({ kind: 'unsend', target: 'wire-1' });
    expect(only().unsent).toBe(false);
    change({ kind: 'unsend', target: 'room-1' });
    expect(only()).toMatchObject({ unsent: true, deletedBy: null });
  });

  it('may name what the room called a correction', () => {
    hear(said('teh'));
    change({ kind: 'edit', target: 'wire-1', text: 'the' });
    change({ kind: 'react', target: 'room-2', emojis: ['👍'] });
    hear(said('yes', { reply: { id: 'room-1', author: room } }));
    expect(all()[0]?.reactions).toHaveLength(1);
    expect(all()[1]?.replyTo).toMatchObject({ id: all()[0]?.id, text: 'the', sender: { name: 'Ann' } });
  });

  it('is refused from anybody else: edits, unsending, whatever nickname they took', () => {
    hear(said('my words'));
    const thief = { from: eve, by: { nick: 'Ann', occupantId: 'o-eve' } };
    const unknown = { from: `${room}/Ann`, by: { nick: 'Ann', occupantId: null, known: false } };
    for (const who of [eves, thief, unknown]) {
      change({ kind: 'edit', target: 'wire-1', text: 'forged' }, who);
      change({ kind: 'unsend', target: 'room-1' }, who);
    }
    expect(only()).toMatchObject({ text: 'my words', unsent: false });
    expect(versionsOf(db, only().id)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('refused'))).toHaveLength(6);
  });

  it('is an occupant’s where the room hides addresses, and a reaction each one’s own', () => {
    const hidden = (occupantId: string, nick = 'Ann') => ({
      from: `${room}/${nick}`,
      by: { nick, occupantId, known: false },
    });
    hear(said('words', hidden('o-1')));
    change({ kind: 'edit', target: 'wire-1', text: 'forged' }, hidden('o-2'));
    expect(only().text).toBe('words');
    change({ kind: 'edit', target: 'wire-1', text: 'better words' }, hidden('o-1', 'Anna'));
    expect(only().text).toBe('better words');
    change({ kind: 'react', target: 'room-1', emojis: ['👍'] }, hidden('o-1'));
    change({ kind: 'react', target: 'room-1', emojis: ['👍'] }, hidden('o-2'));
    change({ kind: 'react', target: 'room-1', emojis: ['👍'] }, hidden('o-2', 'Other'));
    expect(only().reactions).toMatchObject([{ emoji: '👍', count: 2, own: false }]);
  });

  it('takes a message back for everybody when the room says so, and from nobody else', () => {
    hear(said('bad words'));
    const target = 'room-1';
    change({ kind: 'moderate', target, by: eve, reason: 'I want it' }, eves);
    expect(only().unsent).toBe(false);
    upsertPerson(db, { address: eve, nick: 'Eve' });
    change({ kind: 'moderate', target, by: eve, reason: 'be kind' }, { from: room, by: byRoom });
    expect(only()).toMatchObject({
      text: '',
      unsent: true,
      deletedBy: { name: 'Eve', reason: 'be kind' },
    });
    expect(conversationById(db, id)).toMatchObject({
      unread: 0,
      lastMessage: { unsent: true, deleted: true },
    });
    // The room itself does nothing else.
    hear(said('more'));
    change({ kind: 'unsend', target: `room-${count}` }, { from: room, by: byRoom });
    expect(all().at(-1)?.unsent).toBe(false);
  });

  it('waits for its message, also a moderator’s', () => {
    change({ kind: 'react', target: 'late', emojis: ['👍'] });
    change({ kind: 'moderate', target: 'late', by: `${room}/Boss`, reason: '' }, { from: room, by: byRoom });
    hear(said('too late', { stanzaId: 'late' }));
    expect(only()).toMatchObject({ unsent: true, deletedBy: { name: 'Boss', reason: '' }, reactions: [] });
  });

  it('tells of a reaction to a message of mine', () => {
    hear(said('mine', { outgoing: true, from: me }));
    change({ kind: 'react', target: 'room-1', emojis: ['👍'] });
    expect(reactions).toEqual(['👍']);
    change(
      { kind: 'react', target: 'room-1', emojis: ['🎉'] },
      { outgoing: true, from: me, by: { nick: 'Me' } },
    );
    expect(only().reactions).toMatchObject([
      { emoji: '👍', own: false },
      { emoji: '🎉', own: true },
    ]);
  });
});
