import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { acquainted, Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
import { seeded } from '../support/random.ts';

const toClose: { close(): Promise<void> }[] = [];
const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const started = await starting;
  toClose.push(started);
  return started;
};
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});

describeEachServer(
  'unsend at odd times',
  (server) => {
    const pair = async () => {
      const anna = await opened(Person.create(server(), newName('anna')));
      const bert = await opened(Person.create(server(), newName('bert')));
      await acquainted(anna, bert);
      return { anna, bert, a: await anna.ownAddress(), b: await bert.ownAddress() };
    };
    it('one photo of an album goes, and the others stay with the caption for all', async () => {
      const { anna, bert, a, b } = await pair();
      const conversationId = await anna.conversationWith(b);
      for (const name of ['photo.webp', 'alpha.png', 'display-p3.jpg']) {
        const source = { kind: 'path', path: fixture(name) } as const;
        const { id } = await anna.call('photos.stage', { conversationId, source });
        await anna.call('photos.setCaption', { id, caption: name });
      }
      await anna.call('albums.setCaption', { conversationId, caption: 'a day out' });
      const sent = await anna.call('photos.send', { conversationId, quality: 'standard', anyway: true });
      const [, second] = sent;
      if (!second) throw new Error('no album');
      for (const { id } of sent) await anna.sent(b, id);
      await bert.message(a, (m) => m.text === 'display-p3.jpg' && m.attachments[0]?.state === 'ready');
      await anna.call('messages.unsend', { id: second.id });
      const rows = async (person: Person, other: string) =>
        (await person.messagesWith(other)).map((m) =>
          m.unsent ? 'unsent' : `${m.text} ${m.album?.index} ${m.album?.caption}`,
        );
      const expected = ['photo.webp 0 a day out', 'unsent', 'display-p3.jpg 2 '];
      await expect.poll(() => rows(bert, a), { timeout: 30_000 }).toEqual(expected);
      expect(await rows(anna, b)).toEqual(expected);
    });

    it('what was answered, pinned and passed on: the copy stays, nothing else does', async () => {
      const { anna, bert, a, b } = await pair();
      const text = await anna.write(b, 'a word to be taken back');
      const photo = await anna.sendPhoto(b, fixture('photo.webp'), 'a photo to be taken back');
      await anna.sent(b, photo.id);
      const [gotText, gotPhoto] = [
        await bert.message(a, (m) => m.text === 'a word to be taken back'),
        await bert.message(a, (m) => m.attachments[0]?.state === 'ready'),
      ];
      const conversationId = await bert.conversationWith(a);
      await bert.call('messages.send', {
        ...{ conversationId, text: 'which one?', anyway: true },
        replyTo: gotText.id,
      });
      for (const { id } of [gotText, gotPhoto]) await bert.call('pins.set', { id, pinned: true });
      await bert.call('messages.forward', { ids: [gotPhoto.id], to: [b], named: false });
      await anna.message(b, (m) => m.replyTo?.text === 'a word to be taken back');
      await anna.call('messages.unsend', { id: text.id });
      await anna.call('messages.unsend', { id: photo.id });
      for (const [person, other] of [
        [bert, a],
        [anna, b],
      ] as const) {
        const answer = await person.message(other, (m) => m.replyTo?.unsent === true);
        expect(answer.replyTo).toMatchObject({ text: '', attachment: null });
      }
      await bert.message(a, (m) => m.unsent && m.id === gotPhoto.id);
      expect(await bert.call('pins.list', { conversationId })).toEqual({ items: [] });
      expect(await bert.outcome('pins.set', { id: gotPhoto.id, pinned: true })).toMatchObject({ ok: false });
      expect(
        await bert.outcome('messages.forward', { ids: [gotPhoto.id], to: [b], named: false }),
      ).toMatchObject({ code: 'not-found' });
      const copy = await bert.message(b, (m) => m.attachments.length === 1);
      const file = await bert.media(`/media/attachment/${copy.attachments[0]?.id}`);
      expect(file.length).toBeGreaterThan(100);
    });

    it('a photo that is taken back at any moment of its way is seen by nobody afterwards', async () => {
      const { anna, bert, a, b } = await pair();
      const random = seeded(4_104);
      const conversationId = await anna.conversationWith(b);
      await anna.sent(b, (await anna.write(b, 'first')).id);
      for (let turn = 0; turn < 12; turn += 1) {
        const source = { kind: 'path', path: fixture('photo.webp') } as const;
        const { id } = await anna.call('photos.stage', { conversationId, source });
        await anna.call('photos.setCaption', { id, caption: `photo ${turn}` });
        const [sent] = await anna.call('photos.send', { conversationId, quality: 'standard', anyway: true });
        if (!sent) throw new Error('nothing was sent');
        await delay(random() * 120);
        await anna.call('messages.unsend', { id: sent.id });
      }
      await anna.sent(b, (await anna.write(b, 'last')).id);
      await bert.message(a, (m) => m.text === 'last');
      const left = async (person: Person, other: string) =>
        (await person.messagesWith(other)).filter(
          (m) => !m.unsent && (m.attachments.length > 0 || m.text.startsWith('photo')),
        );
      await expect.poll(() => left(bert, a), { timeout: 20_000 }).toEqual([]);
      await expect.poll(() => left(anna, b), { timeout: 20_000 }).toEqual([]);
    });
  },
  { kinds: ['hub'] },
);
