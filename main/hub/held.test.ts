import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { initial } from './store/migrations/0001-initial.ts';
import { letIn, login, settled, type RawClient } from './testing/raw-client.ts';
import { testHub } from './testing/test-hub.ts';
import { child, childText, el, elements, textEl, textOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

const hub = testHub();

const two = async (): Promise<[RawClient, RawClient]> => [
  await login(hub.url, 'anna'),
  await login(hub.url, 'bert'),
];

/** What is in a client's own archive, as bodies. */
async function archived(client: RawClient): Promise<string[]> {
  const before = client.received.length;
  await client.iq(
    'set',
    undefined,
    el('query', NS.mam, {}, [el('set', NS.rsm, {}, [textEl('max', NS.rsm, '250')])]),
  );
  return client.received
    .slice(before)
    .flatMap((e) => elements(e, 'result', NS.mam))
    .map((result) => child(child(result, 'forwarded', NS.forward) ?? result, 'message', NS.client))
    .map((message) => (message && childText(message, 'body')) ?? '');
}

/** What the hub says it holds: sender, messages, photos. */
async function heldFor(client: RawClient): Promise<string[]> {
  const answer = await client.iq('get', undefined, el('query', NS.requests));
  return elements(child(answer, 'query', NS.requests) ?? answer, 'held').map(
    ({ attrs }) => `${attrs.from} ${attrs.messages} ${attrs.photos}`,
  );
}

const errors = (client: RawClient): string[] =>
  client.received
    .filter((e) => e.name === 'message' && e.attrs.type === 'error')
    .map((e) => elements(child(e, 'error') ?? e)[0]?.name ?? '');

const photo = (name: string): XmlElement[] => [
  el('x', NS.oob, {}, [textEl('url', NS.oob, `http://127.0.0.1/${name}.png`)]),
  el('file-sharing', NS.fileSharing, {}, [
    el('file', NS.fileMetadata, {}, [textEl('media-type', NS.fileMetadata, 'image/png')]),
  ]),
];

describe('a stranger', () => {
  it('gets one text through; the rest is held, counted and released in order', async () => {
    const [anna, bert] = await two();
    for (let i = 0; i < 10; i += 1) anna.message('bert@localhost', `m${i}`);
    anna.message('bert@localhost', 'http://127.0.0.1/a.png', photo('a'));
    await settled(anna);
    await settled(bert);
    expect(bert.bodies()).toEqual(['m0']);
    expect(errors(anna)).toEqual([]);
    expect(await archived(anna)).toHaveLength(11);
    expect(await archived(bert)).toEqual(['m0']);
    expect(await heldFor(bert)).toEqual(['anna@localhost 10 1']);
    const notices = bert.received.flatMap((e) => elements(e, 'held', NS.requests));
    expect(notices.at(-1)?.attrs).toMatchObject({ from: 'anna@localhost', messages: '10', photos: '1' });

    await letIn(bert, 'anna@localhost');
    await bert.body('http://127.0.0.1/a.png');
    expect(bert.bodies()).toEqual([
      ...Array.from({ length: 10 }, (_, i) => `m${i}`),
      'http://127.0.0.1/a.png',
    ]);
    const released = bert.received.filter((e) => child(e, 'delay', NS.delay)?.attrs.from === 'localhost');
    expect(released).toHaveLength(10);
    expect(await archived(bert)).toHaveLength(11);
    expect(await heldFor(bert)).toEqual([]);
    anna.message('bert@localhost', 'after');
    await bert.body('after');
    await bert.kill();
    expect((await login(hub.url, 'bert')).bodies()).toEqual([]);
  });

  it('who begins with a photo is told as a count', async () => {
    const [anna, bert] = await two();
    anna.message('bert@localhost', 'http://127.0.0.1/a.png', photo('a'));
    anna.message('bert@localhost', 'the caption', [el('caption', NS.caption, { of: 'x' })]);
    const notice = await bert.next((e) => elements(e, 'held', NS.requests).length > 0, 'a notice');
    expect(childText(notice, 'body')).toBeUndefined();
    await settled(bert);
    expect(await heldFor(bert)).toEqual(['anna@localhost 1 1']);
    // It would stand before the photo that was sent first.
    anna.message('bert@localhost', 'a text');
    await settled(anna);
    await settled(bert);
    expect(bert.bodies()).toEqual([]);
    expect(await heldFor(bert)).toEqual(['anna@localhost 2 1']);
  });

  it.each<[string, string, XmlElement[]]>([
    ['an address alone', 'https://evil.example/x', []],
    ['a file', 'see', photo('a')],
    ['what nobody here can read', 'I sent you something', [el('encryption', NS.eme, { namespace: 'x' })]],
    ['an unknown element', 'hi', [el('reference', 'urn:xmpp:reference:0', { uri: 'https://evil.example' })]],
    ['formatted text', 'hi', [el('html', 'http://jabber.org/protocol/xhtml-im')]],
  ])('gets nothing through by %s', async (_what, body, extra) => {
    const [anna, bert] = await two();
    anna.message('bert@localhost', body, extra);
    await settled(anna);
    await settled(bert);
    expect(bert.bodies()).toEqual([]);
    expect(await heldFor(bert)).toHaveLength(1);
  });

  it.each<[string, XmlElement[], Record<string, string>]>([
    ['typing', [el('composing', NS.chatStates)], {}],
    ['a receipt', [el('received', NS.receipts, { id: 'x' })], {}],
    ['a headline', [textEl('body', NS.client, 'News!')], { type: 'headline' }],
    ['what is not to be kept', [textEl('body', NS.client, 'psst'), el('no-store', NS.hints)], {}],
  ])('reaches nobody with %s', async (_what, extra, attrs) => {
    const [anna, bert] = await two();
    anna.message('bert@localhost', '', extra, attrs);
    anna.message('bert@localhost/one', '', extra, attrs);
    await settled(anna);
    await settled(bert);
    expect(bert.received.filter((e) => e.name === 'message')).toEqual([]);
    expect(await heldFor(bert)).toEqual([]);
  });

  it('is not let in by following, nor by having followed', async () => {
    const [anna, bert] = await two();
    await bert.iq('get', undefined, el('query', NS.roster));
    anna.message('bert@localhost', 'first');
    anna.presence({ to: 'bert@localhost', type: 'subscribe' });
    await bert.next((e) => e.attrs.type === 'subscribe', 'the request');
    bert.presence({ to: 'anna@localhost', type: 'subscribed' });
    await settled(bert);
    anna.presence({ to: 'bert@localhost', type: 'unsubscribe' });
    anna.message('bert@localhost', 'second');
    await settled(anna);
    await settled(bert);
    expect(bert.bodies()).toEqual(['first']);
    const roster = await bert.iq('get', undefined, el('query', NS.roster));
    expect(elements(child(roster, 'query', NS.roster) ?? roster)).toEqual([]);
  });

  it('is let in by an answer, by being followed, and as a follower by a group', async () => {
    const bert = await login(hub.url, 'bert');
    for (const name of ['anna', 'carl', 'dora']) {
      const stranger = await login(hub.url, name);
      for (const text of ['1', '2', '3']) stranger.message('bert@localhost', `${name}${text}`);
      await settled(stranger);
    }
    const dora = await login(hub.url, 'dora');
    dora.presence({ to: 'bert@localhost', type: 'subscribe' });
    await bert.next((e) => e.attrs.type === 'subscribe', 'the request');
    bert.presence({ to: 'dora@localhost', type: 'subscribed' });
    await letIn(bert, 'dora@localhost');
    expect(bert.bodies()).toEqual(['anna1', 'carl1', 'dora1']);
    bert.message('anna@localhost', 'hello');
    await bert.body('anna3');
    bert.presence({ to: 'carl@localhost', type: 'subscribe' });
    await bert.body('carl3');
    const item = el('item', NS.roster, { jid: 'dora@localhost' }, [textEl('group', NS.roster, 'Accepted')]);
    await bert.iq('set', undefined, el('query', NS.roster, {}, [item]));
    await bert.body('dora3');
    expect(bert.bodies().slice(3)).toEqual(['anna2', 'anna3', 'carl2', 'carl3', 'dora2', 'dora3']);
  });

  it('is let in by whoever begins with a photo, although that is held', async () => {
    const [anna, bert] = await two();
    for (const text of ['one', 'two']) anna.message('bert@localhost', text);
    await settled(anna);
    const carl = await login(hub.url, 'carl');
    bert.message('carl@localhost', 'http://127.0.0.1/b.png', photo('b'));
    await settled(bert);
    carl.message('bert@localhost', 'http://127.0.0.1/c.png', photo('c'));
    carl.message('bert@localhost', 'and a text');
    await bert.body('and a text');
    // Carl is let in, Anna is not; Bert's photo waits for Carl, who has let him in by now.
    expect(bert.bodies()).toEqual(['one', 'http://127.0.0.1/c.png', 'and a text']);
    expect(carl.bodies()).toEqual(['http://127.0.0.1/b.png']);
  });

  it('is not let in by a receipt or by typing of an app that does both by itself', async () => {
    const [anna, bert] = await two();
    anna.message('bert@localhost', 'one', [el('request', NS.receipts)]);
    await bert.body('one');
    bert.message('anna@localhost', '', [el('received', NS.receipts, { id: 'x' }), el('store', NS.hints)]);
    bert.message('anna@localhost', '', [el('active', NS.chatStates)]);
    await settled(bert);
    anna.message('bert@localhost', 'two');
    await settled(anna);
    await settled(bert);
    expect(bert.bodies()).toEqual(['one']);
  });

  it('may write so much, and is then refused as somebody blocked is', async () => {
    const [anna, bert] = await two();
    for (let i = 0; i < LIMITS.heldFromOne + 5; i += 1) anna.message('bert@localhost', `m${i}`);
    await settled(anna);
    expect(errors(anna)).toEqual(Array.from({ length: 4 }, () => 'service-unavailable'));
    const block = el('block', NS.blocking, {}, [el('item', NS.blocking, { jid: 'anna@localhost' })]);
    await bert.iq('set', undefined, block);
    anna.message('bert@localhost', 'blocked');
    await settled(anna);
    const [first] = anna.received.filter((e) => e.attrs.type === 'error');
    const last = anna.received.filter((e) => e.attrs.type === 'error').at(-1);
    expect(textOf(child(last as XmlElement, 'error'))).toBe(textOf(child(first as XmlElement, 'error')));
    expect(child(last as XmlElement, 'error')).toEqual(child(first as XmlElement, 'error'));
    expect(await heldFor(bert)).toEqual([]);
    expect(await archived(bert)).toEqual(['m0']);
  });

  it('who writes to somebody offline is released into offline storage, once', async () => {
    const anna = await login(hub.url, 'anna');
    await (await login(hub.url, 'bert', 'one', false)).kill();
    for (let i = 0; i < 5; i += 1) anna.message('bert@localhost', `m${i}`);
    await settled(anna);
    // Another device answers without being available: what is released waits for one that is.
    const quiet = await login(hub.url, 'bert', 'two', false);
    await letIn(quiet, 'anna@localhost');
    const back = await login(hub.url, 'bert');
    await back.body('m4');
    expect(back.bodies()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4']);
    await back.kill();
    expect((await login(hub.url, 'bert')).bodies()).toEqual([]);
  });

  it('whose account is made anew is a stranger again', async () => {
    const [anna, bert] = await two();
    await letIn(bert, 'anna@localhost');
    await anna.iq('set', 'localhost', el('query', NS.register, {}, [el('remove', NS.register)]));
    await anna.closed;
    const other = await login(hub.url, 'anna');
    other.message('bert@localhost', 'one');
    other.message('bert@localhost', 'two');
    await settled(other);
    await settled(bert);
    expect(bert.bodies()).toEqual(['one']);
  });
});

it('those who had written to each other before this was kept are no strangers', async () => {
  await hub.stop();
  rmSync(join(hub.folder, 'hub.sqlite'));
  for (const ending of ['-wal', '-shm']) rmSync(join(hub.folder, `hub.sqlite${ending}`), { force: true });
  const old = new Database(join(hub.folder, 'hub.sqlite'));
  old.exec(initial);
  old.exec(`INSERT INTO account VALUES ('bert', 1), ('carl', 1);
    INSERT INTO archive (user, peer, peer_full, at, xml) VALUES ('bert', 'anna@localhost', 'anna@localhost/x', 1, '');
    INSERT INTO roster (user, contact, visible, sub_from) VALUES ('carl', 'anna@localhost', 1, 1);`);
  old.pragma('user_version = 1');
  old.close();
  await hub.start();
  const migrated = new Database(join(hub.folder, 'hub.sqlite'), { readonly: true });
  const known = migrated.prepare('SELECT user, peer, state FROM acquaintance').raw().all();
  migrated.close();
  expect(known).toEqual([['bert', 'anna@localhost', 'known']]);
});
