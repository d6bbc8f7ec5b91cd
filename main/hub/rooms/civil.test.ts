import { expect, it } from 'vitest';
import { defaultPolicy, type GroupPolicy } from '../../../contract/groups.ts';
import { NS } from '../namespaces.ts';
import { ROOM, archive, club, enter, get, outcome, say, stanzaId } from '../testing/club.ts';
import { type RawClient, login, settled } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import { child, el, elements, textEl, textOf } from '../xml.ts';
import type { XmlElement } from '../xml.ts';

const hub = testHub();
const store = el('store', NS.hints);
const note = (kind: string, value: unknown, ns: string = NS.groups): XmlElement =>
  textEl(kind, ns, typeof value === 'string' ? value : JSON.stringify(value));
const send = (who: RawClient, id: string, body: string, extra: XmlElement[] = []): void =>
  who.message(ROOM, body, extra, { type: 'groupchat', id });
const asks = (who: RawClient, id: string, text: string): void =>
  send(who, id, '', [note('ask', { box: '1', text }, NS.questions), store]);
const refused = async (who: RawClient, id: string): Promise<string> =>
  outcome(await who.next((e) => e.attrs.type === 'error' && e.attrs.id === id));
const with_ =
  (kind: string, ns: string = NS.groups) =>
  (e: XmlElement) =>
    e.name === 'message' && e.attrs.type === 'groupchat' && child(e, kind, ns) !== undefined;
const valueIn = (e: XmlElement, kind: string): Record<string, unknown> =>
  JSON.parse(textOf(child(e, kind, NS.groups))) as Record<string, unknown>; // written by the hub

async function ruled(changes: Partial<GroupPolicy>) {
  const people = await club(hub.url);
  const [anna, bert, cleo, dora] = ['anna', 'bert', 'cleo', 'dora'].map((name) => get(people, name)) as [
    RawClient,
    RawClient,
    RawClient,
    RawClient,
  ]; // those four
  say(anna, 'The rules changed', [note('policy', { ...defaultPolicy, ...changes })]);
  await dora.next(with_('policy'));
  return { anna, bert, cleo, dora };
}

it('a question put into a box waits for a moderator where its words do, however its JSON writes them', async () => {
  const { bert, cleo, dora } = await ruled({ heldWords: ['casino'] });
  asks(cleo, 'q1', 'Which CASINO is best?');
  const held = valueIn(await bert.next(with_('held')), 'held');
  expect(held).toMatchObject({ sender: 'cleo@localhost', why: 'words' });
  expect(held.text).toContain('Which CASINO is best?');
  send(cleo, 'q2', '', [note('ask', '{"box":"1","text":"\\u0063asino"}', NS.questions), store]);
  await bert.next(with_('held'));
  asks(cleo, 'q3', 'What is the plan?');
  await dora.next(with_('ask', NS.questions));
  expect(dora.received.filter(with_('ask', NS.questions))).toHaveLength(1);
  say(bert, '', [note('review', { id: held.id, publish: true })]);
  const published = await dora.next(
    (e) => with_('ask', NS.questions)(e) && textOf(child(e, 'ask', NS.questions)).includes('CASINO'),
  );
  expect(published.attrs.from).toBe(`${ROOM}/Cleo`);
});

it('questions are as slow as messages, are no announcements and have no links where members put none', async () => {
  const { anna, cleo, dora } = await ruled({ slowMode: 60 });
  asks(cleo, 'q1', 'one');
  asks(cleo, 'q2', 'two');
  expect(await refused(cleo, 'q2')).toBe('resource-constraint');
  send(cleo, 'm', 'and in words');
  expect(await refused(cleo, 'm')).toBe('resource-constraint');
  say(anna, 'links', [
    note('policy', { ...defaultPolicy, membersMay: { ...defaultPolicy.membersMay, links: false } }),
  ]);
  await dora.body('links');
  asks(cleo, 'q3', 'have you seen www.example.org');
  expect(await refused(cleo, 'q3')).toBe('not-allowed');
  say(anna, 'quiet', [note('policy', { ...defaultPolicy, announcementsOnly: true })]);
  await dora.body('quiet');
  asks(cleo, 'q4', 'may I?');
  expect(await refused(cleo, 'q4')).toBe('not-allowed');
});

