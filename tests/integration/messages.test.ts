import { afterEach, expect, it } from 'vitest';
import { Cable } from '../support/cable.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer, type ForeignPeer } from '../support/foreign-peer.ts';
import { acquainted, doorOf, Person } from '../support/people.ts';
import { until } from '../support/wait.ts';

const toClose: { close(): Promise<void> }[] = [];
const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const started = await starting;
  toClose.push(started);
  return started;
};
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});

const addressOf = async (person: Person) => (await person.call('app.state', {})).account?.address ?? '';
const arrived = (peer: ForeignPeer, count: number) =>
  until(() => peer.received.length >= count, { what: `${count} messages at the foreign peer` });

describeEachServer('messages', (server) => {
  it('carries text both ways between two Postcards, with unread count, notification and delivery state', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await addressOf(anna), await addressOf(bert)];
    const sent = await anna.write(b, 'Hello Bert <b>&amp;</b> 👋🏽 \u202eabc');
    const got = await bert.message(a, (m) => !m.outgoing);
    expect(got.text).toBe('Hello Bert <b>&amp;</b> 👋🏽 \u202eabc');
    const fromAnna = () => bert.notifications.filter(({ title }) => a.startsWith(title));
    await until(() => fromAnna().length === 1, { what: 'a notification' });
    expect((await bert.call('conversations.get', { id: got.conversationId })).unread).toBe(1);
    expect(bert.badge).toBeGreaterThan(0);
    await bert.write(a, 'Hello Anna');
    await anna.message(b, (m) => !m.outgoing && m.text === 'Hello Anna');
    await anna.message(b, (m) => m.id === sent.id && m.state === 'delivered', { what: 'the receipt' });
    const conversationId = await bert.conversationWith(a);
    await bert.call('conversations.markRead', { id: conversationId, upTo: got.id });
    expect((await bert.call('conversations.get', { id: conversationId })).unread).toBe(0);
  });

  it('carries text both ways between Postcard and another app', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    await anna.write(peer.address, 'Grüße\nin two lines');
    await arrived(peer, 1);
    expect(peer.received.map(({ body }) => body)).toEqual(['Grüße\nin two lines']);
    await peer.text(await addressOf(anna), 'und zurück');
    await anna.message(peer.address, (m) => !m.outgoing && m.text === 'und zurück');
  });

  it('shows the history on a fresh profile, in order and once', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    const expected: string[] = [];
    for (let turn = 1; turn <= 30; turn += 1) {
      await anna.write(peer.address, `mine ${turn}`);
      await arrived(peer, turn);
      await peer.text(`${name}@localhost`, `theirs ${turn}`);
      await anna.message(peer.address, (m) => m.text === `theirs ${turn}`);
      expected.push(`mine ${turn}`, `theirs ${turn}`);
    }
    await anna.close();
    const fresh = await opened(Person.signIn(server(), name));
    await expect.poll(() => fresh.textsWith(peer.address), { timeout: 30_000 }).toEqual(expected);
    // Old messages are no news.
    expect(fresh.notifications).toEqual([]);
  });

  it('keeps what is written offline, and sends it in order on reconnecting, after a restart too', async () => {
    const cable = await Cable.to(server().ports.webSocket);
    const anna = await opened(
      Person.create(server(), newName('anna'), doorOf(server(), 'webSocket', cable.port)),
    );
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    cable.refuse();
    await until(async () => (await anna.call('connection.state', {})).state !== 'connected');
    const texts = Array.from({ length: 20 }, (_, at) => `offline ${at + 1}`);
    for (const text of texts.slice(0, 10)) await anna.write(peer.address, text);
    await anna.restart();
    for (const text of texts.slice(10)) await anna.write(peer.address, text);
    expect((await anna.messagesWith(peer.address)).map(({ state }) => state)).toEqual(
      texts.map(() => 'sending'),
    );
    expect(peer.received).toEqual([]);
    cable.mend();
    await anna.call('connection.retry', {});
    await arrived(peer, texts.length);
    await anna.message(peer.address, (m) => m.text === texts.at(-1) && m.state !== 'sending');
    expect(peer.received.map(({ body }) => body)).toEqual(texts);
    await cable.remove();
  });

  it('notices a connection over which nothing passes any more, and sends afterwards', async () => {
    const cable = await Cable.to(server().ports.webSocket);
    const anna = await opened(
      Person.create(server(), newName('anna'), doorOf(server(), 'webSocket', cable.port)),
    );
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    cable.stall();
    await anna.write(peer.address, 'through the stall');
    await anna.call('connection.retry', {});
    await until(async () => (await anna.call('connection.state', {})).state !== 'connected', {
      timeout: 60_000,
      what: 'the stall to be noticed',
    });
    cable.cut();
    cable.mend();
    await anna.call('connection.retry', {});
    await arrived(peer, 1);
    await anna.message(peer.address, (m) => m.state !== 'sending');
    expect(peer.received.map(({ body }) => body)).toEqual(['through the stall']);
    await cable.remove();
  });

  it('gets what was sent while it was closed, in order and once', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    await peer.text(`${name}@localhost`, 'before');
    await anna.message(peer.address, (m) => m.text === 'before');
    await anna.close();
    const texts = Array.from({ length: 120 }, (_, at) => `while closed ${at + 1}`);
    for (const text of texts) await peer.text(`${name}@localhost`, text);
    await peer.settled();
    await anna.open();
    await expect.poll(() => anna.textsWith(peer.address), { timeout: 30_000 }).toEqual(['before', ...texts]);
  });

  it('says that somebody does not exist, or that their server can not be reached', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const sent = await anna.write('nobody-here@localhost', 'hello?');
    const bounced = await anna.message(
      'nobody-here@localhost',
      (m) => m.id === sent.id && m.state !== 'sending',
    );
    expect(['failed', 'sent']).toContain(bounced.state);
    await anna.message('nobody-here@localhost', (m) => m.id === sent.id && m.state === 'failed');
  });
});
