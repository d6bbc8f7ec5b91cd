import { expect, it, onTestFinished } from 'vitest';
import { defaultPolicy, type GroupPolicy, type Rank } from '../../../contract/groups.ts';
import { createEvents } from '../../events.ts';
import {
  countHeld,
  ensureRoom,
  eraseMessage,
  insertInbound,
  listHeld,
  listLog,
  messageById,
  pinnedForAll,
  putRoomPerson,
  roomById,
  roomPerson,
  updateRoom,
} from '../../store/index.ts';
import { value } from '../../store/sql.ts';
import { inbound, me, newStore } from '../../store/testing/fixtures.ts';
import type { Affiliation, InboundMessage } from '../../xmpp/index.ts';
import { createChanges } from '../changes.ts';
import { readGroupNotes } from './group-notes.ts';
import { createNotes } from './notes.ts';
import { createTold } from './parts.ts';

const room = 'walks@rooms.home.example';
const owner = 'olga@home.example';
const moderator = 'mod@home.example';
const member = 'bob@home.example';
const affiliations: Partial<Record<Rank, Affiliation>> = {
  owner: 'owner',
  moderator: 'admin',
  member: 'member',
};

interface Said {
  from: string;
  kind: string;
  value: unknown;
  at: number;
  archive?: boolean;
  latest?: boolean;
  known?: boolean;
  origin?: string | null;
}

function setUp() {
  const db = newStore();
  const events = createEvents();
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const told = createTold({ events, changes });
  onTestFinished(() => (told.close(), changes.close()));
  const notes = createNotes();
  const id = ensureRoom(db, { address: room, name: 'Walks', nick: 'me', state: 'joined' });
  updateRoom(db, id, { rank: 'moderator' });
  const ranks: [string, Rank][] = [
    [owner, 'owner'],
    [moderator, 'moderator'],
    [member, 'member'],
    [me, 'moderator'],
  ];
  for (const [address, rank] of ranks) putRoomPerson(db, id, { address, nick: address, rank });
  const returned: string[] = [];
  const pinned: string[] = [];
  readGroupNotes({
    db,
    ownAddress: me,
    notes,
    told,
    returned: (one) => returned.push(one),
    muted: () => undefined,
    pinned: (_, stanzaId) => pinned.push(stanzaId),
  });
  let count = 0;
  const say = ({ from, kind, value, at, archive = false, latest = true, known = true, origin }: Said) => {
    count += 1;
    const rank = ranks.find(([address]) => address === from)?.[1];
    const byRoom = from === room;
    const json = typeof value === 'string' ? value : JSON.stringify(value);
    const note = { family: 'groups', kind, json } as const;
    const message: InboundMessage = {
      source: archive ? 'archive' : 'live',
      outgoing: from === me,
      from: known ? from : `${room}/${from}`,
      to: me,
      fromResource: null,
      peer: room,
      type: 'groupchat',
      id: null,
      originId: origin === undefined ? `o${count}` : origin,
      stanzaId: `s${count}`,
      sentAt: at,
      delayed: archive,
      body: null,
      files: [],
      effect: null,
      tombstone: false,
      wantsReceipt: false,
      markable: false,
      noStore: false,
      note,
      room: {
        nick: byRoom ? '' : from,
        occupantId: null,
        known: known || byRoom,
        byRoom,
        affiliation: archive || byRoom || !known ? null : (affiliations[rank ?? 'none'] ?? 'none'),
      },
    };
    notes.apply({ conversationId: id, message, note, messageId: null, latest });
    notes.announce();
  };
  const policy = () => JSON.parse(roomById(db, id)?.policy ?? '') as GroupPolicy;
  const log = () => listLog(db, id, { before: null, limit: 50 }).items.map(({ what }) => what);
  const mutedUntil = (address: string) => roomPerson(db, id, address)?.mutedUntil ?? null;
  return { db, id, say, policy, log, mutedUntil, returned, pinned };
}

const strict = { ...defaultPolicy, announcementsOnly: true };

it('a policy counts from an owner and from the room, and from nobody else', () => {
  const { say, policy } = setUp();
  for (const from of [moderator, member, 'stranger@home.example'])
    say({ from, kind: 'policy', value: strict, at: 10 });
  say({ from: owner, known: false, kind: 'policy', value: strict, at: 10 });
  expect(policy()).toEqual({});
  say({ from: owner, kind: 'policy', value: strict, at: 10 });
  expect(policy()).toEqual(strict);
  say({ from: room, kind: 'policy', value: defaultPolicy, at: 11 });
  expect(policy()).toEqual(defaultPolicy);
});

it('of two policies the later one counts, in whatever order they come, and nonsense is none', () => {
  const { say, policy } = setUp();
  say({ from: owner, kind: 'policy', value: strict, at: 20, archive: true });
  say({ from: owner, kind: 'policy', value: defaultPolicy, at: 10, archive: true, latest: false });
  expect(policy()).toEqual(strict);
  for (const value of ['{{{', '7', 'null', { ...strict, slowMode: -1 }, { ...strict, heldWords: [''] }, {}])
    say({ from: owner, kind: 'policy', value, at: 30 });
  expect(policy()).toEqual(strict);
  say({ from: owner, kind: 'policy', value: { ...strict, more: 'of a newer version' }, at: 40 });
  expect(policy()).toEqual(strict);
});

it('a policy of mine that came back is told once', () => {
  const { say, returned, db, id } = setUp();
  putRoomPerson(db, id, { address: me, rank: 'owner' });
  say({ from: me, kind: 'policy', value: strict, at: 10, archive: true, origin: 'mine' });
  expect(returned).toEqual(['mine']);
});

