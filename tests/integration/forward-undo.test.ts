import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { acquainted, Person } from '../support/people.ts';
import { cameraPhoto } from '../support/photos.ts';

const toClose: { close(): Promise<void> }[] = [];
const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const started = await starting;
  toClose.push(started);
  return started;
};
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});
const texts = async (person: Person, address: string) =>
  (await person.messagesWith(address)).map(({ text }) => text);

describeEachServer('forward and undo send', (server) => {
  it('passes texts and photos on to several people, once, in order, named only when wanted', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const text = await anna.write(b, 'A word with it');
    const photo = await anna.sendPhoto(b, await cameraPhoto(), 'High tide');
    await anna.sent(b, photo.id);
    const ids = [photo.id, text.id];
    const got = await bert.message(a, (m) => m.text === 'High tide' && m.attachments.length === 1);
    await anna.call('messages.forward', { ids, to: [b, a, b], named: false });
    await anna.call('messages.forward', { ids: [text.id], to: [b], named: true });
    await bert.message(a, (m) => m.forwarded?.from !== undefined && m.forwarded.from !== null);
    expect(await texts(bert, a)).toEqual([
      'A word with it',
      'High tide',
      'A word with it',
      'High tide',
      'A word with it',
    ]);
    const anew = (await bert.messagesWith(a))[3];
    expect(anew).toMatchObject({ forwarded: { from: null } });
    expect(anew?.attachments[0]).toMatchObject({ width: got.attachments[0]?.width });
    expect(await texts(anna, a)).toEqual(['A word with it', 'High tide']);
  });

  it('what is held back is taken back with its photo, survives a restart, and keeps its order', async () => {
    const anna = await opened(Person.create(server(), newName('anna')));
    const bert = await opened(Person.create(server(), newName('bert')));
    await acquainted(anna, bert);
    const [a, b] = [await anna.ownAddress(), await bert.ownAddress()];
    const conversationId = await anna.conversationWith(b);
    await anna.call('settings.set', { undoSend: true });
    const first = await anna.write(b, 'too early');
    const photo = await anna.sendPhoto(b, await cameraPhoto(), 'not this one');
    const { text } = await anna.call('messages.undoSend', { conversationId, ids: [first.id, photo.id] });
    expect(text).toBe('too early');
    expect((await anna.call('conversations.get', { id: conversationId })).draft).toBe('too early');
    expect(await anna.call('photos.staged', { conversationId })).toMatchObject([{ caption: 'not this one' }]);
    const one = await anna.write(b, 'one');
    await anna.call('settings.set', { undoSend: false });
    await anna.write(b, 'two');
    await anna.restart();
    // Who wrote it can still take it back; that is said once, with the full time.
    expect(await anna.call('messages.held', {})).toMatchObject({ restarted: true, items: [{ id: one.id }] });
    expect(await anna.call('messages.held', {})).toMatchObject({ restarted: false, items: [{ id: one.id }] });
    await anna.sent(b, one.id);
    await bert.message(a, (m) => m.text === 'two');
    expect(await texts(bert, a)).toEqual(['one', 'two']);
    await expect(anna.call('messages.undoSend', { conversationId, ids: [one.id] })).rejects.toThrow();
  });
});
