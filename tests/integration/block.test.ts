import { afterEach, describe, expect, it } from 'vitest';
import { attempts, broken, sentBy, type Target } from '../support/attempts.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { password, Person } from '../support/people.ts';
import { rawClient, type RawClient } from '../support/raw-client.ts';
import { RogueServer } from '../support/rogue-server.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from '../support/wait.ts';

const toClose: { close(): Promise<void> }[] = [];
const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const started = await starting;
  toClose.push(started);
  return started;
};
afterEach(async () => {
  for (const one of toClose.splice(0).reverse()) await one.close();
});

const chat = (to: string, id: string, body: string) =>
  `<message xmlns='jabber:client' to='${to}' type='chat' id='${id}'><body>${body}</body></message>`;

const blocksOf = async (person: Person) => (await person.call('reach.blocked', {})).items;
const isBlocked = (person: Person, address: string) =>
  until(async () => (await blocksOf(person)).some((one) => one.address === address && !one.waiting), {
    what: `${address} to be blocked at the server`,
  });

const isNamed = (title: string, address: string) => address.startsWith(title.toLowerCase());

/** All that somebody who was blocked could have changed. */
async function everything(person: Person, address: string, witness: string) {
  const inbox = await person.call('conversations.list', { folder: 'inbox', before: null, limit: 200 });
  const others = inbox.items.filter((item) => item.address !== witness);
  const requests = await person.call('requests.list', { before: null, limit: 200 });
  const { relation, followRequest, name, avatar, followsMe } = await person.call('people.profile', {
    address,
  });
  return {
    messages: await person.messagesWith(address),
    conversations: others.map((item) => [item.address, item.unread, item.lastMessage?.text]),
    requests: [requests.items, requests.invitations],
    about: { relation, followRequest, name, avatar, followsMe },
    notifications: person.notifications.filter(({ title }) => !isNamed(title, witness)).length,
    settings: await person.call('accountSettings.get', {}),
    blocked: (await blocksOf(person)).map((one) => one.address),
    evil: (await person.call('people.get', { address: 'evil@localhost' })).name,
  };
}

/** A conversation of the two in which each wrote, and what the other one needs to try. */
async function acquainted(anna: Person, to: string, mallory: RawClient): Promise<Target> {
  const mine = await anna.write(mallory.address, 'mine');
  await anna.sent(mallory.address, mine.id);
  const arrived = () => mallory.frames.find((xml) => xml.includes('<body>mine</body>'));
  const frame = await until(arrived, { what: 'my message at the other side' });
  mallory.sendXml(chat(to, 'theirs', 'before'));
  await anna.message(mallory.address, (m) => m.text === 'before');
  const attribute = (name: string) => new RegExp(` ${name}=['"]([^'"]+)`).exec(frame)?.[1] ?? '';
  return { to, full: attribute('from'), own: mallory.address, theirs: 'theirs', mine: attribute('id') };
}

