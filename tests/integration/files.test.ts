import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { Attachment, Message } from '../../contract/messages.ts';
import { film, recording } from '../../main/media/testing/films.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer, type ForeignPeer } from '../support/foreign-peer.ts';
import { acquainted, Person } from '../support/people.ts';
import { file, fixture } from '../support/photos.ts';
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

const hash = (data: Buffer, form: 'hex' | 'base64' = 'hex') => createHash('sha256').update(data).digest(form);
const levels = Buffer.from([0, 64, 128, 255]).toString('base64');
const paper = Buffer.from('%PDF-1.7\nnot much of a paper\n');

/** Chooses a video or any file, as Attach does, and sends it; a video with the picture that stands for it. */
async function sendFile(from: Person, to: string, path: string, poster = false): Promise<Message> {
  const conversationId = await from.conversationWith(to);
  const staged = await from.call('files.stage', { conversationId, source: { kind: 'path', path } });
  const source = { kind: 'path', path: fixture('photo.webp') } as const;
  if (poster) await from.call('files.setPoster', { id: staged.id, source, width: 640, height: 360 });
  const [message] = await from.call('files.send', { conversationId, keepLocation: false, anyway: true });
  if (!message) throw new Error('Nothing was sent');
  return message;
}

async function sendVoice(from: Person, to: string): Promise<Message> {
  const conversationId = await from.conversationWith(to);
  const source = { kind: 'path', path: file('spoken.webm', recording()) } as const;
  await from.call('voice.keep', { conversationId, source, waveform: levels });
  return from.call('voice.send', { conversationId, anyway: true });
}

/** What came from somebody under this name, and its bytes once they are here. */
async function arrived(person: Person, from: string, fits: (a: Attachment) => boolean) {
  const find = (m: Message) => !m.outgoing && m.attachments.some((a) => fits(a) && a.state === 'ready');
  const message = await person.message(from, find, { timeout: 60_000, what: 'the file' });
  const [attachment] = message.attachments;
  if (!attachment) throw new Error('no attachment');
  return { attachment, data: await person.media(`/media/attachment/${attachment.id}`) };
}

/** The stanza that the peer got with this type, and the file that it tells of. */
async function shown(peer: ForeignPeer, mediaType: string) {
  const told = `>${mediaType}<`;
  const message = await until(() => peer.received.find(({ xml }) => xml.includes(told)), {
    timeout: 60_000,
    what: `a file of ${mediaType}`,
  });
  const answer = await fetch(message.url ?? '');
  return { ...message, data: Buffer.from(await answer.arrayBuffer()) };
}

/** The text of an element, whatever prefix a library gave it. */
const textOf = (xml: string, name: string) =>
  new RegExp(`<(?:\\w+:)?${name}[ >][^<]*`).exec(xml)?.[0].replace(/^[^>]*>/, '');

