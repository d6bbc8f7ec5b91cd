import Database from 'better-sqlite3';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { Person } from '../support/people.ts';
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
const wants = (person: Person, read: boolean, typing: boolean) =>
  person.call('accountSettings.set', { readStatus: read, typingStatus: typing });
/** How many conversations were read further than the account's own node says. */
function waiting(person: Person): number {
  const [file] = globSync(join(person.home, 'profiles', '*', 'accounts', '*', 'postcard.sqlite'));
  const db = new Database(file ?? '', { readonly: true });
  try {
    return Number(db.prepare('SELECT count(*) FROM read_sync WHERE pending = 1').pluck().get());
  } finally {
    db.close();
  }
}
/** Reads the newest message with somebody, as looking at it does. */
async function read(person: Person, address: string): Promise<void> {
  const newest = (await person.messagesWith(address)).at(-1);
  if (!newest) throw new Error('There is nothing to read');
  await person.call('conversations.markRead', { id: newest.conversationId, upTo: newest.id });
}
const types = (person: Person) => person.events('status.changed').map(({ typing }) => typing);

describeEachServer('read and typing status', (server) => {
  const two = async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    const [a, b] = [await addressOf(anna), await addressOf(bert)];
    await anna.letIn(b);
    await bert.letIn(a);
    return { anna, bert, a, b };
  };

  it('shows both where both want them', async () => {
    const { anna, bert, a, b } = await two();
    await wants(anna, true, true);
    await wants(bert, true, true);
    const first = await anna.write(b, 'one');
    const second = await anna.write(b, 'two');
    await bert.message(a, ({ text }) => text === 'two');
    await read(bert, a);
    await anna.message(b, (m) => m.id === first.id && m.state === 'read', { what: 'the first to be read' });
    await anna.message(b, (m) => m.id === second.id && m.state === 'read', { what: 'the second to be read' });
    await bert.call('status.typing', { conversationId: await bert.conversationWith(a), typing: true });
    await until(() => types(anna).at(-1) === true, { what: 'anna to see that bert is typing' });
    await bert.write(a, 'three');
    await until(() => types(anna).at(-1) === false, { what: 'anna to see that bert stopped' });
  });

  it.each([
    ['the writer does not', false, true],
    ['the reader does not', true, false],
  ])('shows neither where %s', async (_who, annaWants, bertWants) => {
    const { anna, bert, a, b } = await two();
    await wants(anna, annaWants, annaWants);
    await wants(bert, bertWants, bertWants);
    const sent = await anna.write(b, 'one');
    await bert.message(a, ({ text }) => text === 'one');
    await read(bert, a);
    await bert.call('status.typing', { conversationId: await bert.conversationWith(a), typing: true });
    await bert.write(a, 'done');
    await anna.message(b, ({ text }) => text === 'done');
    // What bert's app would have told about reading and typing went before what he wrote.
    await anna.message(b, (m) => m.id === sent.id && m.state === 'delivered');
    expect(types(anna)).toEqual([]);
  });

  it('tells what was read offline, and nothing that was read while it was off', async () => {
    const { anna, bert, a, b } = await two();
    await wants(anna, true, false);
    await wants(bert, false, false);
    const early = await anna.write(b, 'early');
    await bert.message(a, ({ text }) => text === 'early');
    await read(bert, a);
    await wants(bert, true, false);
    await bert.restart();
    await bert.connected();
    await bert.write(a, 'here');
    await anna.message(b, ({ text }) => text === 'here');
    expect((await anna.messagesWith(b)).find(({ id }) => id === early.id)?.state).toBe('delivered');
    const late = await anna.write(b, 'late');
    await bert.message(a, ({ text }) => text === 'late');
    await read(bert, a);
    await anna.message(b, (m) => m.id === late.id && m.state === 'read', { what: 'the late one to be read' });
  });

  it('understands other apps, and is understood', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await anna.letIn(peer.address);
    await wants(anna, true, true);
    const sent = await anna.write(peer.address, 'hello');
    await until(() => peer.received.length > 0, { what: 'the message at the other app' });
    await peer.displayed(await addressOf(anna), peer.received[0]?.id ?? '');
    await anna.message(peer.address, (m) => m.id === sent.id && m.state === 'read', { what: 'to be read' });
    await peer.typing(await addressOf(anna));
    await until(() => types(anna).at(-1) === true, { what: 'that the other app types' });
  });
});

describeEachServer('what is read on one device', (server) => {
  it('is read on the other, at once and after a start', async () => {
    const name = newName('anna');
    const desk = await opened(Person.create(server(), name));
    const bert = await opened(Person.create(server(), newName('bert')));
    const [a, b] = [await addressOf(desk), await addressOf(bert)];
    await desk.letIn(b);
    const lap = await opened(Person.signIn(server(), name));
    await bert.write(a, 'one');
    await desk.message(b, ({ text }) => text === 'one');
    await lap.message(b, ({ text }) => text === 'one');
    const unread = async (person: Person) =>
      (await person.call('conversations.get', { id: await person.conversationWith(b) })).unread;
    expect([await unread(desk), await unread(lap)]).toEqual([1, 1]);
    await read(desk, b);
    await until(async () => (await unread(lap)) === 0, { what: 'the other device to have read it' });
    await until(() => lap.badge === 0, { what: 'the badge to know it' });
    // Away while more comes and is read elsewhere: neither counted nor told when it is back.
    await lap.close();
    await bert.write(a, 'two');
    await desk.message(b, ({ text }) => text === 'two');
    await read(desk, b);
    await until(() => waiting(desk) === 0, { what: 'the position to be told' });
    const told = lap.notifications.length;
    await lap.open();
    await lap.connected();
    await lap.message(b, ({ text }) => text === 'two');
    await until(async () => (await unread(lap)) === 0, { what: 'what was read elsewhere to be read here' });
    expect(lap.notifications.length).toBe(told);
  });
});
