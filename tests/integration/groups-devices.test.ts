import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { accepts, groupSeen, groupsOf, memberSeen, newPeople, twoInGroup } from '../support/group-people.ts';
import { Person } from '../support/people.ts';
import { rawMember } from '../support/raw-room.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

const ALWAYS = 8_640_000_000_000_000;

/** What somebody's device shows of a group. */
async function shown(device: Person, room: string) {
  const conversation = (await groupsOf(device)).find(({ address }) => address === room);
  if (!conversation) return null;
  const { id, unread } = conversation;
  const { rank, mutedUntil, may } = await device.call('groups.get', { id });
  const { items } = await device.call('groups.members', { id, query: '', before: null, limit: 50 });
  const page = await device.call('messages.page', { conversationId: id, at: { kind: 'newest' }, limit: 50 });
  return {
    ...{ unread, rank, mutedUntil, may },
    members: items.map((m) => [m.address, m.rank, m.mutedUntil, m.present]),
    // The rest is named by what each device calls it.
    messages: page.items.map(({ text, poll }) => [text, poll]),
  };
}

describeEachServer('a group on two devices of one account', (server) => {
  it('roles, mutes, votes and unread counts are the same after one was offline', async () => {
    const { anna, bert, a, b, id, theirs, room } = await twoInGroup(server(), opened);
    const [carla] = await newPeople(server(), opened, 'carla');
    if (!carla) throw new Error('nobody');
    const c = await carla.ownAddress();
    await anna.call('groups.invite', { id, address: c, reason: '' });
    await accepts(carla, room);
    const dora = await opened(
      rawMember(server(), newName('dora')).then((m) => ({ ...m, close: () => m.client.close() })),
    );
    await anna.call('groups.invite', { id, address: dora.address, reason: '' });
    expect(await dora.enter(room)).toBe('ok');
    const second = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    await groupSeen(second, room, (g) => g.state === 'joined' && g.members === 4, 'on the other device');
    const say = (text: string) => anna.call('messages.send', { conversationId: id, text, anyway: true });
    // What it writes goes out once it has seen the archive: what comes from here on is new to it.
    const its = (await groupsOf(second)).find(({ address }) => address === room);
    const here = await second.call('messages.send', {
      ...{ conversationId: its?.id ?? theirs, text: 'Here', anyway: true },
    });
    await second.sent(room, here.id);
    await second.close();

    const end = Date.now() + 3_600_000;
    await memberSeen(anna, id, dora.address, (m) => m.present, 'dora there');
    await anna.call('groups.mute', { id, address: dora.address, until: end, reason: '' });
    await anna.call('groups.setRank', { id, address: c, rank: 'moderator' });
    const lunch = { question: 'Lunch?', options: ['Soup', 'Salad'], several: false };
    await anna.call('polls.create', { conversationId: id, ...lunch, anonymous: false, endsAt: null });
    const [asked, his] = [
      await anna.message(room, (m) => m.poll !== null),
      await bert.message(room, (m) => m.poll !== null),
    ];
    await anna.call('polls.vote', { id: asked.id, choices: [0] });
    await bert.call('polls.vote', { id: his.id, choices: [1] });
    await say('One');
    const one = await bert.message(room, (m) => m.text === 'One');
    await bert.call('conversations.markRead', { id: theirs, upTo: one.id });
    await say('Two');
    await say('Three');
    const expected = {
      unread: 2,
      rank: 'member',
      members: [
        [a, 'owner', null, true],
        [c, 'moderator', null, true],
        [b, 'member', null, true],
        [dora.address, 'member', end, true],
      ],
    };
    const votes = (device: Person) => async () => {
      const all = (await shown(device, room))?.messages ?? [];
      const poll = all.map(([, one]) => one).find((one) => typeof one === 'object' && one !== null);
      return typeof poll === 'object' ? poll?.options.map((o) => [o.votes, o.mine]) : null;
    };
    const both = [
      [1, false],
      [1, true],
    ];
    const wait = { timeout: 30_000 };
    await expect.poll(() => shown(bert, room), wait).toMatchObject(expected);
    await expect.poll(votes(bert), wait).toEqual(both);

    await second.open();
    await second.connected();
    await expect.poll(() => shown(second, room), wait).toMatchObject(expected);
    await expect.poll(votes(second), wait).toEqual(both);
    await expect.poll(() => shown(second, room), wait).toEqual(await shown(bert, room));

    // And a mute of his own, for as long as a moderator likes.
    await second.close();
    await anna.call('groups.mute', { id, address: b, until: ALWAYS, reason: '' });
    await groupSeen(bert, room, (g) => g.mutedUntil === ALWAYS && !g.may.write, 'muted');
    await second.open();
    await second.connected();
    await groupSeen(second, room, (g) => g.state === 'joined' && !g.may.write, 'muted there too');
    await expect.poll(() => shown(second, room), wait).toEqual(await shown(bert, room));
  });
});
