import { expect, it, vi } from 'vitest';
import { NS } from '../namespaces.ts';
import { ROOM, archive, bodiesIn, change, club, get, outcome, say, stanzaId } from '../testing/club.ts';
import { settled, type RawClient } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import { child, el, serialize, textEl, type XmlElement } from '../xml.ts';

const hub = testHub();

const groupchat = (client: RawClient, body: string, id: string, extra: XmlElement[] = []): void =>
  client.message(ROOM, body, extra, { type: 'groupchat', id });
const corrects = (id: string): XmlElement => el('replace', NS.correction, { id });
const captions = (id: string): XmlElement => el('caption', NS.caption, { for: id });
const moderate = (client: RawClient, id: string): Promise<XmlElement> =>
  client.iq('set', ROOM, el('moderate', NS.moderation, { id }, [el('retract', NS.retraction)]));
const retract = (client: RawClient, id: string): void =>
  say(client, '', [el('retract', NS.retraction, { id }), el('store', NS.hints)]);
const xmlOf = async (client: RawClient): Promise<string> => {
  const kept = await archive(client);
  return typeof kept === 'string' ? kept : kept.map((m) => serialize(m)).join('\n');
};

async function uploaded(client: RawClient, text: string): Promise<string> {
  const attrs = { filename: 'a.txt', size: `${text.length}`, 'content-type': 'text/plain' };
  const answer = await client.iq('get', 'upload.localhost', el('request', NS.upload, attrs));
  const url = child(child(answer, 'slot', NS.upload)!, 'put')?.attrs.url ?? '';
  expect((await fetch(url, { method: 'PUT', body: text })).status).toBe(201);
  return url;
}
const serves = async (url: string): Promise<boolean> => (await fetch(url)).status === 200;

it('a moderated message goes with its corrections and captions, and with nothing else', async () => {
  const people = await club(hub.url);
  const [bert, cleo, dora] = [get(people, 'bert'), get(people, 'cleo'), get(people, 'dora')];
  groupchat(cleo, 'hi', 'c1');
  const first = stanzaId(await bert.body('hi'));
  groupchat(cleo, 'abuse one', 'c2', [corrects('c1')]);
  // Some apps name the last correction.
  groupchat(cleo, 'abuse two', 'c3', [corrects('c2')]);
  groupchat(cleo, 'abuse three', 'c1.caption', [captions('c1')]);
  groupchat(cleo, 'abuse four', 'c4', [corrects('c1.caption')]);
  groupchat(cleo, 'to stay', 'c5');
  groupchat(cleo, 'stays, changed', 'c6', [corrects('c5')]);
  groupchat(dora, 'of somebody else', 'd1', [corrects('c1')]);
  await bert.body('of somebody else');
  expect(outcome(await moderate(bert, first))).toBe('ok');
  const kept = await archive(bert);
  expect(bodiesIn(kept)).toEqual(['', '', '', '', '', 'to stay', 'stays, changed', 'of somebody else', '']);
  expect(await xmlOf(bert)).not.toContain('abuse');
});

it('one’s own retraction takes them along, but not those of a later message that has the same id', async () => {
  const people = await club(hub.url);
  const [bert, cleo] = [get(people, 'bert'), get(people, 'cleo')];
  groupchat(cleo, 'one', '1');
  const one = stanzaId(await bert.body('one'));
  groupchat(cleo, 'one, changed', '2', [corrects('1')]);
  groupchat(cleo, 'another', '1');
  groupchat(cleo, 'another, changed', '3', [corrects('1')]);
  await bert.body('another, changed');
  retract(cleo, one);
  await settled(cleo);
  expect(bodiesIn(await archive(bert))).toEqual(['', '', 'another', 'another, changed', '']);
});

