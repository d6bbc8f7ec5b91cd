import { describe, expect, it } from 'vitest';
import { notesToSend, updateRoom } from '../../store/index.ts';
import { me } from '../../store/testing/fixtures.ts';
import {
  room,
  eve,
  START,
  side,
  one,
  type Given,
  said,
  ofEve,
  mine,
  note,
  asks,
  votes,
  closes,
  polls,
  counts,
  messageOf,
  lunch,
} from './polls.fixture.ts';

describe('votes', () => {
  it('are counted once a person, newest first, changed and taken back', () => {
    one.hear(asks());
    one.hear(votes([0]));
    one.hear(votes([1], ofEve));
    one.hear(votes([1]));
    expect(counts()).toEqual([0, 2, 0]);
    expect(polls()[0]).toMatchObject({ voters: 2, options: [{}, { voters: ['Ann', 'Eve'] }, {}] });
    one.hear(votes([], ofEve));
    expect(counts()).toEqual([0, 1, 0]);
    expect(polls()[0]?.voters).toBe(1);
  });

  it('are never those of a nickname: the address and the occupant id say who it is', () => {
    one.hear(asks());
    one.hear(votes([0]));
    // Somebody took her nickname, and somebody has none that could be told from others.
    one.hear(votes([1], { from: eve, by: { nick: 'Ann', occupantId: 'o-eve' } }));
    one.hear(votes([2], { from: `${room}/Ann`, by: { known: false, occupantId: null } }));
    expect(counts()).toEqual([1, 1, 0]);
    // The same person, once without the address: in an archive of a server that does not tell it.
    one.hear(votes([2], { from: `${room}/Ann`, by: { known: false } }));
    expect(counts()).toEqual([0, 1, 1]);
    one.hear(votes([2], { by: { byRoom: true } }));
    expect(counts()).toEqual([0, 1, 1]);
  });

  it('with places that are not there, twice the same, or more than one of a single choice change nothing', () => {
    one.hear(asks());
    one.hear(votes([1]));
    for (const bad of [[3], [-1], [0.5], [0, 1], [0, 0]]) one.hear(votes(bad));
    for (const json of ['', '[', '{}', '{"poll":"p","choices":"0"}', 'null'])
      one.hear(said(null, { note: { family: 'polls', kind: 'vote', json } }));
    expect(counts()).toEqual([0, 1, 0]);
  });

  it('of several choices where they are allowed', () => {
    one.hear(asks({ several: true }));
    one.hear(votes([0, 2]));
    one.hear(votes([2], ofEve));
    expect(counts()).toEqual([1, 0, 2]);
    expect(polls()[0]?.voters).toBe(2);
  });

  it('after the end do not count, by the room’s time', () => {
    one.hear(asks({ endsAt: START + 10_000 }));
    one.hear(votes([0], { sentAt: START + 10_000 }));
    one.hear(votes([1], { sentAt: START + 10_001 }));
    one.hear(votes([1], { ...ofEve, sentAt: START + 20_000 }));
    expect(counts()).toEqual([1, 0, 0]);
    expect(polls()[0]).toMatchObject({ closed: true, may: { vote: false } });
    expect(() => one.polls.handlers['polls.vote']({ id: messageOf(), choices: [0] })).toThrow('poll-closed');
  });

  it('end when the author or a moderator closes it; nobody else can', () => {
    one.hear(asks());
    one.hear(votes([0], ofEve));
    one.hear(closes(ofEve));
    one.hear(closes({ from: me, by: { nick: 'Ann', occupantId: null, byRoom: true } }));
    expect(polls()[0]?.closed).toBe(false);
    one.hear(closes({ ...ofEve, by: { ...ofEve.by, affiliation: 'admin' } }));
    one.hear(votes([1], ofEve));
    expect(counts()).toEqual([1, 0, 0]);
    expect(polls()[0]?.closed).toBe(true);
  });

  it('that came before their poll wait for it, and in any order give the same', () => {
    const all = [
      asks({}, { source: 'archive' }),
      votes([0], { source: 'archive' }),
      votes([0], { ...ofEve, source: 'archive' }),
      votes([2], { source: 'archive' }),
      said('3', { ...ofEve, source: 'archive', reply: { id: 'p', author: null } }),
      closes({ source: 'archive' }),
      votes([1], { source: 'archive' }),
    ];
    for (const m of all) one.hear(m);
    expect(counts()).toEqual([0, 0, 2]);
    const other = side();
    for (const m of all.toReversed()) other.hear(m);
    for (const m of all) other.hear(m);
    expect(counts(other)).toEqual([0, 0, 2]);
    expect(polls(other)).toHaveLength(1);
  });

  it('of mine stand at once, once, and as waiting until the room gives them back', () => {
    one.hear(asks());
    void one.polls.handlers['polls.vote']({ id: messageOf(), choices: [2] });
    void one.polls.handlers['polls.vote']({ id: messageOf(), choices: [1] });
    const [waits, ...more] = notesToSend(one.db, { open: [one.id], now: Date.now(), limit: 10 });
    expect(more).toEqual([]);
    expect(waits).toMatchObject({ kind: 'vote', body: [1], ref: 'p', toAddress: null });
    expect(polls()[0]).toMatchObject({
      waiting: true,
      voters: 1,
      options: [{}, { mine: true, votes: 1 }, {}],
    });
    one.hear(votes([1], { ...mine, originId: waits?.originId ?? '' }));
    expect(polls()[0]).toMatchObject({
      waiting: false,
      options: [{}, { mine: true, votes: 1, voters: [] }, {}],
    });
    expect(notesToSend(one.db, { open: [one.id], now: Date.now(), limit: 10 })).toEqual([]);
    expect(() => one.polls.handlers['polls.vote']({ id: messageOf(), choices: [0, 1] })).toThrow(
      'invalid-argument',
    );
  });

  it('cannot be given where nothing can be written, and polls cannot be closed by others', () => {
    one.hear(asks());
    expect(() => one.polls.handlers['polls.close']({ id: messageOf() })).toThrow('forbidden');
    updateRoom(one.db, one.id, { mutedUntil: Date.now() + 60_000 });
    expect(() => one.polls.handlers['polls.vote']({ id: messageOf(), choices: [0] })).toThrow('forbidden');
    updateRoom(one.db, one.id, { mutedUntil: null, state: 'banned' });
    expect(polls()[0]?.may).toEqual({ vote: false, close: false });
  });
});