describeEachServer('somebody who is blocked', (server) => {
  it('reaches me by none of more than fifty paths, here or on another device, before or after a reconnect', async () => {
    const name = newName('anna');
    const to = `${name}@localhost`;
    const anna = await opened(Person.create(server(), name));
    const mallory = await opened(rawClient(server(), newName('mallory')));
    const gina = await opened(rawClient(server(), newName('gina')));
    await anna.write(gina.address, 'hello');
    const target = await acquainted(anna, to, mallory);
    await anna.call('reach.block', { address: mallory.address });
    await isBlocked(anna, mallory.address);
    const before = await everything(anna, mallory.address, gina.address);
    const all = attempts(target);
    expect(all.length).toBeGreaterThanOrEqual(50);

    let count = 0;
    const tryAll = async (person: Person) => {
      for (const { xml } of all) mallory.sendXml(xml);
      await inviteThroughRoom(server(), mallory, to);
      await mallory.agent.ping();
      const text = `marker ${(count += 1)}`;
      gina.sendXml(chat(to, text, text));
      await person.message(gina.address, (m) => m.text === text);
    };
    await tryAll(anna);
    expect(await everything(anna, mallory.address, gina.address)).toEqual(before);

    await anna.close();
    for (const { xml } of all) mallory.sendXml(xml);
    await mallory.agent.ping();
    await anna.open();
    await anna.connected();
    await tryAll(anna);
    const after = await everything(anna, mallory.address, gina.address);
    expect({ ...after, notifications: 0 }).toEqual({ ...before, notifications: 0 });

    const other = await opened(Person.signIn(server(), name));
    await isBlocked(other, mallory.address);
    await tryAll(other);
    expect((await other.textsWith(mallory.address)).filter((text) => text.includes('attempt'))).toEqual([]);
    const list = await other.call('requests.list', { before: null, limit: 200 });
    expect([list.items, list.invitations]).toEqual([[], []]);
    // Undone on one device, undone on the other; then they write again, as a stranger.
    await other.call('reach.unblock', { address: mallory.address });
    await until(async () => (await blocksOf(anna)).length === 0, { what: 'the other device to hear of it' });
    mallory.sendXml(chat(to, 'again', 'again'));
    await anna.message(mallory.address, (m) => m.text === 'again');
  }, 180_000);

  it('is seen when another app did it, and stays blocked whatever is chosen here', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const other = await opened(foreignPeer(server(), name));
    await other.block('pest@localhost');
    await isBlocked(anna, 'pest@localhost');
    const app = await opened(rawClient(server(), name));
    for (const whoCanMessage of ['friends', 'no-one', 'everyone', 'friends', 'everyone'] as const) {
      await anna.call('accountSettings.set', { whoCanMessage });
      await until(async () => !(await anna.call('reach.state', {})).waiting, { what: 'the choice to hold' });
    }
    expect((await app.agent.getBlocked()).jids).toEqual(['pest@localhost']);
    // At the same time: neither undoes the other.
    const both = [
      app.agent.block('plague@localhost'),
      anna.call('accountSettings.set', { whoCanMessage: 'no-one' }),
    ];
    await Promise.all(both);
    await isBlocked(anna, 'plague@localhost');
    await until(async () => !(await anna.call('reach.state', {})).waiting, { what: 'the choice to hold' });
    await until(async () => (await app.agent.getBlocked()).jids?.length === 2, {
      what: 'both blocks to be there',
    });
    await app.agent.unblock('pest@localhost');
    await until(async () => (await blocksOf(anna)).length === 1, { what: 'the unblocking to be heard' });
    expect((await app.agent.getBlocked()).jids).toEqual(['plague@localhost']);
  });

  it('is blocked offline, and on the server once there is a connection', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    await anna.connected();
    await server().stop();
    await until(async () => (await anna.call('connection.state', {})).state !== 'connected');
    await anna.call('reach.block', { address: 'pest@localhost' });
    await anna.call('accountSettings.set', { whoCanMessage: 'friends' });
    expect(await blocksOf(anna)).toMatchObject([{ address: 'pest@localhost', waiting: true }]);
    expect((await anna.call('accountSettings.get', {})).whoCanMessage).toBe('friends');
    await anna.restart();
    await server().start();
    await anna.connected();
    await isBlocked(anna, 'pest@localhost');
    // A window that is open hears of it.
    expect(anna.events('reach.blockedChanged').at(-1)?.items).toMatchObject([{ waiting: false }]);
    await until(async () => !(await anna.call('reach.state', {})).waiting, { what: 'the choice to hold' });
    const app = await opened(rawClient(server(), name));
    expect((await app.agent.getBlocked()).jids).toEqual(['pest@localhost']);
  });
});

