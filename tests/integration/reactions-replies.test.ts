import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { acquainted, Person } from '../support/people.ts';
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

/** What is shown of the message with this text. */
const shown = async (person: Person, address: string, text: string) => {
  const message = (await person.messagesWith(address)).find((m) => m.text === text);
  return {
    reactions: message?.reactions.map(({ emoji, count, own }) => `${emoji} ${count}${own ? ' own' : ''}`),
    answers: message?.replyTo?.text,
  };
};

describeEachServer('reactions and replies', (server) => {
  it('come live, to whoever was away, and on a fresh profile', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    await anna.write(b, 'Which lens?');
    const asked = await bert.message(a, (m) => m.text === 'Which lens?');
    await bert.call('messages.send', {
      conversationId: await bert.conversationWith(a),
      text: 'The old 50',
      anyway: true,
      replyTo: asked.id,
    });
    await bert.call('reactions.toggle', { id: asked.id, emoji: '🎉', on: true });
    await bert.call('reactions.toggle', { id: asked.id, emoji: '👍', on: true });
    await bert.call('reactions.toggle', { id: asked.id, emoji: '🎉', on: false });
    const read = { timeout: 30_000 };
    await expect.poll(() => shown(anna, b, 'The old 50'), read).toMatchObject({ answers: 'Which lens?' });
    await expect.poll(() => shown(anna, b, 'Which lens?'), read).toMatchObject({ reactions: ['👍 1'] });

    await bert.close();
    const answer = await anna.message(b, (m) => m.text === 'The old 50');
    await anna.call('reactions.toggle', { id: answer.id, emoji: '❤️', on: true });
    await bert.open();
    await expect.poll(() => shown(bert, a, 'The old 50'), read).toMatchObject({ reactions: ['❤️ 1'] });

    await anna.close();
    const fresh = await opened(Person.signIn(server(), name));
    await expect
      .poll(() => shown(fresh, b, 'The old 50'), read)
      .toEqual({ answers: 'Which lens?', reactions: ['❤️ 1 own'] });
    await expect.poll(() => shown(fresh, b, 'Which lens?'), read).toMatchObject({ reactions: ['👍 1'] });
  });

  it('another app reacts and reads what is answered; nobody reacts in a conversation of others', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const peer = await opened(foreignPeer(server(), newName('gajim')));
    const eve = await opened(foreignPeer(server(), newName('eve')));
    const [a, p] = [await anna.ownAddress(), await peer.ownAddress()];
    await anna.write(p, 'Look at this');
    await peer.letIn(a);
    await peer.say(a, 'Nice one', { id: 'theirs' });
    const theirs = await anna.message(p, (m) => m.text === 'Nice one');
    const mine = await anna.message(p, (m) => m.text === 'Look at this');
    await anna.call('messages.send', {
      conversationId: await anna.conversationWith(p),
      text: 'Thank you',
      anyway: true,
      replyTo: theirs.id,
    });
    await until(() => peer.received.some(({ body }) => body === '> Nice one\nThank you'), {
      what: 'the answer with its quote at the other app',
    });
    const sentId = peer.received.find(({ body }) => body === 'Look at this')?.id ?? '';
    await eve.react(a, 'theirs', '😡');
    await peer.react(a, 'theirs', '🎉');
    await expect
      .poll(() => shown(anna, p, 'Nice one'), { timeout: 30_000 })
      .toMatchObject({ reactions: ['🎉 1'] });
    expect(mine.reactions).toEqual([]);
    // To a message of mine it is told, without a sound; to theirs it is not.
    const reacted = () => anna.notifications.filter(({ body }) => body.startsWith('❤️'));
    await peer.react(a, sentId, '❤️');
    await until(() => reacted().length > 0, { what: 'the notification of a reaction' });
    expect(reacted()).toMatchObject([{ body: '❤️ Look at this', silent: true }]);
    expect(anna.notifications.some(({ body }) => body.startsWith('🎉'))).toBe(false);
  });
});
