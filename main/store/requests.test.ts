import { describe, expect, test } from 'vitest';
import type { MessageId } from '../../contract/ids.ts';
import {
  acceptRequest,
  addInvitation,
  conversationById,
  countInvitations,
  countRequests,
  foldRequest,
  holdReceipt,
  insertArchivePage,
  insertInbound,
  insertOutgoing,
  listConversations,
  listInvitations,
  listRequests,
  markPending,
  messagesPage,
  refuseRequest,
  removeInvitationsOf,
  requestState,
  restoreRequest,
  searchMessages,
  setHeldNotice,
  setInvitationState,
  takeReceipts,
  unreadTotal,
  type InboundRow,
  type WritableDb,
} from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const photo = [
  { kind: 'photo', name: 'a.png', mediaType: 'image/png', url: 'https://x.example/a.png' },
] as const;
const bob = 'bob@home.example';

/** Stores messages of a stranger, one archive page after the other. */
function strangerWrites(db: WritableDb, pages: Partial<InboundRow>[][], order: 'live' | 'backward' = 'live') {
  const id = direct(db, bob);
  for (const page of pages) {
    const added = insertArchivePage(
      db,
      page.map((given) => inbound(id, given)),
      { order, countUnread: true },
    );
    markPending(db, id);
    foldRequest(
      db,
      id,
      added.map((one) => one.id),
    );
  }
  return id;
}

const shownTexts = (db: WritableDb, id: ReturnType<typeof direct>) =>
  messagesPage(db, { conversationId: id, at: { kind: 'newest' }, limit: 50 }).items.map((m) => m.text);

