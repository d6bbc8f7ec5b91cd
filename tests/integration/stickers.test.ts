import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import type { Sticker } from '../../contract/stickers.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { acquainted, Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
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

const packs = async (person: Person) => (await person.call('stickers.all', {})).packs;
async function named(person: Person, description: string): Promise<Sticker> {
  const found = (await packs(person))
    .flatMap(({ stickers }) => stickers)
    .find((s) => s.description === description);
  if (!found) throw new Error(`no sticker ${description}`);
  return found;
}
async function send(from: Person, to: string, description: string): Promise<Message> {
  const { id } = await named(from, description);
  const conversationId = await from.conversationWith(to);
  return from.call('stickers.send', { conversationId, id });
}
const ready = (m: Message) => m.sticker !== null && m.attachments[0]?.state === 'ready';

/** A pack of one's own with one sticker. */
async function ownPack(person: Person, name: string) {
  const packId = await person.call('stickers.createPack', { name });
  const source = { kind: 'path', path: fixture('alpha.png') } as const;
  const id = await person.call('stickers.make', { packId, source, emoji: '🌊', description: 'High tide' });
  return { packId, id };
}

describeEachServer('stickers', (server) => {
  it('arrive as they were drawn, are uploaded once, and can be kept', async () => {
    const [a, b] = [newName('anna'), newName('bert')];
    const anna = await opened(Person.create(server(), a));
    const bert = await opened(Person.create(server(), b));
    await acquainted(anna, bert);
    const first = await send(anna, `${b}@localhost`, 'Hello');
    expect(first).toMatchObject({ text: '', sticker: { emoji: '👋', description: 'Hello', hasPack: false } });
    await anna.sent(`${b}@localhost`, first.id);
    const arrived = await bert.message(`${a}@localhost`, ready);
    expect(arrived).toMatchObject({
      text: '',
      sticker: { emoji: '👋', description: 'Hello' },
      attachments: [{ kind: 'sticker', width: 512, height: 512, mediaType: 'image/webp' }],
    });
    const data = await bert.media(`/media/attachment/${arrived.attachments[0]?.id}`);
    const { sha256 } = await named(anna, 'Hello');
    expect(createHash('sha256').update(data).digest('hex')).toBe(sha256);

    const again = await send(anna, `${b}@localhost`, 'Hello');
    await anna.sent(`${b}@localhost`, again.id);
    await until(async () => (await bert.messagesWith(`${a}@localhost`)).filter(ready).length === 2, {
      what: 'the second one',
    });
    expect((await anna.call('stickers.all', {})).recent.map((s) => s.description)).toEqual(['Hello']);

    await bert.call('stickers.keep', { id: arrived.id, packName: 'Kept' });
    await bert.call('stickers.keep', { id: arrived.id, packName: 'Kept' });
    const kept = (await packs(bert)).find(({ name }) => name === 'Kept');
    expect(kept).toMatchObject({ origin: 'own', stickers: [{ description: 'Hello', sha256 }] });
    // It is one of a pack that every Postcard has: nobody is asked for it.
    const place = { kind: 'message', id: arrived.id } as const;
    expect(await bert.call('stickers.preview', { place })).toMatchObject({ added: true, owner: '' });
  });

  it('a pack of my own is shared, looked at and added by somebody else', async () => {
    const [a, b] = [newName('anna'), newName('bert')];
    const anna = await opened(Person.create(server(), a));
    const bert = await opened(Person.create(server(), b));
    await acquainted(anna, bert);
    const { packId, id } = await ownPack(anna, 'At the sea');
    const { uri } = await anna.call('stickers.share', { id: packId, shared: true });
    expect(uri).toMatch(
      new RegExp(`^xmpp:${a}@localhost\\?pubsub;action=retrieve;node=urn:xmpp:stickers:0;item=`),
    );

    const conversationId = await anna.conversationWith(`${b}@localhost`);
    await anna.call('stickers.send', { conversationId, id });
    const arrived = await bert.message(`${a}@localhost`, ready);
    expect(arrived.sticker).toEqual({ emoji: '🌊', description: 'High tide', hasPack: true });
    const place = { kind: 'message', id: arrived.id } as const;
    const seen = await bert.call('stickers.preview', { place });
    expect(seen).toEqual({
      name: 'At the sea',
      summary: '',
      restricted: false,
      added: false,
      owner: `${a}@localhost`,
      stickers: [{ emoji: '🌊', description: 'High tide' }],
    });
    await Promise.all([bert.call('stickers.addPack', { place }), bert.call('stickers.addPack', { place })]);
    expect((await packs(bert)).filter(({ name }) => name === 'At the sea')).toMatchObject([
      { origin: 'kept', stickers: [{ emoji: '🌊', description: 'High tide' }] },
    ]);
    const byLink = { kind: 'link', uri } as const;
    expect(await bert.call('stickers.preview', { place: byLink })).toMatchObject({ added: true });

    await anna.call('stickers.share', { id: packId, shared: false });
    const gone = () => bert.outcome('stickers.preview', { place: byLink });
    await until(async () => !(await gone()).ok, { what: 'the pack to be gone' });
    expect(await gone()).toMatchObject({
      code: expect.stringMatching(/not-found|sticker-pack-refused/) as string,
    });
  });

  it('my other device has my packs, and what is done on one is done on both', async () => {
    const a = newName('anna');
    const anna = await opened(Person.create(server(), a));
    const { packId } = await ownPack(anna, 'Mine alone');
    const other = await opened(Person.signIn(server(), a));
    const there = async (name: string) => (await packs(other)).find((pack) => pack.name === name);
    const came = await until(() => there('Mine alone'), { timeout: 60_000, what: 'the pack' });
    expect(came).toMatchObject({ origin: 'own', shared: false, stickers: [{ description: 'High tide' }] });
    const file = await other.media(`/media/file/${came.stickers[0]?.sha256}`);
    expect(file.length).toBeGreaterThan(100);

    // Shared from one device, it is shared on the other.
    await anna.call('stickers.share', { id: packId, shared: true });
    await until(async () => (await there('Mine alone'))?.shared, {
      timeout: 60_000,
      what: 'it to be shared',
    });
    expect((await there('Mine alone'))?.id).toBe(came.id);

    await anna.call('stickers.editPack', {
      id: packId,
      name: 'Renamed',
      stickers: (await packs(anna)).find(({ id }) => id === packId)?.stickers.map(({ id }) => id) ?? [],
    });
    await until(async () => (await there('Renamed')) && !(await there('Mine alone')), {
      timeout: 60_000,
      what: 'the new name alone',
    });
    await anna.call('stickers.removePack', { id: packId });
    await until(async () => !(await there('Renamed')), { timeout: 60_000, what: 'the pack to go' });
  });

  it('come from and go to another app', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    const { id: packId } = { id: (await ownPack(anna, 'For others')).packId };
    const { uri } = await anna.call('stickers.share', { id: packId, shared: true });
    await send(anna, peer.address, 'High tide');
    const shown = await until(() => peer.received.find(({ body }) => body === '🌊'), { what: 'the sticker' });
    expect(shown.url).toBe(null);
    const item = decodeURIComponent(/item=([^;]+)$/.exec(uri)?.[1] ?? '');
    expect(shown.xml).toContain('urn:xmpp:stickers:0');
    expect(shown.xml).toContain(item);
    expect(shown.xml).toContain('High tide');
    // Uploaded once: the second one is at the same address.
    await send(anna, peer.address, 'High tide');
    const both = () =>
      peer.received
        .filter(({ body }) => body === '🌊')
        .map(({ xml }) => /target=["']([^"']+)/.exec(xml)?.[1]);
    const [first, second] = await until(() => both().length === 2 && both(), { what: 'the second one' });
    expect(second).toBe(first);

    await peer.sticker(`${name}@localhost`, fixture('photo.webp'), 'image/webp', '😘');
    const arrived = await anna.message(
      peer.address,
      (m) => m.attachments[0]?.state === 'ready' && !m.outgoing,
    );
    expect(arrived).toMatchObject({ text: '', sticker: { emoji: '😘', description: '', hasPack: true } });
    expect(arrived.attachments[0]?.kind).toBe('sticker');
    // It names a pack that its sender never published.
    const outcome = await anna.outcome('stickers.addPack', { place: { kind: 'message', id: arrived.id } });
    expect(outcome.ok).toBe(false);
  });
});