describeEachServer('somebody who writes in vain with Postcard', (server) => {
  it('is told the same whatever the reason, and can try again once it is gone', async () => {
    const [anna, bert] = [await opened(account(server(), 'anna')), await opened(account(server(), 'bert'))];
    const [a, b] = [anna.address, bert.address];
    const reasons: Record<string, { on(): Promise<void>; off(): Promise<void> }> = {
      friends: { on: () => choose(anna.person, 'friends'), off: () => choose(anna.person, 'everyone') },
      'no-one': { on: () => choose(anna.person, 'no-one'), off: () => choose(anna.person, 'everyone') },
      block: {
        on: async () => {
          await anna.person.call('reach.block', { address: b });
          await isBlocked(anna.person, b);
        },
        off: async () => {
          await anna.person.call('reach.unblock', { address: b });
          const app = await opened(rawClient(server(), a.replace('@localhost', '')));
          const gone = async () => ((await app.agent.getBlocked()).jids ?? []).length === 0;
          await until(gone, { what: 'the server to hear of the unblocking' });
        },
      },
    };
    const outcomes: unknown[] = [];
    for (const [reason, { on, off }] of Object.entries(reasons)) {
      await on();
      const { id } = await bert.person.write(a, reason);
      const told = await bert.person.message(a, (m) => m.id === id && m.state !== 'sending');
      if (server().kind !== 'prosody')
        await bert.person.message(a, (m) => m.id === id && m.state === 'failed');
      const { state, problem } = (await bert.person.messagesWith(a)).find((m) => m.id === told.id) ?? told;
      outcomes.push({ state, problem });
      expect(await anna.person.textsWith(b)).not.toContain(reason);
      await off();
      if (server().kind === 'prosody') continue;
      await bert.person.call('messages.retry', { id });
      await bert.person.message(a, (m) => m.id === id && (m.state === 'sent' || m.state === 'delivered'));
    }
    const expected =
      server().kind === 'prosody'
        ? { state: 'sent', problem: null }
        : { state: 'failed', problem: { code: 'not-delivered', detail: expect.any(Object) as object } };
    expect(outcomes).toEqual([expected, expected, expected]);
    expect(new Set(outcomes.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('can’t write to somebody they blocked themselves, until they unblock them', async () => {
    const anna = await opened(account(server(), 'anna'));
    const peer = await opened(rawClient(server(), newName('peer')));
    await anna.person.call('reach.block', { address: peer.address });
    const { id } = await anna.person.write(peer.address, 'hello');
    const failed = await anna.person.message(peer.address, (m) => m.id === id && m.state === 'failed');
    expect(failed.problem?.code).toBe('blocked-by-you');
    await anna.person.call('reach.unblock', { address: peer.address });
    await until(async () => (await blocksOf(anna.person)).length === 0);
    await anna.person.call('messages.retry', { id });
    await until(() => peer.frames.some((xml) => xml.includes('>hello<')), { what: 'the message to arrive' });
  });
});

async function account(server: TestServer, name: string) {
  const username = newName(name);
  const person = await Person.create(server, username);
  return { person, address: `${username}@localhost`, close: () => person.close() };
}

async function choose(person: Person, whoCanMessage: 'everyone' | 'friends' | 'no-one'): Promise<void> {
  await person.call('accountSettings.set', { whoCanMessage });
  await until(async () => !(await person.call('reach.state', {})).waiting, { what: 'the choice to hold' });
}

/** A real room's own invitation (XEP-0045 section 7.8.2), where the server has rooms. */
async function inviteThroughRoom(server: TestServer, by: RawClient, to: string): Promise<void> {
  if (server.kind === 'hub') return;
  const room = `${newName('room')}@rooms.localhost`;
  by.sendXml(
    `<presence xmlns='jabber:client' to='${room}/x'><x xmlns='http://jabber.org/protocol/muc'/></presence>`,
  );
  await until(() => by.frames.some((xml) => xml.includes(room) && xml.includes('<presence')), {
    what: 'the room',
  });
  by.sendXml(
    `<iq xmlns='jabber:client' to='${room}' type='set' id='own-${room}'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>`,
  );
  await until(() => by.frames.some((xml) => xml.includes(`own-${room}`)), { what: 'the room to be made' });
  by.sendXml(
    `<message xmlns='jabber:client' to='${room}'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='${to}'><reason>attempt</reason></invite></x></message>`,
  );
}

// A server that has no blocking and lets everything through: the app alone holds.
describe('somebody who is blocked in the app alone', () => {
  it('reaches me by none of the paths', async () => {
    const server = await RogueServer.start(password);
    const me = await Person.start();
    try {
      await me.call('accounts.signIn', { username: 'me@localhost', password, server: server.url });
      await server.online();
      await me.connected();
      const mallory = 'mallory@localhost';
      const friend = 'friend@localhost';
      const push = (from: string, id: string, body: string) =>
        server.push(sentBy(chat(server.client, id, body), `${from}/phone`));
      const mine = await me.write(mallory, 'mine');
      await until(() => server.received.some(({ xml }) => xml.includes('>mine<')), {
        what: 'it on the wire',
      });
      push(mallory, 'theirs', 'before');
      await me.message(mallory, (m) => m.text === 'before');
      const id = server.received.find(({ xml }) => xml.includes('>mine<'))?.id ?? '';
      await me.sent(mallory, mine.id);
      await me.call('reach.block', { address: mallory });
      const before = await everything(me, mallory, friend);
      const target = { to: 'me@localhost', full: server.client, own: mallory, theirs: 'theirs', mine: id };
      const answered = server.received.length;
      for (const from of [`${mallory}/phone`, mallory]) {
        for (const { xml } of [...attempts(target), broken(target)]) server.push(sentBy(xml, from));
      }
      push(friend, 'marker', 'marker');
      await me.message(friend, (m) => m.text === 'marker');
      expect(await everything(me, mallory, friend)).toEqual(before);
      // Nothing tells them that anybody is there.
      const told = server.received
        .slice(answered)
        .filter(({ name, xml }) => name !== 'iq' && xml.includes(mallory));
      expect(told).toEqual([]);
      expect(await me.call('reach.state', {})).toMatchObject({ enforcedBy: 'app' });
    } finally {
      await me.close();
      await server.stop();
    }
  });
});
