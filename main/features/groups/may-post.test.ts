import { beforeEach, describe, expect, it } from 'vitest';
import { PostcardError } from '../../../contract/errors.ts';
import { defaultPolicy, type GroupPolicy } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  ensureRoom,
  insertInbound,
  noteOwnMessage,
  updateRoom,
  type RoomRow,
  type WritableDb,
} from '../../store/index.ts';
import { direct, inbound, newStore } from '../../store/testing/fixtures.ts';
import { guidelinesHash } from './describe.ts';
import { mayPost, type Post } from './may-post.ts';

const now = 1_800_000_000_000;
const text = (words: string): Post => ({ text: words, media: false });
let db: WritableDb;
let id: ConversationId;

beforeEach(() => {
  db = newStore();
  id = ensureRoom(db, { address: 'walks@rooms.home.example', name: '', nick: 'me', state: 'joined' });
  updateRoom(db, id, { rank: 'member' });
});
const set = (policy: Partial<GroupPolicy>, more: Partial<RoomRow> = {}) =>
  updateRoom(db, id, { policy: JSON.stringify({ ...defaultPolicy, ...policy }), ...more });
const refusal = (post: Post) => {
  try {
    mayPost(db, id, post, now);
    return null;
  } catch (error) {
    if (error instanceof PostcardError) return { code: error.code, ...error.detail };
    throw error;
  }
};

describe('before anything is written', () => {
  it('elsewhere than in groups everything goes', () => {
    expect(() => mayPost(db, direct(db, 'bob@home.example'), text('www.example.org'), now)).not.toThrow();
  });

  it('out of it, muted, announcements', () => {
    expect(refusal(text('x'))).toBeNull();
    for (const state of ['left', 'removed', 'banned', 'destroyed'] as const) {
      set({}, { state });
      expect(refusal(text('x'))).toMatchObject({ code: 'forbidden' });
    }
    // On the way in it waits.
    set({}, { state: 'joining' });
    expect(refusal(text('x'))).toBeNull();
    set({}, { state: 'joined', mutedUntil: now + 1 });
    expect(refusal(text('x'))).toEqual({ code: 'forbidden', what: 'write' });
    // Roles alone: the server has not given the voice back yet. The hub goes by the clock, and so does what is away.
    set({}, { mutedUntil: now });
    expect(refusal(text('x'))).toEqual({ code: 'forbidden', what: 'write' });
    set({}, { enforced: true });
    expect(refusal(text('x'))).toBeNull();
    set({}, { enforced: false, state: 'joining' });
    expect(refusal(text('x'))).toBeNull();
    set({}, { state: 'joined', mutedUntil: null });
    expect(refusal(text('x'))).toBeNull();
    set({ announcementsOnly: true });
    expect(refusal(text('x'))).toEqual({ code: 'forbidden', what: 'write' });
    updateRoom(db, id, { rank: 'moderator' });
    expect(refusal(text('x'))).toBeNull();
  });

  it('guidelines, once for each text', () => {
    set({ guidelines: 'Be kind.' });
    expect(refusal(text('x'))).toEqual({ code: 'guidelines-first' });
    set({ guidelines: 'Be kind.' }, { acceptedGuidelines: guidelinesHash('Be kind.') });
    expect(refusal(text('x'))).toBeNull();
    set({ guidelines: 'Be very kind.' });
    expect(refusal(text('x'))).toEqual({ code: 'guidelines-first' });
  });

  it('media and links', () => {
    set({ membersMay: { invite: true, media: false, links: false } });
    expect(refusal({ text: '', media: true })).toEqual({ code: 'forbidden', what: 'media' });
    for (const words of ['see https://example.org', 'HTTP://x.y', 'www.example.org'])
      expect(refusal(text(words))).toEqual({ code: 'forbidden', what: 'links' });
    for (const words of ['at 10:30/11:00', 'e.g. this', 'awww. nice', 'http'])
      expect(refusal(text(words))).toBeNull();
  });

  it('slow mode: since the last one that left, and one at a time', () => {
    set({ slowMode: 60 });
    expect(refusal(text('x'))).toBeNull();
    expect(refusal({ text: '', media: true, messages: 3 })).toEqual({ code: 'slow-mode', seconds: 60 });
    const mine = inbound(id, { outgoing: true, sentAt: now - 20_500, originId: 'o' });
    insertInbound(db, mine, { order: 'stamped', countUnread: false });
    insertInbound(db, inbound(id, { sentAt: now - 1 }), { order: 'stamped', countUnread: false });
    expect(refusal(text('x'))).toEqual({ code: 'slow-mode', seconds: 40 });
    // A question put into a box; what came before it still counts as long.
    noteOwnMessage(db, id, now - 5_000);
    expect(refusal(text('x'))).toEqual({ code: 'slow-mode', seconds: 55 });
    updateRoom(db, id, { rank: 'owner' });
    expect(refusal(text('x'))).toBeNull();
  });
});
