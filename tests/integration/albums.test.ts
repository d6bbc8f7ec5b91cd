import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { acquainted, Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
import { until } from '../support/wait.ts';

const toClose: Person[] = [];
const opened = async (starting: Promise<Person>): Promise<Person> => {
  const person = await starting;
  toClose.push(person);
  return person;
};
afterEach(async () => {
  for (const one of toClose.splice(0)) await one.close();
});

/** Different in name and in pixels, small enough for every server at once. */
const files = ['photo.webp', 'turned-gps.jpg', 'display-p3.jpg', 'alpha.png'];

async function sendAlbum(from: Person, to: string): Promise<void> {
  const conversationId = await from.conversationWith(to);
  for (const [at, name] of files.entries()) {
    const source = { kind: 'path' as const, path: fixture(name) };
    const { id } = await from.call('photos.stage', { conversationId, source });
    await from.call('photos.setCaption', { id, caption: `number ${at}` });
  }
  await from.call('albums.setCaption', { conversationId, caption: 'a day out' });
  const sent = await from.call('photos.send', { conversationId, quality: 'standard' });
  expect(sent).toHaveLength(files.length);
  expect(await from.call('albums.caption', { conversationId })).toBe('');
}

/** What somebody has of the album, once all of it is there. */
const album = (person: Person, other: string) =>
  until(
    async () => {
      const found = (await person.messagesWith(other)).filter((message) => message.album !== null);
      return found.length === files.length && found;
    },
    { what: 'the whole album' },
  );

describeEachServer('albums', (server) => {
  it('arrive whole, in order, with one caption for all, also from the archive on a fresh profile', async () => {
    const [annaName, bertName] = [newName('anna'), newName('bert')];
    const anna = await opened(Person.create(server(), annaName));
    const bert = await opened(Person.create(server(), bertName));
    await acquainted(anna, bert);
    const [annaAddress, bertAddress] = await Promise.all([anna.ownAddress(), bert.ownAddress()]);
    await sendAlbum(anna, bertAddress);
    const expected = files.map((name, index) => ({
      text: `number ${index}`,
      attachments: [{ kind: 'photo', name: expect.stringContaining(name.split('.')[0] ?? '') as string }],
      album: { index, count: files.length, caption: index === 0 ? 'a day out' : '' },
    }));
    const live = await album(bert, annaAddress);
    expect(live).toMatchObject(expected);
    expect(new Set(live.map((message) => message.album?.id)).size).toBe(1);
    // Nothing stands beside them: what is said to other apps is left out.
    expect((await bert.messagesWith(annaAddress)).filter(({ text }) => text.includes('a day out'))).toEqual(
      [],
    );
    await bert.close();
    const fresh = await opened(Person.signIn(server(), bertName));
    expect(await album(fresh, annaAddress)).toMatchObject(expected);
    const id = (await album(anna, bertAddress))[0]?.id;
    if (id === undefined) throw new Error('no message');
    expect(await anna.call('albums.save', { id })).toEqual({
      kind: 'download',
      path: `/media/album/${id}`,
      missing: 0,
    });
  });
});
