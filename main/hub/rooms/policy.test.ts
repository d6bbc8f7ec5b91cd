import { describe, expect, it } from 'vitest';
import { defaultPolicy, type GroupPolicy } from '../../../contract/groups.ts';
import { NS } from '../namespaces.ts';
import { type RawClient, login, settled } from '../testing/raw-client.ts';
import {
  ROOM,
  bodiesIn,
  archive,
  change,
  club,
  enter,
  get,
  outcome,
  say,
  stanzaId,
} from '../testing/club.ts';
import { testHub } from '../testing/test-hub.ts';
import { child, el, elements, textEl, textOf } from '../xml.ts';
import { hasWord, judge } from './policy.ts';
import type { XmlElement } from '../xml.ts';

const note = (kind: string, value: unknown): XmlElement =>
  textEl(kind, NS.groups, typeof value === 'string' ? value : JSON.stringify(value));
const policyOf = (changes: Partial<GroupPolicy>): XmlElement =>
  note('policy', { ...defaultPolicy, ...changes });
const noteOf = (kind: string) => (e: XmlElement) =>
  e.attrs.from === ROOM && child(e, kind, NS.groups) !== undefined;
const valueIn = (e: XmlElement, kind: string): Record<string, unknown> =>
  JSON.parse(textOf(child(e, kind, NS.groups))) as Record<string, unknown>; // written by the hub
const refusal = async (client: RawClient): Promise<string> =>
  outcome(await client.next((e) => e.name === 'message' && e.attrs.type === 'error'));
const photo = el('x', NS.oob, {}, [textEl('url', NS.oob, 'http://localhost/p.jpg')]);
const store = el('store', NS.hints);

describe('whole words, any case', () => {
  it.each([
    ['You SPAM!', ['spam'], true],
    ['spammer', ['spam'], false],
    ['ｓｐａｍ', ['spam'], true],
    ['sp\u200bam', ['spam'], true],
    ['buy now, cheap', ['buy now'], true],
    ['3.14', ['3.14'], true],
    ['3x14', ['3.14'], false],
    ['ΣΊΣΥΦΟΣ', ['σίσυφοσ'], false],
    ['Größe', ['GRÖSSE', 'größe'], true],
    ['anything', ['', ' '], false],
  ] as const)('%s', (text, words, held) => {
    expect(hasWord(text, words)).toBe(held);
  });
});

describe('slow mode', () => {
  const post = { text: 'hi', media: false, edits: null, captionOf: null };
  const policy = { ...defaultPolicy, slowMode: 10 };
  it.each([
    [null, 'publish'],
    [0, 'refused'],
    [8_900, 'refused'],
    [9_000, 'publish'],
    // The clock was put back meanwhile.
    [-60_000, 'publish'],
  ] as const)('after %s ms', (since, expected) => {
    const now = 1_000_000;
    const writer = { wrote: true, lastAt: since === null ? null : now - since };
    const outcomeOf = () => {
      try {
        return judge(policy, post, writer, now);
      } catch {
        return 'refused'; // a StanzaError: the only one it throws
      }
    };
    expect(outcomeOf()).toBe(expected);
  });
});

