import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { Person } from '../support/people.ts';
import { cameraPhoto } from '../support/photos.ts';
import { rawClient, type RawClient } from '../support/raw-client.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from '../support/wait.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

interface Two {
  person: Person;
  stranger: RawClient;
  name: string;
}

async function two(server: TestServer): Promise<Two> {
  const name = newName('bert');
  const person = await opened(Person.create(server, name));
  const stranger = await opened(rawClient(server, newName('stranger')));
  return { person, stranger, name };
}

/** As some other app, or somebody hostile, sends it: nothing of ours is asked. */
function say(from: RawClient, to: string, text: string, extra: object = {}): void {
  const id = `raw-${Math.random().toString(36).slice(2)}`;
  from.agent.sendMessage({ to, type: 'chat', id, originId: id, body: text, ...extra });
}

const inbox = async (person: Person): Promise<string[]> => {
  const { items } = await person.call('conversations.list', { folder: 'inbox', before: null, limit: 100 });
  return items.filter(({ kind }) => kind === 'direct').map(({ address }) => address);
};

const bodies = (client: RawClient) => client.frames.filter((frame) => frame.includes('<message')).join('\n');

describeEachServer('requests', (server) => {
  it('50 messages of a stranger: one is shown, nobody is told, and accepting shows all in order', async () => {
    const { person, stranger, name } = await two(server());
    const texts = Array.from({ length: 50 }, (_, i) => `message ${i}`);
    for (const text of texts) say(stranger, `${name}@localhost`, text, { receipt: { type: 'request' } });
    const request = await person.request(stranger.address, (r) => r.more.messages === 49);
    expect(request).toMatchObject({ text: 'message 0', photo: false });
    expect(await person.textsWith(stranger.address)).toEqual(['message 0']);
    expect(await inbox(person)).not.toContain(stranger.address);
    const told = () => person.notifications.filter(({ body }) => body !== '' && texts.includes(body));
    expect(told()).toEqual([]);
    // The assistant's greeting, where there is one, and nothing of the stranger.
    expect(person.badge).toBe(server().kind === 'hub' ? 1 : 0);
    expect(bodies(stranger)).not.toContain('urn:xmpp:receipts');

    await person.call('requests.accept', { address: stranger.address });
    await until(async () => (await person.textsWith(stranger.address)).length === 50, {
      what: 'all messages',
    });
    expect(await person.textsWith(stranger.address)).toEqual(texts);
    expect(await inbox(person)).toContain(stranger.address);
    await until(() => bodies(stranger).match(/<received/g)?.length === 50, { what: 'the receipts' });
    say(stranger, `${name}@localhost`, 'after');
    await person.message(stranger.address, (m) => m.text === 'after');
    await until(() => person.notifications.some(({ body }) => body === 'after'), { what: 'a notification' });
    // What was let in was no news.
    expect(told()).toEqual([]);
  });

  it('a photo first: nothing is fetched before it is asked for', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const picture = await cameraPhoto();
    const sent = await anna.sendPhoto(b, picture, 'Look');
    await anna.sent(b, sent.id);
    const text = await anna.write(b, 'as you can see');
    await anna.sent(b, text.id);
    const request = await bert.request(a, ({ photo }) => photo);
    expect(request.photo).toBe(true);
    const before = await bert.messagesWith(a);
    for (const { attachments } of before) expect(attachments[0]?.state ?? 'remote').toBe('remote');
    expect((await anna.messagesWith(b))[0]?.state).toBe('sent');

    await bert.call('requests.accept', { address: a });
    const ready = await bert.message(a, (m) => m.attachments[0]?.state === 'ready');
    expect(ready.text).toBe('Look');
    // What the server had held back stands where it was written.
    expect(await bert.textsWith(a)).toEqual(['Look', 'as you can see']);
    await anna.message(b, (m) => m.id === sent.id && m.state === 'delivered');
  });

  it('accepted offline and closed before there was a connection: the server hears of it at the next start', async () => {
    const { person, stranger, name } = await two(server());
    for (const text of ['one', 'two', 'three']) say(stranger, `${name}@localhost`, text);
    await person.request(stranger.address, (r) => r.more.messages === 2);
    await server().stop();
    await until(async () => (await person.call('connection.state', {})).state !== 'connected');
    await person.call('requests.accept', { address: stranger.address });
    expect(await inbox(person)).toContain(stranger.address);
    await person.restart();
    await server().start();
    await person.connected();
    await until(async () => (await person.textsWith(stranger.address)).length === 3, {
      what: 'all messages',
    });
    expect(await person.textsWith(stranger.address)).toEqual(['one', 'two', 'three']);
    // Another device of theirs finds them let in on the server.
    const other = await opened(Person.signIn(server(), name));
    await until(async () => (await inbox(other)).includes(stranger.address), { what: 'them in the inbox' });
  });

  it('deleted stays deleted, until I write', async () => {
    const { person, stranger, name } = await two(server());
    say(stranger, `${name}@localhost`, 'one');
    await person.request(stranger.address);
    await person.call('requests.delete', { address: stranger.address });
    say(stranger, `${name}@localhost`, 'two');
    // What comes after it on the same stream has been filed when this has.
    say(stranger, `${name}@localhost`, 'three');
    const conversation = await person.conversationWith(stranger.address);
    await until(async () => (await person.call('conversations.get', { id: conversation })).folded === 2, {
      what: 'what came later',
    });
    const { items, total } = await person.call('requests.list', { before: null, limit: 10 });
    expect([items, total]).toEqual([[], 0]);
    expect(await inbox(person)).not.toContain(stranger.address);
    await person.call('requests.restore', { address: stranger.address });
    expect((await person.request(stranger.address)).more.messages).toBe(2);
    await person.call('requests.delete', { address: stranger.address });

    await person.write(stranger.address, 'hello');
    await until(async () => (await person.textsWith(stranger.address)).length === 4, { what: 'all of it' });
    expect((await person.textsWith(stranger.address)).toSorted()).toEqual(['hello', 'one', 'three', 'two']);
  });

  it('another device and a fresh one know who is let in, whatever the order of the history', async () => {
    const { person, stranger, name } = await two(server());
    const second = await opened(Person.signIn(server(), name));
    const other = await opened(rawClient(server(), newName('other')));
    say(stranger, `${name}@localhost`, 'from somebody who gets an answer');
    say(other, `${name}@localhost`, 'from somebody who gets none');
    for (const device of [person, second]) {
      await device.request(stranger.address);
      await device.request(other.address);
    }
    await person.write(stranger.address, 'an answer');
    await until(async () => (await inbox(second)).includes(stranger.address), {
      what: 'the other device to know',
    });
    expect((await second.request(other.address)).text).toBe('from somebody who gets none');

    const fresh = await opened(Person.signIn(server(), name));
    await until(async () => (await fresh.textsWith(stranger.address)).length === 2, { what: 'the history' });
    await fresh.request(other.address);
    expect(await inbox(fresh)).toContain(stranger.address);
    expect(await inbox(fresh)).not.toContain(other.address);
  });

  it('deleted on one device is deleted on all, and comes back on all', async () => {
    const { person, stranger, name } = await two(server());
    const second = await opened(Person.signIn(server(), name));
    say(stranger, `${name}@localhost`, 'one');
    for (const device of [person, second]) await device.request(stranger.address);
    const total = async (device: Person) =>
      (await device.call('requests.list', { before: null, limit: 10 })).total;
    const gone = (device: Person) =>
      until(async () => (await total(device)) === 0, { what: 'it to be gone' });
    await person.call('requests.delete', { address: stranger.address });
    await gone(second);
    await second.call('requests.restore', { address: stranger.address });
    await person.request(stranger.address);
    // Decided while the other one is away, which then hears more from them.
    await second.close();
    await person.call('requests.delete', { address: stranger.address });
    await person.restart();
    await person.connected();
    await second.open();
    await second.connected();
    await gone(second);
    const fresh = await opened(Person.signIn(server(), name));
    say(stranger, `${name}@localhost`, 'two');
    for (const device of [person, second, fresh]) {
      await until(
        async () =>
          (await device.call('conversations.get', { id: await device.conversationWith(stranger.address) }))
            .folded > 0,
        {
          what: 'what came later',
        },
      );
      await gone(device);
    }
    await fresh.write(stranger.address, 'hello');
    for (const device of [person, second])
      await until(async () => (await inbox(device)).includes(stranger.address), { what: 'the conversation' });
  });

  it('blocked as a request, and unblocked after a restart: it waits again', async () => {
    const { person, stranger, name } = await two(server());
    say(stranger, `${name}@localhost`, 'one');
    await person.request(stranger.address);
    await person.call('reach.block', { address: stranger.address });
    const total = async () => (await person.call('requests.list', { before: null, limit: 10 })).total;
    await until(async () => (await total()) === 0, { what: 'it to be gone' });
    await person.restart();
    await person.connected();
    await person.call('reach.unblock', { address: stranger.address });
    expect((await person.request(stranger.address)).text).toBe('one');
  });

  it('STOP counts, also when it comes out of the archive', async () => {
    const { person, stranger, name } = await two(server());
    await person.call('conversations.start', { address: stranger.address });
    await person.write(stranger.address, 'An offer!');
    await until(() => bodies(stranger).includes('An offer!'), { what: 'the offer' });
    await person.close();
    say(stranger, `${name}@localhost`, 'STOP');
    await stranger.agent.ping();
    await person.open();
    await person.connected();
    await person.message(stranger.address, (m) => m.text === 'STOP');
    expect(await person.call('nudges.optedOut', { address: stranger.address })).toBe(true);
  });

  it('being followed lets in, following does not', async () => {
    const { person, stranger, name } = await two(server());
    stranger.agent.sendPresence({ to: `${name}@localhost`, type: 'subscribe' });
    await until(async () => (await person.call('people.profile', { address: stranger.address })).followsMe, {
      what: 'the follower',
    });
    say(stranger, `${name}@localhost`, 'I follow you');
    await person.request(stranger.address);
    await person.call('people.follow', { address: stranger.address });
    await until(async () => (await inbox(person)).includes(stranger.address), { what: 'the conversation' });
    expect((await person.call('requests.list', { before: null, limit: 10 })).total).toBe(0);
  });

  it('an app that is not ours answers, and what was held arrives there too', async () => {
    const stranger = await opened(rawClient(server(), newName('stranger')));
    const receiver = await opened(rawClient(server(), newName('foreign')));
    for (const text of ['one', 'two', 'three']) say(stranger, receiver.address, text);
    await until(() => bodies(receiver).includes('>one<'), { what: 'the first one' });
    if (server().kind === 'hub') expect(bodies(receiver)).not.toContain('>two<');
    say(receiver, stranger.address, 'yes?');
    await until(() => bodies(receiver).includes('>three<'), { what: 'the rest' });
    expect(bodies(receiver).match(/>(one|two|three)</g)).toEqual(['>one<', '>two<', '>three<']);
  });
});

