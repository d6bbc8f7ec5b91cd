import { describe, expect, it } from 'vitest';
import { NS } from './namespaces.ts';
import { RawClient, letIn, login, settled } from './testing/raw-client.ts';
import { testHub } from './testing/test-hub.ts';
import { child, childText, el, elements, serialize, textEl, textOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

const hub = testHub();

const errorOf = (stanza: XmlElement): string => elements(child(stanza, 'error') ?? stanza)[0]?.name ?? '';

async function archiveOf(
  client: RawClient,
  form: [string, string][] = [],
  rsm: XmlElement[] = [],
): Promise<string[]> {
  const fields = form.map(([name, value]) =>
    el('field', NS.dataForms, { var: name }, [textEl('value', NS.dataForms, value)]),
  );
  const before = client.received.length;
  const answer = await client.iq(
    'set',
    undefined,
    el('query', NS.mam, {}, [el('x', NS.dataForms, { type: 'submit' }, fields), el('set', NS.rsm, {}, rsm)]),
  );
  if (answer.attrs.type !== 'result') return [errorOf(answer)];
  const results = client.received.slice(before).flatMap((e) => elements(e, 'result', NS.mam));
  return results.map((result) => {
    const message = child(child(result, 'forwarded', NS.forward) ?? result, 'message', NS.client);
    return textOf(message && child(message, 'body'));
  });
}

describe('accounts', () => {
  it('refuses taken and reserved names, and a wrong password', async () => {
    await login(hub.url, 'anna');
    const other = new RawClient(hub.url);
    await other.open();
    expect(errorOf(await other.register('Anna', 'x'))).toBe('conflict');
    expect(errorOf(await other.register('postcard', 'x'))).toBe('conflict');
    expect(errorOf(await other.register('a b', 'x'))).toBe('not-acceptable');
    expect((await other.authenticate('anna', 'wrong')).name).toBe('failure');
    expect((await other.authenticate('nobody', 'wrong')).name).toBe('failure');
    expect((await other.authenticate('anna', 'secret of anna')).name).toBe('success');
  });

  it('changes the password and removes the account with all it had', async () => {
    const anna = await login(hub.url, 'anna');
    const query = [textEl('username', NS.register, 'anna'), textEl('password', NS.register, 'new')];
    await anna.iq('set', 'localhost', el('query', NS.register, {}, query));
    const again = new RawClient(hub.url);
    await again.open();
    expect((await again.authenticate('anna', 'new')).name).toBe('success');
    anna.message('anna@localhost', 'a note');
    const removed = await anna.iq(
      'set',
      'localhost',
      el('query', NS.register, {}, [el('remove', NS.register)]),
    );
    expect(removed.attrs.type).toBe('result');
    await anna.closed;
    const fresh = await login(hub.url, 'anna');
    expect(await archiveOf(fresh)).toEqual([]);
  });
});

describe('messages', () => {
  it('stamps the sender, ends a stream that forges it, and strips forged ids', async () => {
    const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
    anna.message('bert@localhost', 'hello', [el('stanza-id', NS.sid, { id: '1', by: 'bert@localhost' })]);
    const got = await bert.body('hello');
    expect(got.attrs.from).toBe('anna@localhost/one');
    expect(elements(got, 'stanza-id').map((e) => e.attrs.by)).toEqual(['bert@localhost']);
    anna.message('bert@localhost', 'forged', [], { from: 'carl@localhost/one' });
    expect(errorOf(await anna.named('error'))).toBe('invalid-from');
    await anna.closed;
    await settled(bert);
    expect(bert.bodies()).toEqual(['hello']);
  });

  it('bounces what nobody can take, and never answers an error', async () => {
    const anna = await login(hub.url, 'anna');
    anna.message('nobody@localhost', 'x');
    expect(errorOf(await anna.named('message'))).toBe('service-unavailable');
    anna.message('someone@example.org', 'x');
    expect(errorOf(await anna.named('message'))).toBe('remote-server-not-found');
    anna.message('nobody@localhost', 'x', [], { type: 'error' });
    await settled(anna);
    expect(anna.received.filter((e) => e.name === 'message')).toHaveLength(2);
  });

  it('keeps messages for somebody offline and delivers them once, in order', async () => {
    const anna = await login(hub.url, 'anna');
    const before = await login(hub.url, 'bert', 'one', false);
    await letIn(before, 'anna@localhost');
    await before.kill();
    for (let i = 0; i < 20; i++) anna.message('bert@localhost', `m${i}`);
    await settled(anna);
    const bert = await login(hub.url, 'bert');
    const last = await bert.body('m19');
    expect(child(last, 'delay', NS.delay)?.attrs.from).toBe('localhost');
    expect(bert.bodies()).toEqual(Array.from({ length: 20 }, (_, i) => `m${i}`));
    await bert.kill();
    const again = await login(hub.url, 'bert');
    expect(again.bodies()).toEqual([]);
  });

  it('archives a note to self once and brings it back once', async () => {
    const anna = await login(hub.url, 'anna');
    const other = await login(hub.url, 'anna', 'two');
    await other.iq('set', undefined, el('enable', NS.carbons));
    anna.message('anna@localhost', 'note');
    await anna.body('note');
    await other.body('note');
    await settled(other);
    expect(other.received.filter((e) => serialize(e).includes('>note<'))).toHaveLength(1);
    expect(await archiveOf(anna)).toEqual(['note']);
  });

  it('copies both directions to other resources, but nothing private', async () => {
    const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
    const second = await login(hub.url, 'anna', 'two');
    await second.iq('set', undefined, el('enable', NS.carbons));
    anna.message('bert@localhost', 'out');
    const sent = await second.next((e) => elements(e, 'sent', NS.carbons).length > 0);
    expect(sent.attrs.from).toBe('anna@localhost');
    bert.message('anna@localhost/one', 'in');
    await second.next((e) => elements(e, 'received', NS.carbons).length > 0);
    anna.message('bert@localhost', 'secret', [el('private', NS.carbons), el('no-copy', NS.hints)]);
    await bert.body('secret');
    await settled(second);
    expect(second.received.some((e) => serialize(e).includes('secret'))).toBe(false);
  });

  it('carries 200 messages of a burst in under a second', async () => {
    const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
    await letIn(bert, 'anna@localhost');
    for (let i = 0; i < 200; i++) anna.message('bert@localhost', `m${i}`);
    await bert.body('m199');
    expect(bert.bodies()).toEqual(Array.from({ length: 200 }, (_, i) => `m${i}`));
  });
});

describe('archive', () => {
  it('pages forwards and backwards, filters, and refuses unknown ids', async () => {
    const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
    await login(hub.url, 'carl');
    await letIn(bert, 'anna@localhost');
    for (let i = 0; i < 5; i++) anna.message('bert@localhost', `b${i}`);
    anna.message('carl@localhost', 'c0');
    anna.message('bert@localhost', 'typing', [el('no-store', NS.hints)]);
    await settled(anna);
    expect(await archiveOf(anna)).toEqual(['b0', 'b1', 'b2', 'b3', 'b4', 'c0']);
    expect(await archiveOf(anna, [['with', 'carl@localhost']])).toEqual(['c0']);
    const max = (n: number): XmlElement => textEl('max', NS.rsm, String(n));
    expect(await archiveOf(anna, [], [max(2)])).toEqual(['b0', 'b1']);
    const last = anna.received.flatMap((e) => elements(e, 'fin')).at(-1);
    const id = last && childText(child(last, 'set', NS.rsm) ?? last, 'last');
    expect(await archiveOf(anna, [], [max(2), textEl('after', NS.rsm, id ?? '')])).toEqual(['b2', 'b3']);
    expect(await archiveOf(anna, [], [max(2), el('before', NS.rsm)])).toEqual(['b4', 'c0']);
    expect(await archiveOf(anna, [['after-id', id ?? '']], [max(1)])).toEqual(['b2']);
    expect(await archiveOf(anna, [['start', '2999-01-01T00:00:00Z']])).toEqual([]);
    expect(await archiveOf(anna, [], [textEl('after', NS.rsm, '999999')])).toEqual(['item-not-found']);
  });
});

describe('blocking and privacy lists', () => {
  it('refuses a blocked sender and keeps the report', async () => {
    const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
    const report = el('report', NS.reporting, { reason: 'urn:xmpp:reporting:spam' });
    const item = el('item', NS.blocking, { jid: 'anna@localhost' }, [report]);
    await bert.iq('set', undefined, el('block', NS.blocking, {}, [item]));
    anna.message('bert@localhost', 'hello');
    expect(errorOf(await anna.named('message'))).toBe('service-unavailable');
    expect(await archiveOf(anna)).toEqual([]);
    bert.message('anna@localhost', 'hm');
    expect(errorOf(await bert.named('message'))).toBe('not-acceptable');
    await bert.iq('set', undefined, el('unblock', NS.blocking));
    anna.message('bert@localhost', 'again');
    await bert.body('again');
  });

  it('lets only friends write under a default list, online and offline', async () => {
    const [anna, bert, carl] = [
      await login(hub.url, 'anna'),
      await login(hub.url, 'bert'),
      await login(hub.url, 'carl'),
    ];
    for (const [a, b] of [
      [anna, 'bert'],
      [bert, 'anna'],
    ] as const) {
      a.presence({ type: 'subscribe', to: `${b}@localhost` });
      await settled(a);
    }
    anna.presence({ type: 'subscribed', to: 'bert@localhost' });
    bert.presence({ type: 'subscribed', to: 'anna@localhost' });
    await Promise.all([settled(anna), settled(bert)]);
    const rule = (attrs: Record<string, string>): XmlElement =>
      el('item', NS.privacy, attrs, [el('message', NS.privacy)]);
    const list = el('list', NS.privacy, { name: 'dm' }, [
      rule({ action: 'allow', type: 'subscription', value: 'both', order: '1' }),
      rule({ action: 'deny', order: '9' }),
    ]);
    await bert.iq('set', undefined, el('query', NS.privacy, {}, [list]));
    await bert.iq('set', undefined, el('query', NS.privacy, {}, [el('default', NS.privacy, { name: 'dm' })]));
    carl.message('bert@localhost', 'stranger');
    expect(errorOf(await carl.named('message'))).toBe('service-unavailable');
    anna.message('bert@localhost', 'friend');
    await bert.body('friend');
    bert.message('bert@localhost', 'to myself');
    await bert.body('to myself');
    await bert.kill();
    carl.message('bert@localhost', 'offline stranger');
    expect(errorOf(await carl.named('message'))).toBe('service-unavailable');
  });
});

describe('hostile input', () => {
  it.each([
    ['broken XML', '<message', 'not-well-formed'],
    ['a comment', '<message xmlns="jabber:client"><!-- x --></message>', 'restricted-xml'],
    ['a DTD', '<!DOCTYPE x [<!ENTITY a "b">]><message xmlns="jabber:client">&a;</message>', 'restricted-xml'],
    ['an unknown entity', '<message xmlns="jabber:client">&nbsp;</message>', 'not-well-formed'],
    [
      'depth',
      `<message xmlns="jabber:client">${'<a>'.repeat(80)}${'</a>'.repeat(80)}</message>`,
      'policy-violation',
    ],
    ['an unknown element', '<hello xmlns="jabber:client"/>', 'unsupported-stanza-type'],
  ])('ends the stream for %s', async (_what, text, condition) => {
    const anna = await login(hub.url, 'anna');
    anna.raw(text);
    expect(errorOf(await anna.named('error'))).toBe(condition);
    await anna.closed;
    await login(hub.url, 'anna');
  });

  it('refuses web pages, other hosts and frames that are too large', async () => {
    await new RawClient(hub.url, { Origin: 'https://evil.example' }).closed;
    await new RawClient(hub.url, { Host: 'evil.example' }).closed;
    const anna = await login(hub.url, 'anna');
    anna.message('anna@localhost', 'x'.repeat(300_000));
    await anna.closed;
    await login(hub.url, 'anna');
  });
});
