import { afterEach, expect, it } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import { describeEachServer } from '../support/each-server.ts';
import { twoInGroup } from '../support/group-people.ts';
import { Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
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
const conversation = async (person: Person, room: string) =>
  person.call('conversations.get', { id: await person.conversationWith(room) });
const becomes = (person: Person, room: string, fits: (message: Message) => boolean, what: string) =>
  person.message(room, fits, { what });

describeEachServer('a group’s conversation', (server) => {
  it('has everything that one of two has: albums, answers, reactions, edits, forwarding, taking back', async () => {
    const { anna, bert, id, theirs, room, a } = await twoInGroup(server(), opened);
    for (const name of ['photo.webp', 'display-p3.jpg']) {
      const source = { kind: 'path' as const, path: fixture(name) };
      const staged = await anna.call('photos.stage', { conversationId: id, source });
      await anna.call('photos.setCaption', { id: staged.id, caption: name });
    }
    await anna.call('albums.setCaption', { conversationId: id, caption: 'a day out' });
    await anna.call('photos.send', { conversationId: id, quality: 'standard', anyway: true });
    const album = await until(
      async () => {
        const found = (await bert.messagesWith(room)).filter((m) => m.attachments[0]?.state === 'ready');
        return found.length === 2 && found;
      },
      { what: 'both photos' },
    );
    expect(album.map(({ text, album: part }) => [text, part?.caption])).toEqual([
      ['photo.webp', 'a day out'],
      ['display-p3.jpg', ''],
    ]);
    const photo = album[0];
    if (!photo) throw new Error('no photo');

    const answer = await bert.call('messages.send', {
      ...{ conversationId: theirs, text: 'lovly', anyway: true, replyTo: photo.id },
    });
    const got = await becomes(anna, room, (m) => m.text === 'lovly' && m.replyTo?.id !== null, 'the answer');
    expect(got.replyTo).toMatchObject({ own: true, text: 'photo.webp' });
    await anna.call('reactions.toggle', { id: got.id, emoji: '👍', on: true });
    await becomes(bert, room, (m) => m.reactions[0]?.names.length === 1, 'the reaction');
    await bert.sent(room, answer.id);
    await bert.call('messages.edit', { id: answer.id, text: 'lovely' });
    await becomes(anna, room, (m) => m.id === got.id && m.text === 'lovely' && m.edited !== null, 'the edit');
    await anna.call('messages.forward', { ids: [got.id], to: [room], named: true });
    await becomes(bert, room, (m) => m.forwarded !== null && m.text === 'lovely', 'what was forwarded');
    await bert.call('messages.unsend', { id: answer.id });
    await becomes(anna, room, (m) => m.id === got.id && m.unsent && m.text === '', 'it to be unsent');
    const mine = (await anna.messagesWith(room)).find((m) => m.text === 'photo.webp');
    await anna.call('messages.unsend', { id: mine?.id ?? photo.id });
    await becomes(bert, room, (m) => m.id === photo.id && m.unsent && m.attachments.length === 0, 'no photo');

    await anna.call('settings.set', { undoSend: true });
    const early = await anna.call('messages.send', { conversationId: id, text: 'too early', anyway: true });
    expect(await anna.call('messages.undoSend', { conversationId: id, ids: [early.id] })).toEqual({
      text: 'too early',
    });
    await anna.call('settings.set', { undoSend: false });
    const last = await anna.call('messages.send', { conversationId: id, text: 'last', anyway: true });
    await anna.sent(room, last.id);
    await becomes(bert, room, (m) => m.text === 'last' && m.sender.address === a, 'the last one');
    expect((await bert.messagesWith(room)).some((m) => m.text === 'too early')).toBe(false);
  });

  it('announces as much as is wanted, and whoever is named hears it through a mute', async () => {
    const { anna, bert, id, theirs, room, a } = await twoInGroup(server(), opened);
    const name = (await anna.call('groups.get', { id })).nick;
    const says = async (text: string) => {
      await bert.call('messages.send', { conversationId: theirs, text, anyway: true });
      return anna.message(room, (m) => m.text === text);
    };
    const told = () =>
      anna.notifications.flatMap((n) => (n.conversationId === id ? `${n.title}: ${n.body}` : []));
    const bertName = (await says('one')).sender.name;
    await expect.poll(told).toEqual([`${bertName} in Walks: one`]);
    await anna.call('conversations.setMuted', { id, until: Date.now() + 3_600_000 });
    await says('two');
    const named = await says(`@${name} three`);
    expect(named.mentions).toMatchObject([{ address: a, own: true, start: 0, length: name.length + 1 }]);
    await expect.poll(told).toHaveLength(2);
    expect((await conversation(anna, room)).mentioned).toBe(true);
    await anna.call('conversations.setMuted', { id, until: null });
    await anna.call('conversations.setNotify', { id, notify: 'mentions' });
    await says('four');
    await says(`hey ${name.toUpperCase()}, five`);
    await expect.poll(told).toHaveLength(3);
    await anna.call('settings.set', { groupNotifications: false });
    await says(`${name} six`);
    await anna.call('settings.set', { groupNotifications: true });
    await anna.call('conversations.setNotify', { id, notify: 'none' });
    const last = await says(`${name} seven`);
    expect(told().map((line) => line.slice(line.indexOf(': ') + 2))).toEqual([
      'one',
      `@${name} three`,
      `hey ${name.toUpperCase()}, five`,
    ]);
    await anna.call('conversations.markRead', { id, upTo: last.id });
    expect(await conversation(anna, room)).toMatchObject({ unread: 0, mentioned: false });
  });

  it('folds somebody who is blocked, and loses what a moderator deletes', async () => {
    const { anna, bert, id, theirs, room, b } = await twoInGroup(server(), opened);
    const before = await bert.call('messages.send', { conversationId: theirs, text: 'before', anyway: true });
    await anna.message(room, (m) => m.text === 'before' && !m.fromBlocked);
    await anna.call('reach.block', { address: b });
    await until(async () => (await anna.messagesWith(room)).every((m) => m.outgoing || m.fromBlocked), {
      what: 'what they wrote to be folded',
    });
    const unread = (await conversation(anna, room)).unread;
    const told = anna.notifications.length;
    await bert.call('messages.send', { conversationId: theirs, text: 'blocked', anyway: true });
    const folded = await anna.message(room, (m) => m.text === 'blocked');
    expect(folded.fromBlocked).toBe(true);
    expect((await conversation(anna, room)).unread).toBe(unread);
    expect(anna.notifications).toHaveLength(told);
    await anna.call('reach.unblock', { address: b });
    await anna.message(room, (m) => m.text === 'blocked' && !m.fromBlocked);

    const gone = (await anna.messagesWith(room)).find((m) => m.text === 'before');
    await anna.call('groups.deleteForEveryone', { messageId: gone?.id ?? folded.id, reason: 'be kind' });
    const seen = await becomes(bert, room, (m) => m.id === before.id && m.unsent, 'it to be deleted');
    expect(seen).toMatchObject({ text: '', deletedBy: { reason: 'be kind' } });
    expect((await anna.messagesWith(room)).find((m) => m.id === gone?.id)?.deletedBy?.reason).toBe('be kind');
    expect((await anna.call('groups.get', { id })).state).toBe('joined');
  });

  it('is read on all devices, and its counts are right after a time without connection', async () => {
    const { anna, bert, id, room, b } = await twoInGroup(server(), opened);
    const phone = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    await until(async () => (await conversation(phone, room)).group?.state === 'joined', {
      what: 'the phone',
    });
    await bert.close();
    for (const text of ['one', 'two', 'three'])
      await anna.call('messages.send', { conversationId: id, text, anyway: true });
    const second = await phone.message(room, (m) => m.text === 'two');
    await phone.message(room, (m) => m.text === 'three');
    await phone.call('conversations.markRead', { id: second.conversationId, upTo: second.id });
    expect((await conversation(phone, room)).unread).toBe(1);
    await bert.open();
    await bert.connected();
    await bert.message(room, (m) => m.text === 'three');
    await expect
      .poll(async () => (await conversation(bert, room)).unread, { timeout: 20_000, interval: 200 })
      .toBe(1);
    expect((await bert.messagesWith(room)).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });
});