describe('a policy', () => {
  const hub = testHub();
  const cast = async () => {
    const people = await club(hub.url);
    return {
      anna: get(people, 'anna'),
      bert: get(people, 'bert'),
      cleo: get(people, 'cleo'),
      dora: get(people, 'dora'),
    };
  };
  const decide = async (anna: RawClient, other: RawClient, changes: Partial<GroupPolicy>) => {
    say(anna, 'The rules changed', [policyOf(changes)]);
    await other.next((e) => child(e, 'policy', NS.groups) !== undefined);
  };

  it('is the owner’s alone, and has to be one', async () => {
    const { anna, bert, cleo } = await cast();
    for (const who of [bert, cleo]) {
      say(who, 'Mine', [policyOf({ announcementsOnly: true })]);
      expect(await refusal(who)).toBe('forbidden');
    }
    for (const bad of ['{', '{}', '{"slowMode":-1}']) {
      say(anna, 'Broken', [note('policy', bad)]);
      expect(await refusal(anna)).toBe('bad-request');
    }
    for (const kind of ['held', 'reviewed', 'waiting']) {
      say(bert, '', [note(kind, { id: '1' }), store]);
      expect(await refusal(bert)).toBe('forbidden');
    }
    say(cleo, '', [note('review', { id: '1', publish: true }), store]);
    expect(await refusal(cleo)).toBe('forbidden');
    say(cleo, 'still free');
    await bert.body('still free');
  });

  it('is told to whoever enters, and outlives the hub', async () => {
    const { anna, dora } = await cast();
    await decide(anna, dora, { slowMode: 60, guidelines: 'Be kind' });
    await hub.stop();
    await hub.start();
    const again = await login(hub.url, 'dora');
    await enter(again, 'Dora');
    const told = await again.next(noteOf('policy'));
    expect(valueIn(told, 'policy')).toMatchObject({ slowMode: 60, guidelines: 'Be kind' });
    say(again, 'one');
    await again.body('one');
    say(again, 'two');
    expect(await refusal(again)).toBe('resource-constraint');
    const info = await again.iq('get', ROOM, el('query', NS.discoInfo));
    const features = elements(child(info, 'query', NS.discoInfo) ?? info, 'feature');
    expect(features.map((f) => f.attrs.var)).toContain('urn:postcard:groups:0#enforced');
  });

  it('announcements only: members react and vote, and write nothing', async () => {
    const { anna, bert, cleo, dora } = await cast();
    await decide(anna, dora, { announcementsOnly: true });
    say(cleo, 'hello');
    expect(await refusal(cleo)).toBe('not-allowed');
    say(cleo, 'edited', [el('replace', NS.correction, { id: 'x' })]);
    expect(await refusal(cleo)).toBe('not-allowed');
    say(cleo, '', [el('html', 'http://jabber.org/protocol/xhtml-im'), store]);
    expect(await refusal(cleo)).toBe('not-allowed');
    say(cleo, '', [el('reactions', NS.reactions, { id: '1' }), store]);
    await dora.next((e) => child(e, 'reactions', NS.reactions) !== undefined);
    say(cleo, '', [textEl('vote', NS.polls, '{}'), store]);
    await dora.next((e) => child(e, 'vote', NS.polls) !== undefined);
    say(bert, 'news');
    await dora.body('news');
  });

  it('media, links and invitations of members', async () => {
    const { anna, bert, cleo, dora } = await cast();
    await decide(anna, dora, { membersMay: { invite: false, media: false, links: false } });
    const invite = el('x', NS.mucUser, {}, [el('invite', NS.mucUser, { to: 'eve@localhost' })]);
    say(cleo, 'http://localhost/p.jpg', [photo]);
    expect(await refusal(cleo)).toBe('not-allowed');
    for (const text of ['see https://example.org', 'www.example.org', 'HTTP://x']) {
      say(cleo, text);
      expect(await refusal(cleo)).toBe('not-allowed');
    }
    cleo.message(ROOM, '', [invite], { type: 'normal' });
    expect(await refusal(cleo)).toBe('forbidden');
    bert.message(ROOM, '', [invite], { type: 'normal' });
    say(bert, 'see https://example.org', [photo]);
    await dora.body('see https://example.org');
    await settled(bert);
    expect(bert.received.filter((e) => e.name === 'message' && e.attrs.type === 'error')).toEqual([]);
  });

  it('first posts wait for a moderator, with their caption; the next ones do not', async () => {
    const { anna, bert, cleo, dora } = await cast();
    await decide(anna, dora, { approveFirst: true, slowMode: 0 });
    cleo.message(ROOM, 'http://localhost/p.jpg', [photo], { type: 'groupchat', id: 'first' });
    const held = valueIn(await bert.next(noteOf('held')), 'held');
    expect(held).toMatchObject({ sender: 'cleo@localhost', photo: true, why: 'first' });
    expect(valueIn(await cleo.next(noteOf('waiting')), 'waiting')).toEqual({ message: 'first' });
    cleo.message(ROOM, 'A dog', [el('caption', NS.caption, { for: 'first' })], {
      type: 'groupchat',
      id: 'first.caption',
    });
    // Sent again, as after a lost connection: it waits already.
    cleo.message(ROOM, 'http://localhost/p.jpg', [photo], { type: 'groupchat', id: 'first' });
    await settled(cleo);
    expect(dora.bodies()).not.toContain('http://localhost/p.jpg');
    expect(bodiesIn(await archive(anna))).toEqual(['The rules changed']);
    expect(dora.received.filter(noteOf('held'))).toEqual([]);
    // Who decides has read both.
    const both = valueIn(
      await bert.next((e) => noteOf('held')(e) && e !== null && JSON.stringify(e).includes('A dog')),
      'held',
    );
    expect(both).toMatchObject({ id: held.id, photo: true, text: 'A dog\nhttp://localhost/p.jpg' });
    // Whoever comes later to look after it is told, too.
    anna.presence({ to: `${ROOM}/Anna`, type: 'unavailable' });
    await enter(anna, 'Anna');
    await anna.next(noteOf('held'));
    say(anna, '', [note('review', { id: held.id, publish: true })]);
    await dora.body('http://localhost/p.jpg');
    const caption = await dora.body('A dog');
    expect(caption.attrs.from).toBe(`${ROOM}/Cleo`);
    expect(stanzaId(caption)).not.toBe('');
    expect(valueIn(await bert.next(noteOf('reviewed')), 'reviewed')).toEqual({ id: held.id });
    say(cleo, 'second');
    await dora.body('second');
  });

  it('held words: what a moderator does not want is gone, and its sender is told', async () => {
    const { anna, bert, cleo, dora } = await cast();
    await decide(anna, dora, { heldWords: ['casino'] });
    cleo.message(ROOM, 'Visit my CASINO', [], { type: 'groupchat', id: 'bad' });
    const held = valueIn(await bert.next(noteOf('held')), 'held');
    expect(held).toMatchObject({ text: 'Visit my CASINO', photo: false, why: 'words' });
    say(cleo, 'a casino, edited in', [el('replace', NS.correction, { id: 'x' })]);
    expect(await refusal(cleo)).toBe('not-allowed');
    say(bert, '', [note('review', { id: held.id, publish: false })]);
    const told = await cleo.next((e) => e.attrs.type === 'error' && e.attrs.id === 'bad');
    expect(outcome(told)).toBe('not-allowed');
    cleo.message(ROOM, 'Visit my CASINO', [], { type: 'groupchat', id: 'bad' });
    await settled(cleo);
    say(bert, 'the casino is ours');
    await dora.body('the casino is ours');
    expect(dora.bodies()).not.toContain('Visit my CASINO');
    // Reviewed twice, by two at once: the first one counts.
    say(anna, '', [note('review', { id: held.id, publish: true })]);
    await settled(anna);
    expect(dora.bodies()).not.toContain('Visit my CASINO');
  });

  it('a report is for moderators’ eyes, later too', async () => {
    const { anna, bert, cleo, dora } = await cast();
    say(cleo, '', [note('report', { message: '1', about: 'dora@localhost', reason: 'rude' }), store]);
    const told = await bert.next((e) => child(e, 'report', NS.groups) !== undefined);
    expect(told.attrs.from).toBe(`${ROOM}/Cleo`);
    say(anna, 'marker');
    await dora.body('marker');
    const reports = (e: XmlElement) => child(e, 'report', NS.groups) !== undefined;
    expect([...dora.received, ...cleo.received].filter(reports)).toEqual([]);
    for (const [who, count] of [
      [dora, 0],
      [cleo, 0],
      [bert, 1],
    ] as const) {
      const kept = await archive(who);
      if (typeof kept === 'string') throw new Error(kept);
      expect(kept.filter(reports)).toHaveLength(count);
    }
    for (const kind of ['log', 'mute']) {
      say(cleo, '', [note(kind, {}), store]);
      expect(await refusal(cleo)).toBe('forbidden');
    }
  });

  it('what waits of somebody who was removed is not published', async () => {
    const { anna, bert, cleo, dora } = await cast();
    await decide(anna, dora, { approveFirst: true });
    cleo.message(ROOM, 'let me in', [], { type: 'groupchat', id: 'one' });
    const held = valueIn(await bert.next(noteOf('held')), 'held');
    await change(anna, { affiliation: 'none', jid: 'cleo@localhost' });
    say(bert, '', [note('review', { id: held.id, publish: true })]);
    await bert.next(noteOf('reviewed'));
    expect(dora.bodies()).not.toContain('let me in');
  });
});

describe('a flood of messages', () => {
  const hub = testHub();
  it('of one account is stopped; others write on', async () => {
    const people = await club(hub.url);
    const [bert, cleo, dora] = [get(people, 'bert'), get(people, 'cleo'), get(people, 'dora')];
    for (let n = 0; n < 700; n += 1) say(cleo, `flood ${n}`, [el('no-store', NS.hints)]);
    expect(await refusal(cleo)).toBe('resource-constraint');
    say(bert, 'calm');
    await dora.body('calm');
  });
});