it('who is muted takes back what is theirs, and says nothing with it', async () => {
  const people = await club(hub.url);
  const [bert, cleo, dora] = [get(people, 'bert'), get(people, 'cleo'), get(people, 'dora')];
  groupchat(cleo, 'mine', 'c1');
  const mine = stanzaId(await bert.body('mine'));
  groupchat(dora, 'of dora', 'd1');
  const theirs = stanzaId(await bert.body('of dora'));
  expect(await change(bert, { role: 'visitor', nick: 'Cleo' })).toBe('ok');
  const refusal = async () =>
    outcome(await cleo.next((e) => e.name === 'message' && e.attrs.type === 'error'));
  retract(cleo, theirs);
  expect(await refusal()).toBe('forbidden');
  const note = textEl('log', NS.groups, '{}');
  groupchat(cleo, 'words', 'c2', [el('retract', NS.retraction, { id: mine }, ['more words']), note]);
  const told = await bert.next((e) => child(e, 'retract', NS.retraction) !== undefined);
  expect(serialize(told)).not.toContain('words');
  expect(child(told, 'log', NS.groups)).toBeUndefined();
  const kept = await archive(bert);
  expect(bodiesIn(kept)).toEqual(['', 'of dora', '']);
  expect(await xmlOf(bert)).not.toContain('words');
  groupchat(cleo, 'words', 'c3');
  expect(await refusal()).toBe('forbidden');
});

it('a file goes with the last message of its author that names it', async () => {
  const people = await club(hub.url);
  const [bert, cleo, dora] = [get(people, 'bert'), get(people, 'cleo'), get(people, 'dora')];
  const url = await uploaded(cleo, 'pineapple');
  groupchat(cleo, url, 'c1');
  const first = stanzaId(await bert.body(url));
  groupchat(cleo, `${url} again`, 'c2');
  const second = stanzaId(await bert.body(`${url} again`));
  // Whoever else passes the address on does not keep the file.
  groupchat(dora, `${url} of cleo`, 'd1');
  await bert.body(`${url} of cleo`);
  retract(cleo, first);
  await settled(cleo);
  expect(await serves(url)).toBe(true);
  retract(cleo, second);
  await settled(cleo);
  await vi.waitFor(async () => expect(await serves(url)).toBe(false));
});

it('a moderator takes the file away, also of somebody who was banned; nobody’s own message elsewhere loses it', async () => {
  const people = await club(hub.url);
  const [bert, cleo] = [get(people, 'bert'), get(people, 'cleo')];
  const [url, alsoElsewhere] = [await uploaded(cleo, 'marmalade'), await uploaded(cleo, 'tangerine')];
  groupchat(cleo, 'look', 'c1');
  const look = stanzaId(await bert.body('look'));
  groupchat(cleo, url, 'c2', [corrects('c1')]);
  await bert.body(url);
  groupchat(cleo, alsoElsewhere, 'c3');
  const shared = stanzaId(await bert.body(alsoElsewhere));
  cleo.message('cleo@localhost', alsoElsewhere, [], { type: 'chat' });
  await settled(cleo);
  expect(await change(bert, { affiliation: 'outcast', jid: 'cleo@localhost' })).toBe('ok');
  for (const id of [look, shared]) expect(outcome(await moderate(bert, id))).toBe('ok');
  await vi.waitFor(async () => expect(await serves(url)).toBe(false));
  expect(await serves(alsoElsewhere)).toBe(true);
});

it('a message of two that is taken back leaves the file to a room', async () => {
  const people = await club(hub.url);
  const [bert, cleo] = [get(people, 'bert'), get(people, 'cleo')];
  const url = await uploaded(cleo, 'aubergine');
  groupchat(cleo, url, 'c1');
  await bert.body(url);
  cleo.message('cleo@localhost', url, [], { type: 'chat', id: 'n1' });
  cleo.message('cleo@localhost', 'unsent', [el('retract', NS.retraction, { id: 'n1' })], { type: 'chat' });
  await settled(cleo);
  expect(await serves(url)).toBe(true);
});
