import { expect, test } from 'vitest';
import { seeded, between, pick } from '../../bench/random.ts';
import type { MessageId } from '../../contract/ids.ts';
import {
  conversationByAddress,
  conversationById,
  conversationsByIds,
  deleteMessage,
  ensureConversation,
  insertArchivePage,
  insertInbound,
  insertOutgoing,
  listConversations,
  markRead,
  messagesPage,
  saveDraft,
  setArchived,
  setMuted,
  setPinned,
  unreadTotal,
  upsertPerson,
} from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const live = { order: 'live', countUnread: true } as const;

test('the list pages through pinned ones first, then by activity, and lists only what was begun', () => {
  const db = newStore();
  const ids = Array.from({ length: 25 }, (_, i) => direct(db, `p${i}@home.example`));
  ids.forEach((id, i) => void insertInbound(db, inbound(id, { sentAt: 1_000 + (i % 5) }), live));
  setPinned(db, ids[3] as never, true);
  saveDraft(db, direct(db, 'only-a-draft@home.example'), 'hm');
  ensureConversation(db, { address: 'started@home.example', kind: 'direct', now: 5 });
  ensureConversation(db, { address: 'started@home.example', kind: 'direct', started: true, now: 5_000 });
  ensureConversation(db, { address: me, kind: 'self', now: 1 });
  setArchived(db, ids[4] as never, true);
  const seen = [];
  let before: string | null = null;
  do {
    const page = listConversations(db, { folder: 'inbox', before, limit: 4 });
    seen.push(...page.items);
    before = page.next;
  } while (before !== null);
  expect(seen).toHaveLength(26);
  expect(new Set(seen.map((c) => c.id)).size).toBe(26);
  expect(seen.slice(0, 2).map((c) => c.name)).toEqual(['p3', 'started']);
  expect(seen.at(-1)).toMatchObject({ kind: 'self', lastMessage: null });
  const rest = seen.slice(1).map((c) => c.lastActivity);
  expect(rest).toEqual(rest.toSorted((a, b) => b - a));
  expect(
    listConversations(db, { folder: 'archived', before: null, limit: 9 }).items.map((c) => c.id),
  ).toEqual([ids[4]]);
  expect(() => listConversations(db, { folder: 'inbox', before: '1;2', limit: 4 })).toThrow(
    'invalid-argument',
  );
});

test('names: what we call them, what they call themselves, the local part', () => {
  const db = newStore();
  const id = direct(db, 'bob@home.example');
  const name = () => conversationById(db, id)?.name;
  expect(name()).toBe('bob');
  upsertPerson(db, { address: 'bob@home.example', nick: 'Bobby' });
  expect(name()).toBe('Bobby');
  upsertPerson(db, { address: 'bob@home.example', name: 'Robert' });
  expect(name()).toBe('Robert');
  expect(conversationByAddress(db, 'bob@home.example')?.id).toBe(id);
  expect(conversationsByIds(db, [id, 999 as typeof id])).toHaveLength(1);
});

test('the total leaves out what is muted or archived', () => {
  const db = newStore();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => direct(db, `${name}@home.example`)) as [
    never,
    never,
    never,
  ];
  for (const id of [a, b, c, c]) insertInbound(db, inbound(id), live);
  expect(unreadTotal(db, 0)).toBe(4);
  setMuted(db, a, 100);
  expect([unreadTotal(db, 99), unreadTotal(db, 100)]).toEqual([3, 4]);
  setArchived(db, c, true);
  expect(unreadTotal(db, 100)).toBe(2);
});

test('news counts wherever it stands, and history of a fresh profile counts as read', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const { id } = insertInbound(db, inbound(bob, { sentAt: 5_000 }), live);
  expect(markRead(db, bob, id)).toBe(true);
  expect(markRead(db, bob, id)).toBe(false);
  const page = [3_000, 4_000, 6_000].map((sentAt) => inbound(bob, { sentAt, stanzaId: `s${sentAt}` }));
  insertArchivePage(db, page, { order: 'stamped', countUnread: true });
  expect(conversationById(db, bob)?.unread).toBe(3);
  const eve = direct(db, 'eve@home.example');
  insertArchivePage(
    db,
    [7_000, 8_000].map((sentAt) => inbound(eve, { sentAt })),
    { order: 'backward', countUnread: false },
  );
  insertInbound(db, inbound(eve, { sentAt: 7_500 }), { order: 'backward', countUnread: true });
  expect(conversationById(db, eve)?.unread).toBe(0);
});

test.each([1, 2, 3, 4])('unread counts stay right through 400 random steps (seed %i)', (seed) => {
  const db = newStore();
  const random = seeded(seed);
  const ids = ['a', 'b', 'c'].map((name) => direct(db, `${name}@home.example`));
  const steps = [
    () =>
      insertInbound(db, inbound(pick(random, ids), { sentAt: between(random, 1, 50) }), {
        order: pick(random, ['live', 'stamped', 'backward']),
        countUnread: random() < 0.7,
      }),
    () =>
      insertArchivePage(
        db,
        Array.from({ length: 5 }, () =>
          inbound(pick(random, ids), { sentAt: between(random, 1, 50), outgoing: random() < 0.3 }),
        ),
        { order: pick(random, ['stamped', 'backward']), countUnread: random() < 0.5 },
      ),
    () =>
      insertOutgoing(db, {
        conversationId: pick(random, ids),
        originId: `${random()}`,
        text: 'x',
        sentAt: between(random, 1, 50),
        senderAddress: me,
      }),
    (id?: MessageId) => id && markRead(db, pick(random, ids), id),
    (id?: MessageId) => id && random() < 0.5 && deleteMessage(db, id),
  ];
  for (let i = 0; i < 400; i += 1) {
    const { items } = messagesPage(db, {
      conversationId: pick(random, ids),
      at: { kind: 'newest' },
      limit: 20,
    });
    const chosen = items[Math.floor(random() * items.length)]?.id;
    pick(random, steps)(chosen);
    for (const conversation of conversationsByIds(db, ids)) {
      const all = messagesPage(db, {
        conversationId: conversation.id,
        at: { kind: 'newest' },
        limit: 5_000,
      }).items;
      const marked = db
        .prepare('SELECT id FROM message WHERE unread = 1 AND conversation_id = ? ORDER BY sort_at, sort_seq')
        .pluck()
        .all(conversation.id);
      expect(conversation.unread).toBe(marked.length);
      expect(conversation.firstUnread).toBe(marked[0] ?? null);
      expect(conversation.lastMessage?.text ?? null).toBe(all.at(-1)?.text ?? null);
    }
  }
});
