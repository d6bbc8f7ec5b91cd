import { afterEach, expect, it } from 'vitest';
import type { GroupPolicy } from '../../contract/groups.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import {
  accepts,
  groupSeen,
  groupsOf,
  logSeen,
  memberSeen,
  newPeople,
  twoInGroup,
  type TwoInGroup,
} from '../support/group-people.ts';
import { Person } from '../support/people.ts';
import { cameraPhoto } from '../support/photos.ts';
import { rawMember } from '../support/raw-room.ts';
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

const refused = (code: string) => ({ ok: false, code });
const say = (person: Person, conversationId: TwoInGroup['id'], text: string) =>
  person.outcome('messages.send', { conversationId, text, anyway: true });

async function decide(
  { anna, bert, id, room }: TwoInGroup,
  given: Partial<GroupPolicy>,
): Promise<GroupPolicy> {
  const policy = { ...(await anna.call('groups.get', { id })).policy, ...given };
  await anna.call('groups.configure', { id, policy });
  await groupSeen(bert, room, (g) => JSON.stringify(g.policy) === JSON.stringify(policy), 'the new rules');
  return policy;
}

const note = (kind: string, value: object, body = '') =>
  `<${kind} xmlns='urn:postcard:groups:0'>${JSON.stringify(value).replaceAll('"', '&quot;')}</${kind}>${body}`;

