import { expect, it } from 'vitest';
import { NS } from '../namespaces.ts';
import { RawClient, letIn, login, settled } from '../testing/raw-client.ts';
import { testHub } from '../testing/test-hub.ts';
import { el, elements, serialize } from '../xml.ts';
import type { XmlElement } from '../xml.ts';

const hub = testHub();

async function managed(user: string): Promise<{ client: RawClient; id: string }> {
  const client = await login(hub.url, user, 'one', false);
  client.send(el('enable', NS.sm, { resume: 'true' }));
  const id = (await client.named('enabled')).attrs.id ?? '';
  client.presence();
  await settled(client);
  return { client, id };
}

async function resume(
  user: string,
  previd: string,
  h: number,
): Promise<{ client: RawClient; answer: XmlElement }> {
  const client = new RawClient(hub.url);
  await client.open();
  await client.authenticate(user, `secret of ${user}`);
  await client.open();
  client.send(el('resume', NS.sm, { previd, h }));
  return { client, answer: await client.next((e) => e.ns === NS.sm && e.name !== 'r', 'the outcome') };
}

const stanzas = (client: RawClient): number =>
  client.received
    .slice(client.received.findIndex((e) => e.name === 'enabled') + 1)
    .filter((e) => e.ns === NS.client).length;

it('acknowledges what it handled', async () => {
  const { client } = await managed('anna');
  client.message('anna@localhost', 'a');
  client.message('anna@localhost', 'b');
  client.send(el('r', NS.sm));
  expect((await client.named('a', NS.sm)).attrs.h).toBe('4'); // presence, ping, two messages
});

it('delivers what was missed after a resumption, once and in order', async () => {
  const bert = await managed('bert');
  await letIn(bert.client, 'anna@localhost');
  const anna = await login(hub.url, 'anna');
  anna.message('bert@localhost', 'm0');
  await bert.client.body('m0');
  const h = stanzas(bert.client);
  await bert.client.kill();
  for (let i = 1; i <= 30; i++) anna.message('bert@localhost', `m${i}`);
  await settled(anna);
  const { client, answer } = await resume('bert', bert.id, h);
  expect(answer.name).toBe('resumed');
  expect(answer.attrs.h).toBe('3'); // presence, ping, roster
  await client.body('m30');
  expect(client.bodies()).toEqual(Array.from({ length: 30 }, (_, i) => `m${i + 1}`));
  client.send(el('a', NS.sm, { h: h + 30 }));
  await settled(client);
  client.send(el('close', NS.framing));
  await client.closed;
  expect((await login(hub.url, 'bert')).bodies()).toEqual([]);
});

it('puts the old connection out first when it still stands', async () => {
  const bert = await managed('bert');
  const { client, answer } = await resume('bert', bert.id, stanzas(bert.client));
  expect(answer.name).toBe('resumed');
  bert.client.message('bert@localhost', 'too late');
  await bert.client.closed;
  await settled(client);
  expect(client.bodies()).toEqual([]);
});

it('returns unacknowledged messages to offline storage when the session is replaced', async () => {
  const bert = await managed('bert');
  const anna = await login(hub.url, 'anna');
  anna.message('bert@localhost', 'seen by nobody');
  await bert.client.body('seen by nobody');
  await bert.client.kill();
  const fresh = await login(hub.url, 'bert');
  await fresh.body('seen by nobody');
  await fresh.kill();
  expect((await login(hub.url, 'bert')).bodies()).toEqual([]);
});

it('refuses a resumption it does not know and says how far the stream got, after a restart too', async () => {
  const { client, id } = await managed('anna');
  client.message('anna@localhost', 'kept');
  client.send(el('r', NS.sm));
  await client.named('a', NS.sm);
  await hub.stop();
  await hub.start();
  const { answer } = await resume('anna', id, 0);
  expect(answer.name).toBe('failed');
  expect(answer.attrs.h).toBe('3');
  expect((await resume('anna', 'nonsense', 0)).answer.attrs.h).toBeUndefined();
});

it('ends a stream that acknowledges more than was sent, and never resumes for somebody else', async () => {
  const { client, id } = await managed('anna');
  await login(hub.url, 'bert');
  expect((await resume('bert', id, 0)).answer.name).toBe('failed');
  client.send(el('a', NS.sm, { h: 1000 }));
  const error = await client.named('error');
  expect(
    elements(error).map((e) => e.name),
    serialize(error),
  ).toEqual(['undefined-condition']);
  await client.closed;
});