it('mutes: moderators about who is none; the later one counts', () => {
  const { say, mutedUntil, log, db, id } = setUp();
  const until = Date.now() + 60_000;
  const mute = (from: string, address: string, end: number | null, more: Partial<Said> = {}) =>
    say({ from, kind: 'mute', value: { address, until: end, reason: '' }, at: 10, ...more });
  mute(member, me, until);
  mute(member, 'carl@home.example', until);
  mute(moderator, owner, until);
  mute(moderator, me, until);
  // Not even an owner: a moderator's voice goes with their rank.
  mute(owner, me, until);
  expect([mutedUntil(me), mutedUntil(owner), log()]).toEqual([null, null, []]);
  putRoomPerson(db, id, { address: me, rank: 'member' });
  mute(owner, me, until);
  expect(roomById(db, id)?.mutedUntil).toBe(until);
  mute(moderator, member, until, { at: 30 });
  // From an archive that is read backwards: older ones change nothing any more.
  mute(moderator, member, null, { at: 20, archive: true, latest: false });
  expect(mutedUntil(member)).toBe(until);
  mute(moderator, member, null, { at: 40 });
  mute(moderator, member, until, { at: 35, archive: true, latest: false });
  expect(mutedUntil(member)).toBeNull();
  expect(log()).toEqual(['unmuted', 'muted', 'muted', 'unmuted', 'muted']);
});

it('the log: of moderators, once for each note; a report of anybody who is known', () => {
  const { say, log } = setUp();
  const value = { what: 'removed', about: member, reason: 'x' };
  say({ from: member, kind: 'log', value, at: 10 });
  say({ from: member, kind: 'log', value, at: 10, archive: true });
  say({ from: moderator, kind: 'log', value: { ...value, what: 'reported' }, at: 10 });
  expect(log()).toEqual([]);
  say({ from: moderator, kind: 'log', value, at: 10, origin: 'one' });
  say({ from: moderator, kind: 'log', value, at: 10, origin: 'one', archive: true });
  expect(log()).toEqual(['removed']);
  const report = { message: 's1', about: owner, reason: 'rude' };
  say({ from: member, kind: 'report', value: report, at: 11 });
  say({ from: 'somebody', known: false, kind: 'report', value: report, at: 12 });
  expect(log()).toEqual(['reported', 'removed']);
});

it('what waits is told by the room alone, and now', () => {
  const { say, db, id } = setUp();
  const value = { id: '7', sender: member, text: 'waits', photo: false, why: 'first', at: 5 };
  for (const from of [owner, moderator, member]) say({ from, kind: 'held', value, at: 10 });
  say({ from: room, kind: 'held', value, at: 10, archive: true });
  expect(countHeld(db, id)).toBe(0);
  say({ from: room, kind: 'held', value, at: 10 });
  say({ from: room, kind: 'held', value, at: 10 });
  expect(listHeld(db, id)).toEqual([{ ...value, sender: 'bob' }]);
  say({ from: moderator, kind: 'reviewed', value: { id: '7' }, at: 11 });
  expect(countHeld(db, id)).toBe(1);
  say({ from: room, kind: 'reviewed', value: { id: '7' }, at: 12 });
  expect(countHeld(db, id)).toBe(0);
});

it('a pin for everybody: of moderators; of two notes about one message the later one counts', () => {
  const { db, id, say, pinned } = setUp();
  const message = insertInbound(db, inbound(id, { stanzaId: 'm1', text: 'the plan', sentAt: 5 }), {
    order: 'live',
    countUnread: false,
  }).id;
  const pin = (from: string, on: boolean, at: number, more: Partial<Said> = {}) =>
    say({ from, kind: 'pin', value: { message: 'm1', pinned: on }, at, ...more });
  pin(member, true, 10);
  pin(moderator, true, 10, { known: false });
  say({ from: moderator, kind: 'pin', value: { message: '', pinned: true }, at: 10 });
  expect(pinnedForAll(db, id)).toEqual([]);
  pin(moderator, true, 20);
  expect(pinnedForAll(db, id)).toEqual([message]);
  expect(messageById(db, message)).toMatchObject({ pinnedForAll: true, pinned: false });
  // Read again, and older ones that an archive brings afterwards.
  pin(moderator, true, 20, { archive: true });
  pin(owner, false, 15, { archive: true, latest: false });
  expect(pinned).toEqual(['m1']);
  pin(owner, false, 30);
  pin(moderator, true, 25, { archive: true, latest: false });
  expect(pinnedForAll(db, id)).toEqual([]);
  expect(pinned).toEqual(['m1', 'm1']);
  // The pin before its message, and a message that is taken back.
  say({ from: owner, kind: 'pin', value: { message: 'm2', pinned: true }, at: 40 });
  const later = insertInbound(db, inbound(id, { stanzaId: 'm2', text: 'more' }), {
    order: 'live',
    countUnread: false,
  }).id;
  expect(pinnedForAll(db, id)).toEqual([later]);
  eraseMessage(db, later, 50);
  expect(pinnedForAll(db, id)).toEqual([]);
  expect(messageById(db, later)?.pinnedForAll).toBe(false);
});

it('a moderator’s app that pins without end fills nothing', () => {
  const { db, say } = setUp();
  for (let at = 1; at <= 600; at += 1)
    say({ from: owner, kind: 'pin', value: { message: `m${at}`, pinned: true }, at });
  expect(value(db, 'SELECT count(*) FROM room_pin')).toBe(500);
  expect(value(db, "SELECT count(*) FROM room_pin WHERE stanza_id IN ('m1', 'm100')")).toBe(0);
});
