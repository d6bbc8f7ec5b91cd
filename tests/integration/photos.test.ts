import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import sharp from 'sharp';
import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { foreignPeer } from '../support/foreign-peer.ts';
import { acquainted, Person } from '../support/people.ts';
import { cameraPhoto, fixture } from '../support/photos.ts';
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

/** The picture of a message that came in, once it is on this computer. */
async function picture(person: Person, from: string, caption: string): Promise<Buffer> {
  const message = await person.message(
    from,
    (m) => m.text === caption && m.attachments[0]?.state === 'ready',
    { timeout: 60_000, what: `the photo "${caption}"` },
  );
  return person.media(`/media/attachment/${message.attachments[0]?.id}`);
}

const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describeEachServer('photos', (server) => {
  it('arrive in each quality with their captions, without the place and never larger', async () => {
    const [a, b] = [newName('anna'), newName('bert')];
    const anna = await opened(Person.create(server(), a));
    const bert = await opened(Person.create(server(), b));
    await acquainted(anna, bert);
    const path = await cameraPhoto({ orientation: 6 });
    for (const quality of ['standard', 'high', 'original'] as const) {
      await anna.sendPhoto(`${b}@localhost`, path, `as ${quality}`, quality);
    }
    const sizes = { standard: [1365, 2048], high: [2731, 4096], original: [4000, 6000] };
    for (const [quality, size] of Object.entries(sizes)) {
      const data = await picture(bert, `${a}@localhost`, `as ${quality}`);
      const { autoOrient, exif } = await sharp(data).metadata();
      expect([autoOrient.width, autoOrient.height]).toEqual(size);
      expect(data.length).toBeLessThanOrEqual(statSync(path).size);
      expect(exif?.includes('GPS') ?? false).toBe(false);
    }
  });

  it('comes from another app as a photo, bit for bit', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    await peer.photo(`${name}@localhost`, fixture('turned-gps.jpg'), 'image/jpeg');
    const data = await picture(anna, peer.address, '');
    expect(hash(data)).toBe(hash(readFileSync(fixture('turned-gps.jpg'))));
    const message = (await anna.messagesWith(peer.address)).at(-1);
    expect(message?.attachments[0]).toMatchObject({ kind: 'photo', width: 240, height: 320 });
  });

  it('goes to another app as a URL that is the whole body, and the caption after it', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    await anna.sendPhoto(peer.address, fixture('photo.webp'), 'From the balcony');
    const shown = await until(() => peer.received.find(({ url }) => url !== null), { what: 'the photo' });
    expect(shown.body).toBe(shown.url);
    const answer = await fetch(shown.url ?? '');
    const data = Buffer.from(await answer.arrayBuffer());
    expect((await sharp(data).metadata()).width).toBe(320);
    await until(() => peer.received.some(({ body }) => body.includes('From the balcony')), {
      what: 'its caption',
    });
  });

  it('is shown from the history on a fresh profile', async () => {
    const name = newName('anna');
    const anna = await opened(Person.create(server(), name));
    const peer = await opened(foreignPeer(server(), newName('peer')));
    await acquainted(anna, peer);
    await peer.photo(`${name}@localhost`, fixture('turned-gps.jpg'), 'image/jpeg');
    await picture(anna, peer.address, '');
    await anna.sendPhoto(peer.address, fixture('photo.webp'), 'mine');
    await anna.message(peer.address, (m) => m.text === 'mine' && m.state !== 'sending');
    await anna.close();
    const fresh = await opened(Person.signIn(server(), name));
    const kinds = async () => {
      const messages = await fresh.messagesWith(peer.address);
      return messages.length >= 2 && messages.map((m) => [m.outgoing, m.text, m.attachments[0]?.kind]);
    };
    expect(await until(kinds, { what: 'the history' })).toEqual([
      [false, '', 'photo'],
      [true, 'mine', 'photo'],
    ]);
  });
});

describeEachServer(
  'photos over the limit',
  (server) => {
    it('are refused with the limit in words, and stay to be sent again', async () => {
      const name = newName('bert');
      const anna = await opened(Person.create(server(), newName('anna')));
      await opened(Person.create(server(), name));
      const path = await cameraPhoto({ width: 1200, height: 900 });
      expect(statSync(path).size).toBeGreaterThan(100_000);
      const conversationId = await anna.conversationWith(`${name}@localhost`);
      const { id } = await anna.call('photos.stage', { conversationId, source: { kind: 'path', path } });
      await anna.call('photos.setCaption', { id, caption: 'too large' });
      const outcome = await anna.outcome('photos.send', {
        conversationId,
        quality: 'original',
        metadata: 'all',
      });
      if (outcome.ok) {
        const failed = await anna.message(`${name}@localhost`, (m) => m.state === 'failed');
        expect(failed.problem).toMatchObject({ code: 'file-too-large', detail: { limit: 100_000 } });
        expect(failed.text).toBe('too large');
      } else {
        expect(outcome).toMatchObject({ code: 'file-too-large', detail: { limit: 100_000 } });
        expect(await anna.call('photos.staged', { conversationId })).toMatchObject([
          { id, caption: 'too large' },
        ]);
      }
    });
  },
  { uploadLimit: 100_000, kinds: ['prosody', 'ejabberd'] },
);