describeEachServer('invitations', (server) => {
  it('direct: with No one none; a stranger’s waits, once, and a deleted one stays deleted; a friend’s that cannot be followed waits, too', async () => {
    const { person, stranger, name } = await two(server());
    const room = `club@rooms.localhost`;
    const invite = (from: RawClient, reason: string) =>
      from.sendXml(
        `<message to="${name}@localhost" xmlns="jabber:client"><x xmlns="jabber:x:conference" jid="${room}" reason="${reason}"/></message>`,
      );
    await person.call('accountSettings.set', { whoCanInvite: 'no-one' });
    const spammer = await opened(rawClient(server(), newName('spammer')));
    invite(spammer, 'spam');
    say(spammer, `${name}@localhost`, 'the message behind it');
    await person.request(spammer.address);
    const list = async () => (await person.call('requests.list', { before: null, limit: 10 })).invitations;
    expect(await list()).toEqual([]);

    await person.call('accountSettings.set', { whoCanInvite: 'friends' });
    invite(stranger, 'come &amp; see');
    const [first] = await until(async () => ((await list()).length > 0 ? list() : null), {
      what: 'the invitation',
    });
    expect(first).toMatchObject({ room, reason: 'come & see', inviter: { address: stranger.address } });
    expect(person.notifications.filter(({ body }) => body.includes('come & see'))).toEqual([]);
    invite(stranger, 'again');
    // The hub takes one message of a stranger.
    if (server().kind !== 'hub')
      await until(async () => (await list())[0]?.reason === 'again', { what: 'the newer one' });
    expect(await list()).toHaveLength(1);
    await person.call('requests.deleteInvitation', { id: first?.id ?? 0 });
    invite(stranger, 'once more');
    say(stranger, `${name}@localhost`, 'behind it');
    await person.call('requests.accept', { address: stranger.address });
    await person.message(stranger.address, (m) => m.text === 'behind it');
    expect(await list()).toEqual([]);

    stranger.agent.on('subscribe', ({ from }) => stranger.agent.acceptSubscription(from));
    await person.call('people.follow', { address: stranger.address });
    const relation = async () =>
      (await person.call('people.profile', { address: stranger.address })).relation;
    await until(async () => (await relation()) === 'following', { what: 'the stranger to be followed' });
    stranger.agent.sendPresence({ to: `${name}@localhost`, type: 'subscribe' });
    await until(async () => (await relation()) === 'friend', { what: 'the two to be friends' });
    // A group that nobody can enter: there is none.
    stranger.sendXml(
      `<message to="${name}@localhost" xmlns="jabber:client"><x xmlns="jabber:x:conference" jid="nowhere@rooms.localhost"/></message>`,
    );
    await until(async () => (await list())[0]?.room === 'nowhere@rooms.localhost', { what: 'it to wait' });
  });
});