describe('a request', () => {
  test('is in no folder, not unread, found by no search, and shows its first text', () => {
    const db = newStore();
    const id = strangerWrites(db, [
      [{ text: 'one', sentAt: 1 }],
      [{ text: 'two', sentAt: 2 }],
      [{ text: 'three', sentAt: 3, attachments: photo }],
    ]);
    expect(shownTexts(db, id)).toEqual(['one']);
    expect(listConversations(db, { folder: 'inbox', before: null, limit: 5 }).items).toEqual([]);
    expect(unreadTotal(db, 1)).toBe(0);
    expect(searchMessages(db, { query: 'one', before: null, limit: 5 }).items).toEqual([]);
    expect(conversationById(db, id)).toMatchObject({
      request: 'pending',
      folded: 2,
      unread: 0,
      lastMessage: null,
    });
    const { items } = listRequests(db, { before: null, limit: 5 });
    expect(items).toMatchObject([
      { address: bob, text: 'one', photo: false, more: { messages: 2, photos: 1 } },
    ]);
    expect(countRequests(db)).toBe(1);
  });

  test('shows a photo that came first, and the first text', () => {
    const db = newStore();
    const id = strangerWrites(db, [
      [{ text: 'look', sentAt: 1, attachments: photo }],
      [{ text: 'more', sentAt: 2, attachments: photo }],
      [{ text: 'hello', sentAt: 3 }],
      [{ text: 'hello?', sentAt: 4 }],
    ]);
    expect(shownTexts(db, id)).toEqual(['look', 'hello']);
    expect(listRequests(db, { before: null, limit: 5 }).items[0]).toMatchObject({
      photo: true,
      text: 'look',
    });
  });

  test('shows the same whichever way its history is read', () => {
    const db = newStore();
    const id = strangerWrites(
      db,
      [
        [
          { text: 'c', sentAt: 30 },
          { text: 'd', sentAt: 40 },
        ],
        [
          { text: 'a', sentAt: 10, attachments: photo },
          { text: 'b', sentAt: 20 },
        ],
      ],
      'backward',
    );
    expect(shownTexts(db, id)).toEqual(['a', 'b']);
  });

  test('accepted, everything is there in order, and unread', () => {
    const db = newStore();
    const id = strangerWrites(db, [
      [{ text: 'one', sentAt: 1 }],
      [{ text: 'two', sentAt: 2, attachments: photo }],
    ]);
    expect(acceptRequest(db, id)).toBe(true);
    expect(acceptRequest(db, id)).toBe(false);
    expect(shownTexts(db, id)).toEqual(['one', 'two']);
    expect(unreadTotal(db, 1)).toBe(2);
    expect(requestState(db, bob)).toBe('none');
    expect(searchMessages(db, { query: 'one', before: null, limit: 5 }).items).toHaveLength(1);
  });

  test('writing lets in, and so does what was written before and is read later', () => {
    const db = newStore();
    const id = strangerWrites(db, [[{ text: 'one', sentAt: 1 }], [{ text: 'two', sentAt: 2 }]]);
    insertOutgoing(db, { conversationId: id, originId: 'o', text: 'hi', sentAt: 3, senderAddress: me });
    expect(requestState(db, bob)).toBe('none');
    expect(shownTexts(db, id)).toEqual(['one', 'two', 'hi']);

    const other = newStore();
    const fresh = strangerWrites(other, [[{ text: 'late', sentAt: 9 }]], 'backward');
    insertInbound(other, inbound(fresh, { outgoing: true, originId: 'x', text: 'I asked', sentAt: 5 }), {
      order: 'backward',
      countUnread: false,
    });
    expect(requestState(other, bob)).toBe('none');
    expect(shownTexts(other, fresh)).toEqual(['I asked', 'late']);
  });

  test('deleted, it is listed nowhere until it is restored', () => {
    const db = newStore();
    const id = strangerWrites(db, [[{ text: 'one', sentAt: 1 }]]);
    expect(refuseRequest(db, id)).toBe(true);
    expect(refuseRequest(db, id)).toBe(false);
    expect(listRequests(db, { before: null, limit: 5 }).items).toEqual([]);
    expect(listConversations(db, { folder: 'inbox', before: null, limit: 5 }).items).toEqual([]);
    expect(requestState(db, bob)).toBe('refused');
    expect(restoreRequest(db, id)).toBe(true);
    expect(countRequests(db)).toBe(1);
  });

  test('of which the server holds everything back is listed all the same', () => {
    const db = newStore();
    const id = direct(db, bob);
    setHeldNotice(db, { address: bob, messages: 3, photos: 2, at: 77 });
    expect(requestState(db, bob)).toBe(null);
    markPending(db, id);
    expect(listRequests(db, { before: null, limit: 5 }).items).toMatchObject([
      { text: '', photo: true, at: 77, more: { messages: 3, photos: 2 } },
    ]);
    acceptRequest(db, id);
    expect(conversationById(db, id)?.folded).toBe(0);
    expect(listConversations(db, { folder: 'inbox', before: null, limit: 5 }).items).toHaveLength(1);
  });

  test('keeps its receipts until it is accepted', () => {
    const db = newStore();
    const id = strangerWrites(db, [[{ text: 'one', sentAt: 1 }]]);
    const [message] = messagesPage(db, { conversationId: id, at: { kind: 'newest' }, limit: 5 }).items;
    const messageId = (message?.id ?? 0) as MessageId;
    holdReceipt(db, { messageId, conversationId: id, wireId: 'w1' });
    expect(takeReceipts(db, 5)).toEqual([]);
    acceptRequest(db, id);
    expect(takeReceipts(db, 5)).toMatchObject([{ address: bob, wireId: 'w1' }]);
    expect(takeReceipts(db, 5)).toEqual([]);
  });

  test('pages of many strangers', () => {
    const db = newStore();
    for (let i = 0; i < 5; i += 1) {
      const id = direct(db, `s${i}@home.example`);
      insertInbound(db, inbound(id, { text: `t${i}`, sentAt: i + 1 }), { order: 'live', countUnread: true });
      markPending(db, id);
    }
    const first = listRequests(db, { before: null, limit: 3 });
    const second = listRequests(db, { before: first.next, limit: 3 });
    expect([...first.items, ...second.items].map((r) => r.text)).toEqual(['t4', 't3', 't2', 't1', 't0']);
    expect(second.next).toBe(null);
    expect(() => listRequests(db, { before: 'x', limit: 3 })).toThrow('invalid-argument');
  });
});

describe('an invitation', () => {
  const invitation = { room: 'r@rooms.example', inviter: bob, reason: 'come', password: null, at: 5 };

  test('comes once for each who invites, the newest counts, and a deleted one stays deleted', () => {
    const db = newStore();
    expect(addInvitation(db, invitation)).toBe(true);
    expect(addInvitation(db, { ...invitation, reason: 'please', at: 6 })).toBe(true);
    expect(addInvitation(db, { ...invitation, inviter: null, at: 4 })).toBe(true);
    const [first, second] = listInvitations(db);
    expect(first).toMatchObject({ reason: 'please', inviter: { address: bob, name: 'bob' } });
    expect(second).toMatchObject({ inviter: null });
    expect(setInvitationState(db, first?.id ?? 0, 'refused')).toBe(true);
    expect(addInvitation(db, { ...invitation, at: 7 })).toBe(false);
    expect(countInvitations(db)).toBe(1);
    expect(removeInvitationsOf(db, bob)).toBe(true);
    expect(addInvitation(db, { ...invitation, at: 8 })).toBe(true);
  });

  test('thousands make room for each other', () => {
    const db = newStore();
    for (let i = 0; i < 250; i += 1) addInvitation(db, { ...invitation, room: `r${i}@rooms.example`, at: i });
    expect(countInvitations(db)).toBe(200);
    expect(listInvitations(db)[0]?.room).toBe('r249@rooms.example');
  });
});
