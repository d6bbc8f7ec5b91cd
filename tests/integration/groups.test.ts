import { afterEach, expect, it } from 'vitest';
import { describeEachServer } from '../support/each-server.ts';
import { accepts, groupSeen, groupsOf, logSeen, memberSeen, twoInGroup } from '../support/group-people.ts';
import { Person } from '../support/people.ts';

const running: { close(): Promise<void> }[] = [];
async function opened<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const one = await starting;
  running.push(one);
  return one;
}
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

describeEachServer('groups', (server) => {
  it('create, invite, accept, write, read', async () => {
    const { anna, bert, a, id, theirs, room, b } = await twoInGroup(server(), opened);
    const mine = await groupSeen(anna, room, (g) => g.state === 'joined' && g.members === 2, 'two members');
    expect(mine).toMatchObject({ name: 'Walks', rank: 'owner', may: { configure: true, destroy: true } });
    const his = await groupSeen(bert, room, (g) => g.state === 'joined' && g.name === 'Walks', 'joined');
    expect(his).toMatchObject({ rank: 'member', may: { write: true, moderate: false, configure: false } });
    expect((await bert.call('requests.list', { before: null, limit: 10 })).invitations).toEqual([]);
    await anna.call('messages.send', { conversationId: id, text: 'Hello all', anyway: true });
    const got = await bert.message(room, (m) => m.text === 'Hello all');
    expect(got.sender.address).toBe(a);
    await bert.call('messages.send', { conversationId: theirs, text: 'Hello Anna', anyway: true });
    await anna.message(room, (m) => m.text === 'Hello Anna' && m.sender.address === b);
  });

  it('another device finds its groups and their history again', async () => {
    const { bert, anna, id, room, b } = await twoInGroup(server(), opened);
    const sent = await anna.call('messages.send', { conversationId: id, text: 'Before', anyway: true });
    await anna.sent(room, sent.id);
    await bert.message(room, (m) => m.text === 'Before');
    const second = await opened(Person.signIn(server(), b.split('@')[0] ?? ''));
    await groupSeen(second, room, (g) => g.state === 'joined' && g.name === 'Walks', 'on the other device');
    await second.message(room, (m) => m.text === 'Before');
    // Leaving on one is leaving on both.
    const theirs = (await groupsOf(bert)).find((c) => c.address === room);
    await bert.call('groups.leave', { id: theirs?.id ?? 0, erase: false });
    await groupSeen(second, room, (g) => g.state === 'left', 'left');
  });

  it('remove, ban with a reason, unban: nothing is read and nobody comes back', async () => {
    const { anna, bert, id, theirs, room, b } = await twoInGroup(server(), opened);
    await anna.call('groups.remove', { id, address: b, reason: 'Enough' });
    expect(await groupSeen(bert, room, (g) => g.state === 'removed', 'removed')).toMatchObject({
      rank: 'none',
      may: { write: false },
    });
    expect(
      await bert.outcome('messages.send', { conversationId: theirs, text: 'Still here?', anyway: true }),
    ).toMatchObject({ ok: false, code: 'forbidden' });
    const link = (await anna.call('groups.get', { id })).link;
    expect(await bert.outcome('groups.join', { link })).toMatchObject({ ok: false, code: 'group-closed' });
    await anna.call('groups.ban', { id, address: b, reason: 'For good' });
    const banned = await anna.call('groups.members', {
      id,
      query: '',
      list: 'banned',
      before: null,
      limit: 10,
    });
    expect(banned.items.map((m) => [m.address, m.rank])).toEqual([[b, 'banned']]);
    // Prosody says to somebody who is banned from a room for members what it says to everybody who is none.
    const code = server().kind === 'prosody' ? 'group-closed' : 'banned';
    expect(await bert.outcome('groups.join', { link })).toMatchObject({ ok: false, code });
    await anna.call('groups.unban', { id, address: b });
    await anna.call('groups.invite', { id, address: b, reason: '' });
    await accepts(bert, room);
    await groupSeen(bert, room, (g) => g.state === 'joined', 'in again');
    const log = await logSeen(anna, id, 3);
    expect(log.map((e) => [e.what, e.reason])).toEqual([
      ['removed', 'Enough'],
      ['banned', 'For good'],
      ['unbanned', ''],
    ]);
    expect(await bert.outcome('groups.log', { id: theirs, before: null, limit: 50 })).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
  });

  it('a mute holds over coming back, and ends by itself', async () => {
    const { anna, bert, id, room, b, theirs } = await twoInGroup(server(), opened);
    const end = Date.now() + 8_000;
    await anna.call('groups.mute', { id, address: b, until: end, reason: '' });
    await groupSeen(bert, room, (g) => g.mutedUntil === end && !g.may.write, 'muted until then');
    await bert.restart();
    await bert.connected();
    await groupSeen(bert, room, (g) => g.state === 'joined' && !g.may.write, 'muted after coming back');
    expect(
      await bert.outcome('messages.send', { conversationId: theirs, text: 'Psst', anyway: true }),
    ).toMatchObject({ ok: false, code: 'forbidden' });
    await groupSeen(bert, room, (g) => g.mutedUntil === null && g.may.write, 'free again');
    await memberSeen(anna, id, b, (m) => m.mutedUntil === null, 'free again');
    await bert.call('messages.send', { conversationId: theirs, text: 'Thanks', anyway: true });
    await anna.message(room, (m) => m.text === 'Thanks');
  });

  it('moderators: what they may, and handing over', async () => {
    const { anna, bert, id, theirs, room, a, b } = await twoInGroup(server(), opened);
    await anna.call('groups.setRank', { id, address: b, rank: 'moderator' });
    await groupSeen(
      bert,
      room,
      (g) => g.rank === 'moderator' && g.may.moderate && !g.may.configure,
      'moderator',
    );
    expect(await bert.outcome('groups.configure', { id: theirs, name: 'Mine' })).toMatchObject({
      ok: false,
      code: 'forbidden',
    });
    const policy = { ...(await anna.call('groups.get', { id })).policy, guidelines: 'Be kind.' };
    await anna.call('groups.configure', { id, policy, description: 'On Sundays', name: 'Long walks' });
    const his = await groupSeen(
      bert,
      room,
      (g) => g.policy.guidelines === 'Be kind.' && g.name === 'Long walks',
      'rules',
    );
    expect(his.description).toBe('On Sundays');
    await anna.call('groups.handOver', { id, address: b });
    await groupSeen(bert, room, (g) => g.rank === 'owner', 'owner');
    await groupSeen(anna, room, (g) => g.rank === 'moderator', 'moderator');
    await memberSeen(bert, theirs, a, (m) => m.rank === 'moderator', 'anna');
    expect(await bert.outcome('groups.leave', { id: theirs, erase: false })).toMatchObject({
      ok: false,
      code: 'successor-needed',
    });
    await bert.call('groups.leave', { id: theirs, successor: a, erase: true });
    expect(await groupsOf(bert)).toEqual([]);
    await groupSeen(anna, room, (g) => g.rank === 'owner', 'owner again');
    await anna.call('groups.destroy', { id, reason: 'Over' });
    expect(await groupSeen(anna, room, (g) => g.state === 'destroyed', 'gone')).toMatchObject({
      reason: 'Over',
    });
  });
});
