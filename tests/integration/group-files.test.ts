import { afterEach, expect, it } from 'vitest';
import type { Attachment, Message } from '../../contract/messages.ts';
import { film, recording } from '../../main/media/testing/films.ts';
import { describeEachServer } from '../support/each-server.ts';
import { groupSeen, twoInGroup } from '../support/group-people.ts';
import { Person } from '../support/people.ts';
import { file, fixture } from '../support/photos.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

const waveform = Buffer.from([0, 64, 128, 255]).toString('base64');
const paper = Buffer.from('%PDF-1.7\nrules of the club\n');

/** What came into a group of this kind, and its bytes. */
async function arrived(person: Person, room: string, fits: (a: Attachment, m: Message) => boolean) {
  const there = (m: Message) => !m.outgoing && m.attachments.some((a) => fits(a, m) && a.state === 'ready');
  const message = await person.message(room, there, { timeout: 60_000, what: 'the file in the group' });
  const [attachment] = message.attachments;
  if (!attachment) throw new Error('no attachment');
  return { message, attachment, data: await person.media(`/media/attachment/${attachment.id}`) };
}

describeEachServer('files of a group', (server) => {
  it('a voice note, a sticker, a GIF, a video and a paper reach everybody, on each of their devices', async () => {
    const { anna, bert, id, room, b } = await twoInGroup(server(), opened);
    const phone = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    await groupSeen(phone, room, ({ state }) => state === 'joined', 'joined on the phone');

    const source = (path: string) => ({ kind: 'path', path }) as const;
    await anna.call('voice.keep', {
      conversationId: id,
      source: source(file('spoken.webm', recording())),
      waveform,
    });
    await anna.call('voice.send', { conversationId: id, anyway: true });
    const { packs } = await anna.call('stickers.all', {});
    const hello = packs.flatMap(({ stickers }) => stickers).find((one) => one.description === 'Hello');
    await anna.call('stickers.send', { conversationId: id, id: hello?.id ?? 0 });
    await anna.sendPhoto(room, fixture('three-frames.gif'), 'wave', 'original');
    const video = await anna.call('files.stage', {
      conversationId: id,
      source: source(file('walk.mp4', film({ places: true }))),
    });
    const poster = { source: source(fixture('photo.webp')), width: 640, height: 360 };
    await anna.call('files.setPoster', { id: video.id, ...poster });
    await anna.call('files.stage', { conversationId: id, source: source(file('rules.pdf', paper)) });
    await anna.call('files.send', { conversationId: id, keepLocation: false, anyway: true });

    for (const [who, device] of [
      ['the desk', bert],
      ['the phone', phone],
    ] as const) {
      const voice = await arrived(device, room, ({ kind }) => kind === 'voice');
      expect(voice.attachment, who).toMatchObject({ durationMs: 2120, waveform });
      const sticker = await arrived(device, room, ({ kind }) => kind === 'sticker');
      expect(sticker.message.sticker, who).toMatchObject({ emoji: '👋', description: 'Hello' });
      const gif = await arrived(device, room, ({ mediaType }) => mediaType === 'image/gif');
      expect(gif.attachment, who).toMatchObject({ animated: true });
      const walk = await arrived(device, room, ({ kind }) => kind === 'video');
      expect(walk.attachment, who).toMatchObject({ name: 'walk.mp4', durationMs: 4200 });
      expect(walk.data.includes('52.5163'), who).toBe(false);
      const isPaper = ({ name }: Attachment) => name === 'rules.pdf';
      const told = await device.message(room, (m) => m.attachments.some(isPaper));
      if (told.attachments[0]) await device.call('attachments.download', { id: told.attachments[0].id });
      const got = await arrived(device, room, isPaper);
      expect(Buffer.compare(got.data, paper), who).toBe(0);
      const messages = await device.messagesWith(room);
      expect(
        messages.filter((m) => m.attachments.length > 0),
        who,
      ).toHaveLength(5);
    }
  });
});
