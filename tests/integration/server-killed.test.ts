import { expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { acquainted, Person } from '../support/people.ts';
import { rawClient } from '../support/raw-client.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from '../support/wait.ts';

/**
 * What a killed server kept for somebody: on the hub everything. Prosody and ejabberd write the sender's and the
 * receiver's archive one after the other: killed in between, the sender finds the message in the own archive, and
 * nobody can know that the other one lacks it. That loss is the server's; nothing may be lost beyond it.
 */
async function keptFor(server: TestServer, name: string, from: string, texts: string[]): Promise<string[]> {
  if (server.kind === 'hub') return texts;
  const fresh = await Person.signIn(server, name);
  await until(async () => (await fresh.textsWith(from)).at(-1) === texts.at(-1), { what: 'the history' });
  await until(async () => (await fresh.call('connection.state', {})).catchingUp === null);
  const kept = await fresh.textsWith(from);
  await fresh.close();
  expect(kept.length).toBeGreaterThanOrEqual(texts.length - 10);
  expect(kept).toEqual(texts.filter((text) => kept.includes(text)));
  return kept;
}

describeEachServer('a server that is killed', (server) => {
  it('loses and doubles nothing between two Postcards', async () => {
    const [a, b] = [newName('anna'), newName('bert')];
    const anna = await Person.create(server(), a);
    const bert = await Person.create(server(), b);
    await acquainted(anna, bert);
    const texts = Array.from({ length: 60 }, (_, at) => `message ${at + 1}`);
    for (const [at, text] of texts.entries()) {
      await anna.write(`${b}@localhost`, text);
      if (at === 20 || at === 40) await server().stop('killed');
      if (at === 30 || at === 50) await server().start();
    }
    for (const person of [anna, bert]) await person.call('connection.retry', {});
    await until(async () => (await anna.textsOnTheWay(`${b}@localhost`)) === 0, { timeout: 60_000 });
    const kept = await keptFor(server(), b, `${a}@localhost`, texts);
    await expect.poll(() => bert.textsWith(`${a}@localhost`), { timeout: 60_000 }).toEqual(kept);
    expect(await anna.textsWith(`${b}@localhost`)).toEqual(texts);
    await anna.close();
    await bert.close();
  });

  it('shows that it is offline, keeps what is written, and sends it once the server is back', async () => {
    const name = newName('peer');
    const anna = await Person.create(server(), newName('anna'));
    await (await rawClient(server(), name)).close();
    await server().stop('killed');
    await until(async () => (await anna.call('connection.state', {})).state !== 'connected');
    const written = await anna.write(`${name}@localhost`, 'written while the server was away');
    expect(written.state).toBe('sending');
    await server().start();
    await anna.call('connection.retry', {});
    await anna.message(`${name}@localhost`, (m) => m.state !== 'sending', { timeout: 60_000 });
    const peer = await foreignPeer(server(), name);
    await until(() => peer.received.length > 0, { what: 'the stored message' });
    expect(peer.received.map(({ body }) => body)).toEqual(['written while the server was away']);
    await peer.close();
    await anna.close();
  });
});
