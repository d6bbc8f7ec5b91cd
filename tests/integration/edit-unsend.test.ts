import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Cable } from '../support/cable.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer, type ForeignPeer } from '../support/foreign-peer.ts';
import { acquainted, doorOf, Person } from '../support/people.ts';
import { cameraPhoto } from '../support/photos.ts';
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

const arrived = (peer: ForeignPeer, count: number) =>
  until(() => peer.received.length >= count, { what: `${count} messages at the foreign peer` });
const shown = async (person: Person, address: string) =>
  (await person.messagesWith(address)).map((m) =>
    m.unsent ? 'unsent' : m.edited ? `${m.text} (edited)` : m.text,
  );

describeEachServer('edit and unsend', (server) => {
  it('changes a text on both sides and on a fresh profile, and keeps its versions', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const { id } = await anna.write(b, 'Helo');
    await anna.write(b, 'after it');
    await bert.message(a, (m) => m.text === 'after it');
    const conversation = await bert.conversationWith(a);
    const unread = (await bert.call('conversations.get', { id: conversation })).unread;
    await anna.call('messages.edit', { id, text: 'Hello' });
    await anna.call('messages.edit', { id, text: 'Hello Bert' });
    const got = await bert.message(a, (m) => m.text === 'Hello Bert');
    expect(got.edited).not.toBeNull();
    const { items } = await bert.call('messages.versions', { id: got.id });
    expect(items.map(({ text }) => text)).toEqual(['Helo', 'Hello', 'Hello Bert']);
    expect((await bert.call('conversations.get', { id: conversation })).unread).toBe(unread);
    expect(await shown(bert, a)).toEqual(['Hello Bert (edited)', 'after it']);
    await anna.close();
    const fresh = await opened(Person.signIn(server(), name));
    await expect
      .poll(() => shown(fresh, b), { timeout: 30_000 })
      .toEqual(['Hello Bert (edited)', 'after it']);
  });

  it('takes a message back on both sides, in a fresh profile and for whoever was away', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const first = await anna.write(b, 'seen and gone');
    await bert.message(a, (m) => m.text === 'seen and gone');
    await bert.close();
    const second = await anna.write(b, 'never seen');
    await anna.write(b, 'stays');
    await anna.sent(b, second.id);
    await anna.call('messages.unsend', { id: second.id });
    await anna.call('messages.unsend', { id: first.id });
    await bert.open();
    await expect.poll(() => shown(bert, a), { timeout: 30_000 }).toContain('stays');
    await expect.poll(() => shown(bert, a), { timeout: 30_000 }).not.toContain('seen and gone');
    await expect.poll(() => shown(bert, a), { timeout: 30_000 }).not.toContain('never seen');
    expect(
      (await bert.call('conversations.get', { id: await bert.conversationWith(a) })).lastMessage?.text,
    ).toBe('stays');
    await anna.close();
    const fresh = await opened(Person.signIn(server(), name));
    await expect.poll(() => shown(fresh, b), { timeout: 30_000 }).toContain('stays');
    const texts = await shown(fresh, b);
    expect(texts.filter((text) => text !== 'unsent')).toEqual(['stays']);
  });

  it('edits and takes back both ways with another app', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    const a = await anna.ownAddress();
    await peer.say(a, 'teh cat', { id: 'one' });
    await anna.message(peer.address, (m) => m.text === 'teh cat');
    await peer.say(a, 'the cat', { id: 'two', replaces: 'one' });
    // A client that names the correction instead of the first message is understood too.
    await peer.say(a, 'the black cat', { id: 'three', replaces: 'two' });
    await anna.message(peer.address, (m) => m.text === 'the black cat' && m.edited !== null);
    expect(await anna.textsWith(peer.address)).toHaveLength(1);
    await peer.unsend(a, 'one');
    await anna.message(peer.address, (m) => m.unsent);

    const { id } = await anna.write(peer.address, 'mine');
    await arrived(peer, 1);
    await anna.call('messages.edit', { id, text: 'mine, better' });
    await arrived(peer, 2);
    const [original, correction] = peer.received;
    expect(correction?.xml).toContain('urn:xmpp:message-correct:0');
    expect(correction?.xml).toMatch(new RegExp(`replace[^>]* id=["']${original?.id}`));
    const { otherApp, server: erases, waiting } = await anna.call('messages.unsendOutlook', { id });
    expect({ otherApp, erases, waiting }).toEqual({
      otherApp: false,
      erases: server().kind !== 'prosody',
      waiting: false,
    });
    await anna.call('messages.unsend', { id });
    await arrived(peer, 3);
    expect(peer.received[2]?.xml).toContain('urn:xmpp:message-retract:1');
    expect(peer.received[2]?.xml).toMatch(new RegExp(`retract[^>]* id=["']${original?.id}`));
  });

  it('lets nobody change what another one wrote', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    const a = await anna.ownAddress();
    await anna.write(peer.address, 'my own words');
    await arrived(peer, 1);
    const id = peer.received[0]?.id ?? '';
    await peer.say(a, 'your words', { id: 'forged', replaces: id });
    await peer.unsend(a, id);
    await peer.say(a, 'done', { id: 'marker' });
    await anna.message(peer.address, (m) => m.text === 'done');
    expect(await shown(anna, peer.address)).toEqual(['my own words', 'done']);
  });

  it('tells an edit and an unsend that were made offline, after a restart too, behind their message', async () => {
    const cable = await Cable.to(server().ports.webSocket);
    const anna = await opened(
      Person.create(server(), newName('anna'), doorOf(server(), 'webSocket', cable.port)),
    );
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const gone = await anna.write(b, 'to be taken back');
    const changed = await anna.write(b, 'to be changed');
    await bert.message(a, (m) => m.text === 'to be changed');
    await anna.sent(b, changed.id);
    cable.refuse();
    await until(async () => (await anna.call('connection.state', {})).state !== 'connected');
    const queued = await anna.write(b, 'queued');
    await anna.call('messages.edit', { id: queued.id, text: 'queued, changed before it left' });
    const dropped = await anna.write(b, 'never leaves');
    await anna.call('messages.unsend', { id: dropped.id });
    await anna.call('messages.unsend', { id: gone.id });
    await anna.call('messages.edit', { id: changed.id, text: 'changed' });
    await anna.restart();
    expect(await shown(anna, b)).toEqual(['unsent', 'changed (edited)', 'queued, changed before it left']);
    cable.mend();
    await anna.call('connection.retry', {});
    await expect
      .poll(() => shown(bert, a), { timeout: 30_000 })
      .toEqual(['unsent', 'changed (edited)', 'queued, changed before it left']);
    await cable.remove();
  });

  it('keeps nothing of a text and a photo in any file of either app, or of the hub', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const text = await anna.write(b, 'quagmire of zebras');
    await anna.call('messages.edit', { id: text.id, text: 'quagmire of giraffes 長頸鹿です' });
    const path = await cameraPhoto({ width: 2400, height: 1600, seed: 77 });
    const photo = await anna.sendPhoto(b, path, 'caption of ostriches');
    await bert.message(a, (m) => m.attachments[0]?.state === 'ready');
    const pictures = [sample(readFileSync(path))];
    for (const [person, other] of [
      [anna, b],
      [bert, a],
    ] as const) {
      const attachment = (await person.messagesWith(other)).flatMap((m) => m.attachments)[0];
      for (const kind of ['attachment', 'thumbnail'])
        pictures.push(sample(await person.media(`/media/${kind}/${attachment?.id}`)));
    }
    const homes = [anna.home, bert.home, ...(server().kind === 'hub' ? [server().folder] : [])];
    const words = ['quagmire', 'giraffes', 'ostriches', '長頸鹿です'];
    const before = holding(homes, words, pictures).join('\n');
    for (const what of [...words, 'the picture']) expect(before).toContain(what);
    await anna.sent(b, photo.id);
    await anna.call('messages.unsend', { id: text.id });
    await anna.call('messages.unsend', { id: photo.id });
    await expect.poll(() => shown(bert, a), { timeout: 30_000 }).toEqual(['unsent', 'unsent']);
    await expect.poll(() => holding(homes, words, pictures), { timeout: 20_000, interval: 500 }).toEqual([]);
    expect((await bert.call('messages.search', { query: 'giraffes', before: null, limit: 5 })).items).toEqual(
      [],
    );
  });
});

/** Bytes from the middle of a picture: no header that others have too. */
const sample = (picture: Buffer): Buffer => {
  const at = Math.floor(picture.length / 2);
  return picture.subarray(at, at + 64);
};

/** Files under these folders that hold one of the words or pictures, with what they hold. */
function holding(
  folders: readonly string[],
  words: readonly string[],
  pictures: readonly Buffer[],
): string[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .flatMap((file) => {
        const bytes = readFileSync(file);
        const found = words.filter((word) => bytes.includes(word));
        if (pictures.some((picture) => bytes.includes(picture))) found.push('the picture');
        return found.map((what) => `${file}: ${what}`);
      }),
  );
}