it('a moderator takes one question back; the archive has it no more', async () => {
  const { anna, bert, cleo, dora } = await ruled({});
  asks(cleo, 'q1', 'rude');
  const id = stanzaId(await dora.next(with_('ask', NS.questions)));
  const take = (who: RawClient) =>
    who.iq('set', ROOM, el('moderate', NS.moderation, { id }, [el('retract', NS.retraction)]));
  expect(outcome(await take(dora))).toBe('forbidden');
  expect(outcome(await take(bert))).toBe('ok');
  const told = await dora.next(
    (e) => e.attrs.from === ROOM && child(e, 'retract', NS.retraction) !== undefined,
  );
  expect(child(told, 'retract', NS.retraction)?.attrs.id).toBe(id);
  const found = await archive(anna);
  expect(typeof found === 'string' ? found : found.filter((m) => child(m, 'ask', NS.questions))).toEqual([]);
});

it('held words are found in each language, in formatted text and in the subject of a message', async () => {
  const { bert, cleo, dora } = await ruled({ heldWords: ['casino'] });
  const html = el('html', 'http://jabber.org/protocol/xhtml-im', {}, [
    el('body', 'http://www.w3.org/1999/xhtml', {}, [
      'a cas',
      textEl('b', 'http://www.w3.org/1999/xhtml', 'ino'),
    ]),
  ]);
  send(cleo, '1', 'harmless', [html]);
  await bert.next(with_('held'));
  send(cleo, '2', 'harmless', [textEl('body', NS.client, 'casino', { 'xml:lang': 'de' })]);
  await bert.next(with_('held'));
  send(cleo, '3', 'harmless', [textEl('subject', NS.client, 'casino')]);
  await bert.next(with_('held'));
  await settled(cleo);
  expect(dora.bodies()).not.toContain('harmless');
});

it('slow mode is kept to by a hub that starts again', async () => {
  const { cleo } = await ruled({ slowMode: 3600 });
  send(cleo, '1', 'before');
  await cleo.body('before');
  await hub.stop();
  await hub.start();
  const again = await login(hub.url, 'cleo');
  await enter(again, 'Cleo');
  send(again, '2', 'after');
  expect(await refused(again, '2')).toBe('resource-constraint');
  // An edit belongs to what is there, also over a restart.
  send(again, '3', 'before, better', [el('replace', NS.correction, { id: '1' })]);
  await again.body('before, better');
});

it('an edit does not start the time anew, and what only says that it is one is a message', async () => {
  const { cleo, dora } = await ruled({ slowMode: 60 });
  send(dora, 'hers', 'of Dora');
  send(cleo, '1', 'one');
  await dora.body('one');
  send(cleo, '2', 'forged', [el('replace', NS.correction, { id: 'nothing' })]);
  expect(await refused(cleo, '2')).toBe('resource-constraint');
  send(cleo, '3', 'forged', [el('replace', NS.correction, { id: 'hers' })]);
  expect(await refused(cleo, '3')).toBe('resource-constraint');
  send(cleo, '4', 'one, better', [el('replace', NS.correction, { id: '1' })]);
  await dora.body('one, better');
});

it('what waits is withdrawn by who wrote it, and by nobody else', async () => {
  const { anna, bert, cleo, dora } = await ruled({ heldWords: ['casino'] });
  send(cleo, 'waits', 'my casino');
  const held = valueIn(await bert.next(with_('held')), 'held');
  send(dora, 'd', '', [note('discard', { message: 'waits' })]);
  expect(await refused(dora, 'd')).toBe('item-not-found');
  send(cleo, 'd', '', [note('discard', '{')]);
  expect(await refused(cleo, 'd')).toBe('bad-request');
  send(cleo, 'd', '', [note('discard', { message: 'waits' })]);
  expect(valueIn(await bert.next(with_('reviewed')), 'reviewed')).toEqual({ id: held.id });
  expect(valueIn(await cleo.next(with_('discarded')), 'discarded')).toEqual({ message: 'waits' });
  // Too late to publish it, and another device that sends it again does not bring it back.
  say(bert, '', [note('review', { id: held.id, publish: true })]);
  send(cleo, 'waits', 'my casino');
  expect(await refused(cleo, 'waits')).toBe('not-allowed');
  await settled(bert);
  expect(dora.bodies()).not.toContain('my casino');
  expect(dora.received.filter(with_('discard'))).toEqual([]);
  const found = await archive(anna);
  expect(typeof found === 'string' ? found : found.flatMap((m) => elements(m, 'discard'))).toEqual([]);
});