describe('a number', () => {
  const answer = (text: string, given: Given = {}) =>
    said(text, { reply: { id: 'p', author: null }, ...given });

  it('as an answer to the poll is a vote, also corrected by the app of its sender', () => {
    one.hear(asks());
    one.hear(answer('2'));
    one.hear(answer('4', ofEve));
    expect(counts()).toEqual([0, 1, 0]);
    one.hear(answer('3.', ofEve));
    one.hear(answer('two', ofEve));
    expect(counts()).toEqual([0, 1, 1]);
    one.hear(said(null, { effect: { kind: 'edit', target: 'wire-2', text: '1' } }));
    expect(counts()).toEqual([1, 0, 1]);
  });

  it('is what it was at the end: a correction that comes later changes no result', () => {
    one.hear(asks({ endsAt: START + 10_000 }));
    one.hear(answer('2'));
    const edit = (text: string, sentAt: number) =>
      said(null, { effect: { kind: 'edit', target: 'wire-2', text }, sentAt });
    one.hear(edit('1', START + 10_000));
    expect(counts()).toEqual([1, 0, 0]);
    one.hear(edit('3', START + 10_001));
    one.hear(edit('nothing', START + 20_000));
    expect(counts()).toEqual([1, 0, 0]);
  });

  it('behind the poll is one when it is the first of its sender and no other poll is open', () => {
    one.hear(said('1'));
    one.hear(asks());
    one.hear(said('Hm', ofEve));
    one.hear(said('2', ofEve));
    expect(counts()).toEqual([0, 0, 0]);
    one.hear(said('2'));
    expect(counts()).toEqual([0, 1, 0]);
    one.hear(said('3'));
    expect(counts()).toEqual([0, 1, 0]);
  });

  it('means nothing while two are open', () => {
    one.hear(asks());
    one.hear(said('Poll', { note: note('poll', { ...lunch, question: 'Dinner?' }), stanzaId: 'q' }));
    one.hear(said('1', ofEve));
    expect(polls().map(({ voters }) => voters)).toEqual([0, 0]);
    one.hear(answer('1', ofEve));
    expect(polls().map(({ voters }) => voters)).toEqual([1, 0]);
  });

  it('takes turns with votes: the newest counts; nothing is told in the open in an anonymous poll', () => {
    one.hear(asks({ anonymous: true }));
    one.hear(answer('2'));
    one.hear(votes([0], ofEve));
    expect(counts()).toEqual([0, 0, 0]);
    const other = side();
    other.hear(asks());
    other.hear(answer('2'));
    other.hear(votes([0]));
    expect(counts(other)).toEqual([1, 0, 0]);
  });
});