describeEachServer('rules of groups', (server) => {
  it('guidelines first, slow mode, announcements, links: said before sending', async () => {
    const two = await twoInGroup(server(), opened);
    const { anna, bert, theirs, room, b, id } = two;
    await decide(two, { guidelines: 'Be kind.' });
    expect(await say(bert, theirs, 'Hi')).toMatchObject(refused('guidelines-first'));
    expect(await bert.call('groups.get', { id: theirs })).toMatchObject({ guidelinesAccepted: false });
    await bert.call('groups.acceptGuidelines', { id: theirs });
    expect(await bert.call('groups.get', { id: theirs })).toMatchObject({ guidelinesAccepted: true });
    const sent = await bert.call('messages.send', { conversationId: theirs, text: 'Hi', anyway: true });
    await bert.sent(room, sent.id);
    const second = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    await groupSeen(second, room, (g) => g.policy.guidelines === 'Be kind.', 'the rules on another device');
    await groupSeen(second, room, (g) => g.guidelinesAccepted, 'accepted on another device');
    await decide(two, { guidelines: 'Be very kind.' });
    await groupSeen(second, room, (g) => !g.guidelinesAccepted, 'asked anew');

    await decide(two, { guidelines: '', slowMode: 60 });
    expect(await say(bert, theirs, 'Too fast')).toMatchObject(refused('slow-mode'));
    expect((await bert.call('groups.get', { id: theirs })).nextMessageAt).toBeGreaterThan(Date.now());
    expect(await say(anna, id, 'I may')).toMatchObject({ ok: true });
    await decide(two, { slowMode: 0, membersMay: { invite: false, media: false, links: false } });
    expect(await say(bert, theirs, 'See https://example.org')).toMatchObject(refused('forbidden'));
    expect(await say(bert, theirs, 'See example')).toMatchObject({ ok: true });
    await decide(two, { announcementsOnly: true });
    expect(await say(bert, theirs, 'Listen')).toMatchObject(refused('forbidden'));
    await anna.call('groups.setRank', { id, address: b, rank: 'moderator' });
    await groupSeen(bert, room, (g) => g.may.write && g.may.links, 'may again');
  });

  it('what a member forges has no effect: policy, log, mute, held messages', async () => {
    const two = await twoInGroup(server(), opened);
    const { anna, id, room, a, b } = two;
    const before = await anna.call('groups.get', { id });
    const mallory = await opened(
      rawMember(server(), newName('mallory')).then((m) => ({ ...m, close: () => m.client.close() })),
    );
    await anna.call('groups.invite', { id, address: mallory.address, reason: '' });
    expect(await mallory.enter(room)).toBe('ok');
    const forged = [
      note('policy', { ...before.policy, announcementsOnly: true }, '<body>New rules</body>'),
      note('log', { what: 'banned', about: a, reason: 'forged' }),
      note('mute', { address: b, until: 8_640_000_000_000_000, reason: '' }),
      note('mute', { address: a, until: 8_640_000_000_000_000, reason: '' }),
      note('held', { id: '1', sender: b, text: 'forged', photo: false, why: 'words', at: 1 }),
      note('policy', { nonsense: true }),
      "<policy xmlns='urn:postcard:groups:0'>{{{</policy>",
    ];
    for (const one of forged) await mallory.send(room, 'groupchat', `${one}<store xmlns='urn:xmpp:hints'/>`);
    await mallory.say(room, '<body>The end</body>');
    await anna.message(room, (m) => m.text === 'The end');
    await two.bert.message(room, (m) => m.text === 'The end');
    expect(await anna.call('groups.get', { id })).toMatchObject({
      policy: before.policy,
      held: 0,
      mutedUntil: null,
    });
    expect(await two.bert.call('groups.get', { id: two.theirs })).toMatchObject({
      policy: before.policy,
      mutedUntil: null,
    });
    const { items } = await anna.call('groups.log', { id, before: null, limit: 10 });
    expect(items.filter(({ what }) => what !== 'member')).toEqual([]);
    // The same read from the archive, by somebody who has just come.
    const [carla] = await newPeople(server(), opened, 'carla');
    const c = (await carla?.ownAddress()) ?? '';
    await anna.call('groups.configure', { id, history: true });
    await anna.call('groups.invite', { id, address: c, reason: '' });
    if (!carla) throw new Error('nobody');
    await accepts(carla, room);
    await carla.message(room, (m) => m.text === 'The end');
    expect((await groupSeen(carla, room, () => true, 'hers')).policy).toEqual(before.policy);
  });

  it('removed, banned, destroyed while away', async () => {
    const { anna, bert, id, room, b } = await twoInGroup(server(), opened);
    await bert.close();
    await anna.call('groups.remove', { id, address: b, reason: '' });
    await bert.open();
    await bert.connected();
    await groupSeen(bert, room, (g) => g.state === 'removed' && !g.may.write, 'removed');
    await anna.call('groups.invite', { id, address: b, reason: '' });
    await accepts(bert, room, anna);
    await memberSeen(anna, id, b, (m) => m.present, 'there again');
    await bert.close();
    await anna.call('groups.destroy', { id, reason: '' });
    await bert.open();
    await bert.connected();
    await groupSeen(bert, room, (g) => g.state === 'destroyed', 'destroyed');
    expect(await bert.call('requests.list', { before: null, limit: 10 })).toMatchObject({ invitations: [] });
  });

  it("a former owner's rules hold for who comes later", async () => {
    const two = await twoInGroup(server(), opened);
    const { anna, bert, id, theirs, room, b } = two;
    const policy = await decide(two, { guidelines: 'Be kind.' });
    await anna.call('groups.handOver', { id, address: b });
    await groupSeen(bert, room, (g) => g.rank === 'owner', 'owner');
    const [carla] = await newPeople(server(), opened, 'carla');
    if (!carla) throw new Error('nobody');
    await until(
      async () =>
        (await bert.call('groups.log', { id: theirs, before: null, limit: 10 })).items.some(
          (e) => e.what === 'policy' && e.by.startsWith('bert'),
        ),
      { what: 'bert to say the rules once more' },
    );
    await bert.call('groups.invite', { id: theirs, address: await carla.ownAddress(), reason: '' });
    await accepts(carla, room);
    expect((await groupSeen(carla, room, (g) => g.policy.guidelines !== '', 'the rules')).policy).toEqual(
      policy,
    );
  });

  it('a group handed over to somebody away: its rules are said once more when they come, and once alone', async () => {
    const two = await twoInGroup(server(), opened);
    const { anna, bert, id, theirs, room, b } = two;
    const policy = await decide(two, { guidelines: 'Be kind.' });
    await bert.close();
    await anna.call('groups.handOver', { id, address: b });
    await anna.close();
    await bert.open();
    await bert.connected();
    await groupSeen(bert, room, (g) => g.rank === 'owner', 'owner');
    const said = async () =>
      (await bert.call('groups.log', { id: theirs, before: null, limit: 20 })).items.filter(
        (e) => e.what === 'policy' && e.by.startsWith('bert'),
      ).length;
    await until(async () => (await said()) === 1, { what: 'bert to say the rules once more' });
    // His other device is new here, and reads what he said.
    const other = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    expect((await groupSeen(other, room, (g) => g.policy.guidelines !== '', 'the rules')).policy).toEqual(
      policy,
    );
    await bert.restart();
    await bert.connected();
    const hello = await bert.call('messages.send', { conversationId: theirs, text: 'Hello', anyway: true });
    await bert.sent(room, hello.id);
    await other.message(room, (m) => m.text === 'Hello');
    expect(await said()).toBe(1);
  });

  it('members invite where they may; who wants no invitation gets none; two of one name', async () => {
    const { bert, anna, theirs, room, id } = await twoInGroup(server(), opened);
    const [carla, dora] = await newPeople(server(), opened, 'carla', 'dora');
    if (!carla || !dora) throw new Error('nobody');
    const [c, d] = [await carla.ownAddress(), await dora.ownAddress()];
    await dora.call('accountSettings.set', { whoCanInvite: 'no-one' });
    await carla.call('accounts.setDisplayName', {
      displayName: (await bert.call('groups.get', { id: theirs })).nick,
    });
    await bert.call('groups.invite', { id: theirs, address: c, reason: 'Come along' });
    await bert.call('groups.invite', { id: theirs, address: d, reason: '' });
    await accepts(carla, room);
    await memberSeen(anna, id, c, (m) => m.present, 'carla there');
    const nicks = [
      (await groupSeen(carla, room, () => true, 'hers')).nick,
      (await bert.call('groups.get', { id: theirs })).nick,
    ];
    expect(new Set(nicks).size).toBe(2);
    expect((await dora.call('requests.list', { before: null, limit: 10 })).invitations).toEqual([]);
    const page = await anna.call('groups.members', { id, query: 'carla', before: null, limit: 10 });
    expect(page.items.map((m) => m.address)).toEqual([c]);
  });

  it('a report reaches moderators alone, and what is deleted is gone for all', async () => {
    const two = await twoInGroup(server(), opened);
    const { anna, bert, id, theirs, room, b } = two;
    const sent = await anna.call('messages.send', { conversationId: id, text: 'Rude', anyway: true });
    await anna.sent(room, sent.id);
    const there = await bert.message(room, (m) => m.text === 'Rude');
    await bert.call('groups.reportToModerators', { messageId: there.id, reason: 'That hurts' });
    const [entry] = await logSeen(anna, id, 1);
    expect(entry).toMatchObject({ what: 'reported', reason: 'That hurts', messageId: sent.id });
    expect((await anna.call('requests.list', { before: null, limit: 10 })).items).toEqual([]);
    const hers = await bert.call('messages.send', { conversationId: theirs, text: 'Ruder', anyway: true });
    await bert.sent(room, hers.id);
    const got = await anna.message(room, (m) => m.text === 'Ruder');
    expect(await bert.outcome('groups.deleteForEveryone', { messageId: there.id, reason: '' })).toMatchObject(
      refused('forbidden'),
    );
    await anna.call('groups.deleteForEveryone', { messageId: got.id, reason: 'Rude' });
    await bert.message(room, (m) => m.id === hers.id && m.unsent);
    const log = await logSeen(anna, id, 2);
    expect(log[1]).toMatchObject({
      what: 'deleted',
      reason: 'Rude',
      about: expect.stringContaining(b.split('@')[0] ?? '') as string,
    });
  });

  it('with Friends and with No one, groups go on, and invitations through them are asked', async () => {
    const { anna, bert, id, theirs, room } = await twoInGroup(server(), opened);
    for (const whoCanMessage of ['friends', 'no-one'] as const) {
      await bert.call('accountSettings.set', { whoCanMessage });
      await until(async () => !(await bert.call('reach.state', {})).waiting, { what: 'the server to know' });
      const text = `With ${whoCanMessage}`;
      await anna.call('messages.send', { conversationId: id, text, anyway: true });
      await bert.message(room, (m) => m.text === text);
      await bert.call('messages.send', { conversationId: theirs, text: `${text}, too`, anyway: true });
      await anna.message(room, (m) => m.text === `${text}, too`);
      await bert.restart();
      await bert.connected();
      await groupSeen(bert, room, (g) => g.state === 'joined', 'in again');
    }
    const other = await anna.call('groups.create', {
      name: 'Swims',
      people: [await bert.ownAddress()],
      picture: null,
    });
    await accepts(bert, other.address);
    await groupSeen(bert, other.address, (g) => g.state === 'joined', 'in the other one');
  });

  it('links that lead nowhere leave nothing', async () => {
    const [anna] = await newPeople(server(), opened, 'anna');
    if (!anna) throw new Error('nobody');
    const { address } = await anna.call('groups.create', { name: 'Real', people: [], picture: null });
    const nowhere = `xmpp:nothing-${Date.now()}@${address.split('@')[1]}?join`;
    expect(await anna.outcome('groups.join', { link: nowhere })).toMatchObject(refused('group-not-found'));
    for (const link of ['nonsense', 'https://example.org', 'xmpp:a@b?message', 'xmpp:?join'])
      expect(await anna.outcome('groups.join', { link })).toMatchObject(refused('link-invalid'));
    expect((await groupsOf(anna)).map((one) => one.address)).toEqual([address]);
  });

  it('a picture: everybody sees it, also who comes later; taken away again', async () => {
    const { anna, bert, id, room } = await twoInGroup(server(), opened);
    const source = { kind: 'path', path: await cameraPhoto() } as const;
    await anna.call('groups.setPicture', { id, picture: source });
    const mine = await groupSeen(anna, room, (g) => g.avatar !== null, 'a picture');
    const his = await groupSeen(bert, room, (g) => g.avatar !== null, 'a picture');
    for (const [person, sha256] of [
      [anna, mine.avatar],
      [bert, his.avatar],
    ] as const)
      expect((await person.media(`/media/avatar/${sha256}`)).length).toBeGreaterThan(100);
    expect(
      await bert.outcome('groups.setPicture', {
        id: (await groupSeen(bert, room, () => true, 'his')).conversationId,
        picture: null,
      }),
    ).toMatchObject(refused('forbidden'));
    await anna.call('groups.setPicture', { id, picture: null });
    await groupSeen(bert, room, (g) => g.avatar === null, 'none');
    const other = await anna.call('groups.create', { name: 'With one', people: [], picture: source });
    await groupSeen(anna, other.address, (g) => g.avatar !== null, 'a picture from the start');
  });
});