it('what waits, or was not wanted, stays so when it is sent once more, whatever the policy says by then', async () => {
  const { anna, bert, cleo, dora } = await ruled({ approveFirst: true });
  const heldAs = async (text: string) =>
    valueIn(await bert.next((e) => with_('held')(e) && valueIn(e, 'held').text === text), 'held').id;
  for (const id of ['a', 'b', 'c']) send(cleo, id, `post ${id}`);
  const [a, b, c] = [await heldAs('post a'), await heldAs('post b'), await heldAs('post c')];
  say(bert, '', [note('review', { id: a, publish: true })]);
  await dora.body('post a');
  say(bert, '', [note('review', { id: b, publish: false })]);
  expect(await refused(cleo, 'b')).toBe('not-allowed');
  // As after a lost connection: no first posts by now.
  for (const id of ['b', 'c']) send(cleo, id, `post ${id}`);
  await settled(cleo);
  expect(dora.bodies()).not.toContain('post b');
  expect(dora.bodies()).not.toContain('post c');
  say(bert, '', [note('review', { id: c, publish: true })]);
  await dora.body('post c');
  await settled(bert);
  expect(dora.bodies().filter((body) => body === 'post c')).toHaveLength(1);
  // Another moderator was first: said, to that one alone.
  anna.message(ROOM, '', [note('review', { id: c, publish: false })], { type: 'groupchat', id: 'late' });
  expect(await refused(anna, 'late')).toBe('item-not-found');
});

it('the caption of what waits brings nothing else along, and keeps to the policy', async () => {
  const { bert, cleo, dora } = await ruled({
    approveFirst: true,
    membersMay: { ...defaultPolicy.membersMay, links: false },
  });
  send(cleo, 'a', 'hello');
  const held = valueIn(await bert.next(with_('held')), 'held');
  const caption = el('caption', NS.caption, { for: 'a' });
  send(cleo, 'a.1', 'buy at https://example.org', [caption]);
  expect(await refused(cleo, 'a.1')).toBe('not-allowed');
  const file = el('x', NS.oob, {}, [textEl('url', NS.oob, 'http://localhost/p.jpg')]);
  send(cleo, 'a.2', 'from the bridge', [caption, file]);
  const told = await bert.next((e) => with_('held')(e) && String(valueIn(e, 'held').text).includes('bridge'));
  expect(valueIn(told, 'held')).toMatchObject({ id: held.id, text: 'hello\nfrom the bridge', photo: false });
  say(bert, '', [note('review', { id: held.id, publish: true })]);
  const published = await dora.body('from the bridge');
  expect(child(published, 'x', NS.oob)).toBeUndefined();
});

it('a retraction says nothing else: no policy looks at it', async () => {
  const { anna, cleo, dora } = await ruled({});
  send(cleo, 'a', 'oops');
  const id = stanzaId(await dora.body('oops'));
  say(anna, 'quiet', [note('policy', { ...defaultPolicy, announcementsOnly: true })]);
  await dora.body('quiet');
  const retract = el('retract', NS.retraction, { id });
  const link = el('x', NS.oob, {}, [textEl('url', NS.oob, 'http://localhost/p.jpg')]);
  for (const way of ['first', 'again']) send(cleo, way, 'buy my prints', [retract, link]);
  await settled(cleo);
  await settled(dora);
  const got = dora.received.filter((e) => child(e, 'retract', NS.retraction));
  expect(got.length).toBeGreaterThan(0);
  expect(JSON.stringify(got)).not.toMatch(/prints|p\.jpg/);
  expect(JSON.stringify(await archive(anna))).not.toMatch(/prints|p\.jpg/);
});

it('who is muted reports, and withdraws what waits', async () => {
  const { bert, cleo, dora } = await ruled({ heldWords: ['casino'] });
  send(dora, 'rude', 'rude words');
  const message = stanzaId(await cleo.body('rude words'));
  send(cleo, 'waits', 'my casino');
  await bert.next(with_('held'));
  say(bert, '', [note('mute', { address: 'cleo@localhost', until: Date.now() + 60_000 })]);
  await settled(bert);
  send(cleo, 'words', 'may I?');
  expect(await refused(cleo, 'words')).toBe('forbidden');
  send(cleo, 'r', '', [note('report', { message, about: 'dora@localhost', reason: 'rude' }), store]);
  expect(valueIn(await bert.next(with_('report')), 'report')).toMatchObject({ reason: 'rude' });
  send(cleo, 'd', '', [note('discard', { message: 'waits' })]);
  await bert.next(with_('reviewed'));
  expect(dora.received.filter(with_('report'))).toEqual([]);
});
