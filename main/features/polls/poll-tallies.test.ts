import { describe, expect, it } from 'vitest';
import {
  conversationByAddress,
  insertArchivePage,
  notesToSend,
  outboxByMessageId,
  putRoomPerson,
} from '../../store/index.ts';
import { me } from '../../store/testing/fixtures.ts';
import type { InboundMessage } from '../../xmpp/index.ts';
import { composeOutbound } from '../outbound.ts';
import {
  room,
  ann,
  eve,
  START,
  one,
  said,
  ofEve,
  mine,
  note,
  asks,
  votes,
  closes,
  messages,
  polls,
  counts,
  messageOf,
  lunch,
  count,
  type Given,
} from './polls.fixture.ts';

describe('an anonymous poll', () => {
  const direct = (choices: number[], from = ann, given: Partial<InboundMessage> = {}): InboundMessage => {
    const { room: _, ...rest } = said(null, { from });
    return {
      ...{ ...rest, type: 'chat', peer: from, stanzaId: `own-${count}` },
      note: note('vote', { poll: 'p', room, choices }),
      ...given,
    };
  };
  const tell = (m: InboundMessage) => {
    one.notes.direct(m);
    one.notes.announce();
  };
  const own = () => {
    void one.polls.handlers['polls.create']({
      ...{ conversationId: one.id, ...lunch, several: false, anonymous: true, endsAt: null },
    });
    const id = messageOf();
    const originId = outboxByMessageId(one.db, id)?.originId ?? '';
    one.hear(asks({ anonymous: true }, { ...mine, originId, sentAt: Date.now() }));
    return id;
  };

  it('is counted by who asks: people of the group, once each; the tally waits a moment and goes once', () => {
    own();
    tell(direct([0]));
    tell(direct([1], eve));
    tell(direct([1]));
    tell(direct([2], 'mallory@elsewhere.example'));
    expect(counts()).toEqual([0, 2, 0]);
    expect(polls()[0]?.options.flatMap(({ voters }) => voters)).toEqual([]);
    const now = Date.now();
    expect(notesToSend(one.db, { open: [one.id], now, limit: 9 })).toEqual([]);
    const waiting = notesToSend(one.db, { open: [one.id], now: now + 2000, limit: 9 });
    expect(waiting.map(({ kind }) => kind)).toEqual(['tally']);
    expect(conversationByAddress(one.db, ann)).toBeNull();
    putRoomPerson(one.db, one.id, { address: eve, rank: 'banned' });
    tell(direct([0], eve));
    expect(counts()).toEqual([0, 2, 0]);
    // Of who was removed while muted, the mute alone is still known.
    const later = Date.now() + 60_000;
    putRoomPerson(one.db, one.id, { address: eve, rank: 'none', present: false, mutedUntil: later });
    tell(direct([0], eve));
    expect(counts()).toEqual([0, 2, 0]);
  });

  it('lets its author vote, too', () => {
    const id = own();
    void one.polls.handlers['polls.vote']({ id, choices: [1] });
    expect(polls()[0]).toMatchObject({ voters: 1, options: [{}, { mine: true }, {}] });
    // The author's other devices are told.
    const [waits] = notesToSend(one.db, { open: [], now: Date.now(), limit: 9 });
    expect(waits).toMatchObject({ kind: 'vote', toAddress: me, ref: 'p', body: [1] });
  });

  it('is counted by another device of its author, which tells it where the first one does not', () => {
    const due = (wait: number) =>
      notesToSend(one.db, { open: [one.id], now: Date.now() + wait, limit: 9 }).map(({ kind }) => kind);
    // Made elsewhere: it comes as any message of mine.
    one.hear(asks({ anonymous: true }, { ...mine, sentAt: Date.now() }));
    tell(direct([0], me, { outgoing: true }));
    tell(direct([0]));
    one.hear(said(null, { ...mine, note: note('tally', { poll: 'p', counts: [1, 0, 0], voters: 1 }) }));
    expect(counts()).toEqual([2, 0, 0]);
    expect(polls()[0]?.options[0]?.mine).toBe(true);
    expect([due(5000), due(30_000)]).toEqual([[], ['tally']]);
    // Where the tally knows of more, that stands: this device came later.
    one.hear(said(null, { ...mine, note: note('tally', { poll: 'p', counts: [1, 4, 0], voters: 5 }) }));
    expect(counts()).toEqual([1, 4, 0]);
    // What is over is not told anew by who reads it in the archive.
    one.hear(closes(mine));
    tell(direct([1], eve));
    expect(polls()[0]).toMatchObject({ closed: true, voters: 5 });
  });

  it('of somebody else shows the author’s tally alone; my vote goes to them and nobody else', () => {
    one.hear(asks({ anonymous: true }));
    const tally = (counts_: number[], voters: number, given: Given = {}) =>
      said(null, { note: note('tally', { poll: 'p', counts: counts_, voters }), ...given });
    one.hear(tally([9, 9, 9], 27, ofEve));
    expect(counts()).toEqual([0, 0, 0]);
    one.hear(tally([1, 2, 0], 3));
    one.hear(tally([1, 2], 3));
    one.hear(tally([4, 0, 0], 3));
    expect(counts()).toEqual([1, 2, 0]);
    void one.polls.handlers['polls.vote']({ id: messageOf(), choices: [0] });
    const [waits] = notesToSend(one.db, { open: [], now: Date.now(), limit: 9 });
    expect(waits).toMatchObject({ kind: 'vote', toAddress: ann, ref: 'p' });
    expect(polls()[0]).toMatchObject({
      waiting: true,
      voters: 3,
      options: [{ mine: true, votes: 1 }, {}, {}],
    });
  });
});

