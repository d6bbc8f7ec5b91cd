import { afterEach, expect, it } from 'vitest';
import type { PeopleList, Profile } from '../../contract/people.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { Person } from '../support/people.ts';
import type { TestServer } from '../support/servers.ts';
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

interface Somebody extends Person {
  address: string;
}
async function create(server: TestServer, name: string): Promise<Somebody> {
  const username = newName(name);
  const person = await opened(Person.create(server, username));
  return Object.assign(person, { address: `${username}@${server.domain}` });
}

const profileOf = (me: Person, address: string): Promise<Profile> => me.call('people.profile', { address });
const becomes = (me: Person, address: string, fits: (profile: Profile) => boolean, what: string) =>
  until(async () => fits(await profileOf(me, address)), { what });
const relation = (me: Person, address: string, wanted: Profile['relation']) =>
  becomes(me, address, (p) => p.relation === wanted, `${address} to be ${wanted}`);
const listed = async (me: Person, list: PeopleList) =>
  (await me.call('people.list', { list, before: null, limit: 50 })).items.map(({ address }) => address);
const isPrivate = (me: Person) => me.call('accountSettings.set', { privateProfile: true });

describeEachServer('people', (server) => {
  it('one follows, is let in by themselves, and both are friends once the other follows back', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await anna.call('people.follow', { address: bert.address });
    await relation(anna, bert.address, 'following');
    await relation(bert, anna.address, 'follower');
    expect([await listed(anna, 'following'), await listed(bert, 'followers')]).toEqual([
      [bert.address],
      [anna.address],
    ]);
    await bert.call('people.follow', { address: anna.address });
    await relation(anna, bert.address, 'friend');
    await relation(bert, anna.address, 'friend');
    expect(await listed(anna, 'friends')).toEqual([bert.address]);
    expect((await anna.call('people.counts', {})).friends).toBe(1);
  });

  it('unfollowing ends it on both sides; a follower who leaves is no more let in than before', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await anna.call('people.follow', { address: bert.address });
    await relation(bert, anna.address, 'follower');
    await relation(anna, bert.address, 'following');
    await anna.call('people.unfollow', { address: bert.address });
    await relation(bert, anna.address, 'stranger');
    expect(await listed(bert, 'followers')).toEqual([]);
    // Another device of the same account sees no roster item that looks like somebody who was let in.
    const second = await opened(Person.signIn(server(), bert.address.split('@')[0] ?? ''));
    await until(() => second.events('people.relations').length > 0, { what: 'the roster' });
    expect((await profileOf(second, anna.address)).relation).toBe('stranger');
  });

  it('a profile that is opened again shows what has changed since it was looked at a moment ago', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await becomes(
      bert,
      anna.address,
      (p) => !p.looking && p.name.startsWith('anna'),
      'the profile to be read',
    );
    const rest = { bio: 'New here', interests: [], link: '' };
    await anna.call('people.setOwn', { displayName: 'Anna the second', ...rest });
    const open = async () => {
      await bert.call('people.profile', { address: anna.address, opened: true });
      return (await profileOf(bert, anna.address)).name === 'Anna the second';
    };
    await until(open, { what: 'the new name' });
  });

  it('a follower is removed, and can follow again', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await anna.call('people.follow', { address: bert.address });
    await relation(bert, anna.address, 'follower');
    await bert.call('people.removeFollower', { address: anna.address });
    await becomes(anna, bert.address, (p) => p.relation !== 'following', 'anna to follow no more');
    await relation(bert, anna.address, 'stranger');
    await anna.call('people.follow', { address: bert.address });
    await relation(anna, bert.address, 'following');
    await bert.call('people.follow', { address: anna.address });
    await relation(bert, anna.address, 'friend');
    await bert.call('people.removeFollower', { address: anna.address });
    await relation(bert, anna.address, 'following');
    await becomes(anna, bert.address, (p) => p.followsMe && p.relation !== 'friend', 'bert to be a follower');
  });

  it('a private profile asks; declining and accepting both reach the other side', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await isPrivate(bert);
    await anna.call('people.follow', { address: bert.address });
    await becomes(anna, bert.address, (p) => p.followPending, 'the question to wait');
    await becomes(bert, anna.address, (p) => p.followRequest, 'the question to arrive');
    expect(await listed(bert, 'requests')).toEqual([anna.address]);
    expect(await listed(bert, 'followers')).toEqual([]);
    await bert.call('people.answerFollow', { address: anna.address, accept: false });
    await becomes(anna, bert.address, (p) => !p.followPending, 'the answer to arrive');
    expect(await listed(bert, 'requests')).toEqual([]);
    await anna.call('people.follow', { address: bert.address });
    await becomes(bert, anna.address, (p) => p.followRequest, 'the second question');
    await bert.call('people.answerFollow', { address: anna.address, accept: true });
    await relation(anna, bert.address, 'following');
    await relation(bert, anna.address, 'follower');
  });

  it('a question that came while away waits, and is gone on a device once another one answered it', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await isPrivate(bert);
    const second = await opened(Person.signIn(server(), bert.address.split('@')[0] ?? ''));
    await until(async () => (await second.call('accountSettings.get', {})).privateProfile, {
      what: 'the setting on the second device',
    });
    await bert.close();
    await anna.call('people.follow', { address: bert.address });
    await becomes(second, anna.address, (p) => p.followRequest, 'the question on the second device');
    await bert.open();
    await bert.connected();
    await becomes(bert, anna.address, (p) => p.followRequest, 'the question on the first device');
    await second.call('people.answerFollow', { address: anna.address, accept: true });
    await becomes(bert, anna.address, (p) => !p.followRequest && p.followsMe, 'the answer given elsewhere');
    await relation(anna, bert.address, 'following');
  });

  it('a profile that becomes public lets everybody in who waits', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await isPrivate(bert);
    await anna.call('people.follow', { address: bert.address });
    await becomes(bert, anna.address, (p) => p.followRequest, 'the question');
    await bert.call('accountSettings.set', { privateProfile: false });
    await relation(anna, bert.address, 'following');
  });

  it('shows what others say of themselves', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await bert.call('people.setOwn', {
      displayName: 'Bert \u202ereviR',
      bio: 'Birds & boats <b>\n\n\n\n🛶',
      interests: ['Film', 'film', 'Bread'],
      link: 'bert.example/me',
    });
    await isPrivate(bert);
    const seen = await until(
      async () => {
        const fresh = await opened(Person.signIn(server(), anna.address.split('@')[0] ?? ''));
        await profileOf(fresh, bert.address);
        await becomes(fresh, bert.address, (p) => !p.looking, 'the profile to be looked up');
        const found = await profileOf(fresh, bert.address);
        await fresh.close();
        return found.isPrivate && found.link ? found : null;
      },
      { what: 'the published profile' },
    );
    expect(seen).toMatchObject({
      name: 'Bert reviR',
      bio: 'Birds & boats <b>\n\n🛶',
      interests: ['Film', 'Bread'],
      link: 'https://bert.example/me',
      isPrivate: true,
      relation: 'stranger',
    });
    // On a fresh device of his own the same.
    const again = await opened(Person.signIn(server(), bert.address.split('@')[0] ?? ''));
    await becomes(again, bert.address, (p) => p.bio !== '' && p.interests.length === 2, 'his own profile');
    expect((await again.call('app.state', {})).account?.displayName).toBe('Bert reviR');
  });

  it('a note and tags follow me to my other devices, and nobody else', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'bert')];
    await anna.call('people.setNote', { address: bert.address, note: 'Met at the fair' });
    await anna.call('people.setTags', { address: bert.address, tags: ['Client', 'client', 'Oslo'] });
    expect(await profileOf(anna, bert.address)).toMatchObject({
      note: 'Met at the fair',
      tags: ['Client', 'Oslo'],
    });
    const second = await until(
      async () => {
        const device = await opened(Person.signIn(server(), anna.address.split('@')[0] ?? ''));
        const has = async () => (await profileOf(device, bert.address)).tags.length === 2;
        const found = await until(has, { timeout: 3_000, what: 'the note' }).catch(() => false);
        if (!found) await device.close();
        return found ? device : null;
      },
      { what: 'the note on a second device' },
    );
    expect((await profileOf(second, bert.address)).note).toBe('Met at the fair');
    await second.call('people.setNote', { address: bert.address, note: 'Moved to Oslo' });
    await becomes(anna, bert.address, (p) => p.note === 'Moved to Oslo', 'the note changed elsewhere');
  });

  it('finds people as far as the server can', async () => {
    const [anna, bert] = [await create(server(), 'anna'), await create(server(), 'berthold')];
    await bert.call('people.setOwn', {
      displayName: 'Zenobia Quist',
      bio: '',
      interests: ['Lichenology', 'Kayaks'],
      link: '',
    });
    const find = async (query: string) => anna.call('people.find', { query });
    const finds = (query: string) =>
      until(async () => (await find(query)).items.some(({ address }) => address === bert.address), {
        timeout: 15_000,
        what: `${bert.address} to be found by ${query}`,
      });
    const { directory, interests } = await find('zenob');
    if (server().kind === 'prosody') {
      expect([directory, interests]).toEqual(['unsupported', 'none']);
      await finds(bert.address);
      return;
    }
    expect([directory, interests]).toEqual(['searched', server().kind === 'hub' ? 'all' : 'first']);
    await finds('Zenob');
    await finds('berthold');
    await finds('lichen');
    if (server().kind === 'hub') await finds('kayak');
  });
});
