import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { Person } from '../support/people.ts';
import { until } from '../support/wait.ts';

const toClose: { close(): Promise<void> }[] = [];
const opened = async (starting: Promise<Person>): Promise<Person> => {
  const started = await starting;
  toClose.push(started);
  return started;
};
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});

const addressOf = async (person: Person) => (await person.call('app.state', {})).account?.address ?? '';

/** What somebody pinned in the conversation with another one. */
async function pinned(person: Person, address: string): Promise<string[]> {
  const { id } = await person.call('conversations.start', { address });
  const { items } = await person.call('pins.list', { conversationId: id });
  return items.map(({ text }) => text);
}
const becomes = (person: Person, address: string, texts: readonly string[]) =>
  until(async () => (await pinned(person, address)).join() === texts.join(), {
    what: `these to be pinned: ${texts.join()}`,
  });

describeEachServer('pinned messages', (server) => {
  it('are the same on all my devices, and nobody else hears of them', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    const [a, b] = [await addressOf(anna), await addressOf(bert)];
    await anna.letIn(b);
    await bert.letIn(a);
    await anna.write(b, 'one');
    await bert.message(a, ({ text }) => text === 'one');
    await bert.write(a, 'two');
    const two = await anna.message(b, ({ text }) => text === 'two');
    await anna.call('pins.set', { id: two.id, pinned: true });
    expect(await pinned(anna, b)).toEqual(['two']);

    // A device that comes later finds it there, once it has the message itself.
    const second = await opened(Person.signIn(server(), a.split('@')[0] ?? ''));
    await becomes(second, b, ['two']);
    // From there on both ways, while both are here.
    const one = await second.message(b, ({ text }) => text === 'one');
    await second.call('pins.set', { id: one.id, pinned: true });
    await becomes(anna, b, ['one', 'two']);
    await anna.call('pins.set', { id: two.id, pinned: false });
    await becomes(second, b, ['one']);
    expect(await pinned(bert, a)).toEqual([]);
  });

  it('set without a connection are told with the next one', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const a = await addressOf(anna);
    const note = await anna.write(a, 'a note');
    await anna.message(a, ({ id, state }) => id === note.id && state !== 'sending', {
      what: 'the note to be sent',
    });
    await anna.close();
    await anna.open();
    await anna.call('pins.set', { id: note.id, pinned: true });
    await anna.connected();
    const second = await opened(Person.signIn(server(), a.split('@')[0] ?? ''));
    await becomes(second, a, ['a note']);
  });
});
