import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { NS } from './namespaces.ts';
import { letIn, login, settled, type RawClient } from './testing/raw-client.ts';
import { testHub } from './testing/test-hub.ts';
import { child, el, elements, serialize, textEl } from './xml.ts';

const hub = testHub();

const friends = async (): Promise<[RawClient, RawClient]> => {
  const [anna, bert] = [await login(hub.url, 'anna'), await login(hub.url, 'bert')];
  await letIn(anna, 'bert@localhost');
  await letIn(bert, 'anna@localhost');
  return [anna, bert];
};

/** Everything in a client's own archive, as XML. */
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
    .map((result) =>
      serialize(child(child(result, 'forwarded', NS.forward) ?? result, 'message', NS.client)!),
    );
}

const retract = (client: RawClient, to: string, id: string, attrs: Record<string, string> = {}) =>
  client.message(to, 'unsent', [el('retract', NS.retraction, { id }), el('store', NS.hints)], attrs);

/** Files under the hub's folder that have these bytes in them. */
function holding(text: string): string[] {
  return readdirSync(hub.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}
const nowhere = (text: string) => vi.waitFor(() => expect(holding(text)).toEqual([]), { timeout: 5000 });

it('erases a message that its sender takes back from both archives, and leaves a tombstone', async () => {
  const [anna, bert] = await friends();
  anna.message('bert@localhost', 'xylophone secret', [], { id: 'm1' });
  anna.message('bert@localhost', 'another', [], { id: 'm2' });
  await bert.body('another');
  retract(anna, 'bert@localhost', 'm1', { id: 'r1' });
  await bert.body('unsent');
  for (const client of [anna, bert]) {
    const [first, second, third] = await archived(client);
    expect(first).toContain('id="m1"');
    expect(first).toMatch(/<retracted[^>]* id="r1"/);
    expect(first).not.toContain('<body');
    expect(second).toContain('another');
    expect(third).toContain('<retract ');
  }
  await nowhere('xylophone');
  expect(holding('another')).not.toEqual([]);
});

it('takes what answers quote of it out of the archives, and leaves the answers', async () => {
  const [anna, bert] = await friends();
  anna.message('bert@localhost', 'aubergine 👍🏽', [], { id: 'm1' });
  await bert.body('aubergine 👍🏽');
  const quote = '> aubergine 👍🏽\n';
  const answer = (id: string) => [
    el('reply', NS.reply, { id, to: 'anna@localhost' }),
    el('fallback', NS.fallback, { for: NS.reply }, [
      el('body', NS.fallback, { start: '0', end: `${[...quote].length}` }),
    ]),
  ];
  bert.message('anna@localhost', `${quote}indeed`, answer('m1'));
  bert.message('anna@localhost', `${quote}of another one`, answer('m0'));
  await anna.body(`${quote}of another one`);
  retract(anna, 'bert@localhost', 'm1');
  await bert.body('unsent');
  for (const client of [anna, bert]) {
    const [, first, second] = await archived(client);
    expect(first).toContain('<body>indeed</body>');
    expect(first).toContain('<reply ');
    expect(second).toContain('aubergine');
  }
});

it('lets nobody but its sender take a message back', async () => {
  const [anna, bert] = await friends();
  const carl = await login(hub.url, 'carl');
  await letIn(anna, 'carl@localhost');
  anna.message('bert@localhost', 'to stay', [], { id: 'm1' });
  await bert.body('to stay');
  retract(bert, 'anna@localhost', 'm1');
  await anna.body('unsent');
  retract(carl, 'anna@localhost', 'm1');
  retract(carl, 'bert@localhost', 'm1');
  await settled(carl);
  for (const client of [anna, bert]) expect((await archived(client))[0]).toContain('to stay');
});

it('erases what waits for somebody who is away, and what is held from a stranger', async () => {
  const anna = await login(hub.url, 'anna');
  const bert = await login(hub.url, 'bert', 'one', false);
  anna.message('bert@localhost', 'hello', [], { id: 'm0' });
  anna.message('bert@localhost', 'marmalade held', [], { id: 'm1' });
  await settled(anna);
  expect(holding('marmalade')).not.toEqual([]);
  retract(anna, 'bert@localhost', 'm1');
  retract(anna, 'bert@localhost', 'm0');
  await settled(anna);
  await nowhere('marmalade');
  await nowhere('hello');
  bert.presence();
  await bert.body('unsent');
  expect(bert.bodies()).not.toContain('hello');
  await letIn(bert, 'anna@localhost');
  await settled(bert);
  expect(bert.bodies()).not.toContain('marmalade held');
});

it('does not write down what a device still holds unacknowledged when it goes away', async () => {
  const anna = await login(hub.url, 'anna');
  const bert = await login(hub.url, 'bert', 'one', false);
  await letIn(bert, 'anna@localhost');
  bert.send(el('enable', NS.sm, { resume: 'true' }));
  await bert.named('enabled');
  bert.presence();
  await settled(bert);
  anna.message('bert@localhost', 'tangerine', [], { id: 'm1' });
  await bert.body('tangerine');
  retract(anna, 'bert@localhost', 'm1');
  await bert.body('unsent');
  await bert.kill();
  await settled(anna);
  await nowhere('tangerine');
});

it('deletes the uploaded file with its last message', async () => {
  const [anna, bert] = await friends();
  const answer = await anna.iq(
    'get',
    'upload.localhost',
    el('request', NS.upload, { filename: 'a.txt', size: '9', 'content-type': 'text/plain' }),
  );
  const slot = child(answer, 'slot', NS.upload)!;
  const url = child(slot, 'put')?.attrs.url ?? '';
  expect((await fetch(url, { method: 'PUT', body: 'pineapple' })).status).toBe(201);
  anna.message('bert@localhost', url, [], { id: 'm1' });
  anna.message('bert@localhost', url, [], { id: 'm2' });
  // Whoever else passes the address on does not keep the file.
  bert.message('anna@localhost', url, [], { id: 'b1' });
  await settled(anna);
  await settled(bert);
  retract(anna, 'bert@localhost', 'm1');
  await settled(anna);
  expect((await fetch(url)).status).toBe(200);
  retract(anna, 'bert@localhost', 'm2');
  await settled(anna);
  expect((await fetch(url)).status).toBe(404);
  await nowhere('pineapple');
});