describeEachServer('files', (server) => {
  const pair = async () => {
    const [a, b] = [newName('anna'), newName('bert')];
    const anna = await opened(Person.create(server(), a));
    const bert = await opened(Person.create(server(), b));
    await acquainted(anna, bert);
    return { anna, bert, a: `${a}@localhost`, b: `${b}@localhost` };
  };
  const withPeer = async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    return { anna, peer, address: `${name}@localhost` };
  };

  it('a video arrives with length, size and its picture, and without where it was made', async () => {
    const { anna, bert, a, b } = await pair();
    const bytes = film({ places: true });
    await sendFile(anna, b, file('wall.mp4', bytes), true);
    const { attachment, data } = await arrived(bert, a, ({ kind }) => kind === 'video');
    expect(attachment).toMatchObject({
      ...{ name: 'wall.mp4', mediaType: 'video/mp4', bytes: bytes.length },
      ...{ durationMs: 4200, width: 640, height: 360 },
      thumbhash: expect.stringMatching(/^[\w+/]{20,}={0,2}$/) as string,
    });
    expect(data.length).toBe(bytes.length);
    expect(data.includes('pictures')).toBe(true);
    expect(data.includes('52.5163')).toBe(false);
  });

  it('a voice note, a GIF and any file arrive bit for bit as what they are', async () => {
    const { anna, bert, a, b } = await pair();
    await sendVoice(anna, b);
    const voice = await arrived(bert, a, ({ kind }) => kind === 'voice');
    expect(voice.attachment).toMatchObject({ mediaType: 'audio/webm', durationMs: 2120, waveform: levels });

    await anna.sendPhoto(b, fixture('three-frames.gif'), 'wave', 'original');
    const gif = await arrived(bert, a, ({ mediaType }) => mediaType === 'image/gif');
    expect(gif.attachment).toMatchObject({ kind: 'photo', animated: true });
    expect(hash(gif.data)).toBe(hash(readFileSync(fixture('three-frames.gif'))));

    await sendFile(anna, b, file('paper.pdf', paper));
    const isPaper = ({ name }: Attachment) => name === 'paper.pdf';
    const told = await bert.message(a, (m) => m.attachments.some(isPaper));
    // No file of this kind is fetched unasked.
    expect(told.attachments[0]).toMatchObject({ kind: 'file', state: 'remote', bytes: paper.length });
    if (told.attachments[0]) await bert.call('attachments.download', { id: told.attachments[0].id });
    const got = await arrived(bert, a, isPaper);
    expect(got.attachment).toMatchObject({ kind: 'file', mediaType: 'application/pdf', durationMs: null });
    expect(hash(got.data)).toBe(hash(paper));
  });

  it('other apps get the address alone as text, and size, type, hash and length beside it', async () => {
    const { anna, peer } = await withPeer();
    await sendFile(anna, peer.address, file('wall.mp4', film()));
    await sendVoice(anna, peer.address);
    await anna.sendPhoto(peer.address, fixture('three-frames.gif'), '', 'original');
    await sendFile(anna, peer.address, file('paper.pdf', paper));
    const lengths = {
      'video/mp4': '4200',
      'audio/webm': '2120',
      'image/gif': undefined,
      'application/pdf': undefined,
    };
    for (const [mediaType, length] of Object.entries(lengths)) {
      const { xml, body, url, data } = await shown(peer, mediaType);
      expect(body).toBe(url);
      expect(xml).toContain('urn:xmpp:fallback:0');
      expect(textOf(xml, 'size')).toBe(String(data.length));
      expect(textOf(xml, 'hash')).toBe(hash(data, 'base64'));
      expect(textOf(xml, 'length')).toBe(length);
    }
    expect((await shown(peer, 'video/mp4')).data.equals(film())).toBe(true);
    expect((await shown(peer, 'audio/webm')).xml).toContain(levels);
  });

  it('from other apps, as a link or with metadata, they are what is measured', async () => {
    const { anna, peer, address } = await withPeer();
    await peer.photo(address, file('plain.mp4', film()), 'video/mp4');
    // A link tells no size: it is fetched when asked for.
    const link = await anna.message(peer.address, (m) => m.attachments[0]?.name === 'plain.mp4');
    expect(link.attachments[0]).toMatchObject({ kind: 'video', state: 'remote', bytes: null });
    if (link.attachments[0]) await anna.call('attachments.download', { id: link.attachments[0].id });
    const plain = await arrived(anna, peer.address, ({ name }) => name === 'plain.mp4');
    expect(plain.attachment).toMatchObject({ kind: 'video', durationMs: 4200, width: 640, height: 360 });
    expect(plain.data.equals(film())).toBe(true);

    await peer.photo(address, fixture('three-frames.gif'), 'image/gif');
    const gif = await arrived(anna, peer.address, ({ name }) => name === 'three-frames.gif');
    expect(gif.attachment).toMatchObject({ kind: 'photo', mediaType: 'image/gif', animated: true });

    const said = { mediaType: 'audio/webm', length: 999_000, width: 4000, height: 3000 };
    await peer.share(address, file('spoken.webm', recording()), said);
    const sound = await arrived(anna, peer.address, ({ name }) => name === 'spoken.webm');
    expect(sound.attachment).toMatchObject({ kind: 'audio', durationMs: 2120, width: null, height: null });

    await peer.share(address, file('paper.pdf', paper), { mediaType: 'application/pdf' });
    const told = await anna.message(peer.address, (m) => m.attachments[0]?.name === 'paper.pdf');
    expect(told.attachments[0]).toMatchObject({ kind: 'file', state: 'remote', bytes: paper.length });
    expect(told.text).toBe('');
  });

  it('a file whose bytes are not those of its hash is not shown', async () => {
    const { anna, peer, address } = await withPeer();
    const sha256 = hash(Buffer.from('something else'), 'base64');
    await peer.share(address, file('other.mp4', film()), { mediaType: 'video/mp4', sha256 });
    const failed = await anna.message(peer.address, (m) => m.attachments[0]?.state === 'failed', {
      timeout: 60_000,
    });
    expect(failed.attachments[0]?.name).toBe('other.mp4');
  });
});