describe('a poll', () => {
  it('goes out with a text that others can answer', () => {
    void one.polls.handlers['polls.create']({
      ...{ conversationId: one.id, question: ' Lunch? ', options: ['Soup', 'Pie'] },
      ...{ several: false, anonymous: false, endsAt: null },
    });
    const row = outboxByMessageId(one.db, messageOf());
    if (!row) throw new Error('not queued');
    const out = composeOutbound(row, me, { markable: false, tellsChatState: false });
    expect(out).toMatchObject({ room: true, note: { family: 'polls', kind: 'poll' } });
    expect(out.body).toBe('Poll: Lunch?\n1. Soup\n2. Pie\nAnswer with the number.');
    expect(conversationByAddress(one.db, room)?.lastMessage).toMatchObject({
      asks: 'poll',
      text: 'Lunch?',
    });
    expect(JSON.parse(out.note?.json ?? '')).toMatchObject({ question: 'Lunch?', options: ['Soup', 'Pie'] });
  });

  it('of nonsense is a text, and cannot be made', () => {
    for (const bad of [{}, { options: ['one'] }, { options: Array(13).fill('x') }, { question: '\u200b' }])
      one.hear(said('text', { note: note('poll', { ...lunch, question: '', ...bad }) }));
    expect(polls()).toEqual([]);
    expect(messages()).toHaveLength(4);
    const make = (more: object) => () =>
      void one.polls.handlers['polls.create']({
        ...{ conversationId: one.id, ...lunch, several: false, anonymous: false, endsAt: null },
        ...more,
      });
    expect(make({ options: ['Soup', ' Soup '] })).toThrow('invalid-argument');
    expect(make({ endsAt: Date.now() - 1 })).toThrow('invalid-argument');
    expect(make({ endsAt: 1e300 })).toThrow('invalid-argument');
  });

  it('that is taken back is gone with all that was said about it', () => {
    one.hear(asks());
    one.hear(votes([0]));
    one.hear(said('1', { reply: { id: 'p', author: null } }));
    one.hear(said(null, { effect: { kind: 'unsend', target: 'p' } }));
    one.hear(votes([1], ofEve));
    expect(polls()).toEqual([]);
    const rows = (table: string) => one.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect(['poll', 'poll_option', 'poll_note'].map(rows)).toEqual([0, 0, 0]);
  });

  it('of an archive page that comes twice is one', () => {
    const { id } = one;
    const row = { conversationId: id, outgoing: false, senderAddress: ann, wireId: 'w', originId: null };
    const page = [{ ...row, stanzaId: 'p', sentAt: START, text: 'Poll', attachments: [] }];
    insertArchivePage(one.db, page, { order: 'stamped', countUnread: false });
    one.hear(asks({}, { source: 'archive', id: 'w' }));
    one.hear(asks({ question: 'Dinner?' }, { source: 'archive', id: 'w' }));
    expect(polls().map(({ question }) => question)).toEqual(['Lunch?']);
  });
});
