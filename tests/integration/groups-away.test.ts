import { afterEach, expect, it } from 'vitest';
import { Cable } from '../support/cable.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { accepts, groupSeen, logSeen, memberSeen, newPeople, twoInGroup } from '../support/group-people.ts';
import { doorOf, Person } from '../support/people.ts';
import { payloads, rawMember } from '../support/raw-room.ts';
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

const userOf = (address: string) => address.split('@')[0] ?? '';

describeEachServer('groups and absence', (server) => {
  it('muted while away: the hub keeps to it, another server once a moderator is there', async () => {
    const { anna, bert, id, room, b } = await twoInGroup(server(), opened);
    const { nick } = await groupSeen(bert, room, () => true, 'his');
    await bert.close();
    const end = Date.now() + 3_600_000;
    await anna.call('groups.mute', { id, address: b, until: end, reason: 'Cool down' });
    await logSeen(anna, id, 1);
    const isHub = server().kind === 'hub';
    if (isHub) await anna.close();
    // An app of his that knows nothing of notes.
    const other = await rawMember(server(), userOf(b));
    await opened(Promise.resolve({ close: () => other.client.close() }));
    expect(await other.enter(room, nick)).toBe('ok');
    if (isHub) {
      expect(await other.say(room, '<body>Psst</body>')).toBe('forbidden');
      await anna.open();
      await anna.connected();
      await memberSeen(anna, id, b, (m) => m.present && m.mutedUntil === end, 'muted there');
    }
    const silenced = async () => (await other.say(room, '<body>Psst</body>')) === 'forbidden';
    await until(silenced, { what: 'the server to refuse', timeout: 20_000 });
    await bert.open();
    await bert.connected();
    await groupSeen(bert, room, (g) => g.state === 'joined' && g.mutedUntil === end && !g.may.write, 'muted');
    await anna.call('groups.mute', { id, address: b, until: null, reason: '' });
    await groupSeen(bert, room, (g) => g.mutedUntil === null && g.may.write, 'free');
    await until(async () => (await other.say(room, '<body>Free</body>')) === 'ok', {
      what: 'the server to take it',
    });
    expect((await logSeen(anna, id, 2)).map((e) => [e.what, e.reason])).toEqual([
      ['muted', 'Cool down'],
      ['unmuted', ''],
    ]);
  });

  it('a mute that ends while no moderator is there', async () => {
    const { anna, bert, id, theirs, room, b } = await twoInGroup(server(), opened);
    const end = Date.now() + 4_000;
    await anna.call('groups.mute', { id, address: b, until: end, reason: '' });
    await groupSeen(bert, room, (g) => g.mutedUntil === end, 'muted');
    await anna.close();
    await until(() => Date.now() > end, { what: 'its end' });
    // The hub ends it, Prosody forgets it on leaving; on ejabberd a moderator's app has to end it.
    if (server().kind === 'ejabberd') {
      await groupSeen(
        bert,
        room,
        (g) => g.mutedUntil === 8_640_000_000_000_000,
        'muted until somebody ends it',
      );
      await anna.open();
      await anna.connected();
    }
    await groupSeen(bert, room, (g) => g.mutedUntil === null && g.may.write, 'free');
    await until(
      async () => {
        const sent = await bert.call('messages.send', { conversationId: theirs, text: 'Free', anyway: true });
        const done = await bert.sent(room, sent.id);
        return done.state !== 'failed';
      },
      { what: 'his message to be taken' },
    );
  });

  it('a mute that began and ended while a moderator was away: it is over once they are back', async () => {
    const { anna, bert, id, room, b } = await twoInGroup(server(), opened);
    // He has the role, and she who mutes is the other moderator.
    await anna.call('groups.setRank', { id, address: b, rank: 'moderator' });
    await groupSeen(bert, room, (g) => g.rank === 'moderator', 'a moderator');
    const carla = await opened(
      rawMember(server(), newName('carla')).then((m) => ({ ...m, close: () => m.client.close() })),
    );
    await anna.call('groups.invite', { id, address: carla.address, reason: '' });
    expect(await carla.enter(room)).toBe('ok');
    await memberSeen(anna, id, carla.address, (m) => m.present, 'carla there');
    await bert.close();
    const end = Date.now() + 3_000;
    await anna.call('groups.mute', { id, address: carla.address, until: end, reason: '' });
    expect(await carla.say(room, '<body>Psst</body>')).toBe('forbidden');
    await logSeen(anna, id, 2);
    await anna.close();
    await until(() => Date.now() > end, { what: 'its end' });
    const speaks = async () => (await carla.say(room, '<body>Free</body>')) === 'ok';
    // The hub needs nobody for it.
    if (server().kind === 'hub') await until(speaks, { what: 'the hub to end it' });
    await bert.open();
    await bert.connected();
    await until(speaks, { what: 'his app to end it', timeout: 20_000 });
    const his = await groupSeen(bert, room, (g) => g.state === 'joined', 'his');
    await memberSeen(bert, his.conversationId, carla.address, (m) => m.mutedUntil === null, 'not muted');
  });

  it('ranks and rules that changed while away', async () => {
    const { anna, bert, id, room, b } = await twoInGroup(server(), opened);
    await bert.close();
    await anna.call('groups.setRank', { id, address: b, rank: 'moderator' });
    const policy = { ...(await anna.call('groups.get', { id })).policy, slowMode: 30 };
    await anna.call('groups.configure', { id, policy, name: 'Other name' });
    await bert.open();
    await bert.connected();
    await groupSeen(
      bert,
      room,
      (g) =>
        g.state === 'joined' && g.rank === 'moderator' && g.policy.slowMode === 30 && g.name === 'Other name',
      'as it is now',
    );
    await bert.close();
    await anna.call('groups.setRank', { id, address: b, rank: 'member' });
    await bert.open();
    await bert.connected();
    await groupSeen(
      bert,
      room,
      (g) => g.state === 'joined' && g.rank === 'member' && !g.may.moderate,
      'a member',
    );
  });

  it('closed right after Create: everybody is invited all the same, once', async () => {
    const [anna, ...others] = await newPeople(server(), opened, 'anna', 'bert', 'carla', 'dora');
    if (!anna) throw new Error('nobody');
    const people = await Promise.all(others.map((one) => one.ownAddress()));
    const { address, id } = await anna.call('groups.create', { name: 'Four', people, picture: null });
    await anna.restart();
    await anna.connected();
    for (const one of others) await accepts(one, address);
    for (const one of people) await memberSeen(anna, id, one, (m) => m.present && m.rank === 'member', one);
    expect((await anna.call('groups.members', { id, query: '', before: null, limit: 10 })).total).toBe(4);
    for (const one of others)
      expect((await one.call('requests.list', { before: null, limit: 10 })).invitations).toEqual([]);
  });

  it('a cut connection and one that ends: in again, without anybody doing anything', async () => {
    const { anna, id, room } = await twoInGroup(server(), opened);
    const cable = await Cable.to(server().ports.webSocket);
    running.push({ close: () => cable.remove() });
    const name = newName('carla');
    const carla = await opened(Person.create(server(), name, doorOf(server(), 'webSocket', cable.port)));
    await carla.call('accountSettings.set', { whoCanInvite: 'everyone' });
    const c = await carla.ownAddress();
    await anna.call('groups.invite', { id, address: c, reason: '' });
    const hers = await accepts(carla, room);
    for (const text of ['one', 'two', 'three']) {
      cable.cut();
      await anna.call('messages.send', { conversationId: id, text: `To carla ${text}`, anyway: true });
      await carla.call('messages.send', { conversationId: hers, text: `From carla ${text}`, anyway: true });
      await carla.message(room, (m) => m.text === `To carla ${text}`);
      await anna.message(room, (m) => m.text === `From carla ${text}`);
    }
    const texts = (await anna.textsWith(room)).filter((text) => text.includes('carla'));
    expect(texts).toHaveLength(6);
    expect((await carla.textsWith(room)).filter((text) => text.includes('carla'))).toHaveLength(6);
    await groupSeen(carla, room, (g) => g.state === 'joined', 'in');
    await memberSeen(anna, id, c, (m) => m.present, 'carla there');
  });
});

describeEachServer(
  'mutes that the server keeps',
  (server) => {
    it('whom a moderator let speak with another app, no app of a moderator mutes again', async () => {
      const { anna, bert, id, theirs, room, a, b } = await twoInGroup(server(), opened);
      const { nick } = await groupSeen(bert, room, () => true, 'his');
      const end = Date.now() + 3_600_000;
      await anna.call('groups.mute', { id, address: b, until: end, reason: '' });
      await groupSeen(bert, room, (g) => g.mutedUntil === end, 'muted');
      await bert.close();
      await anna.close();
      const [hers, his] = [await rawMember(server(), userOf(a)), await rawMember(server(), userOf(b))];
      for (const { client } of [hers, his]) running.push({ close: () => client.close() });
      expect([await hers.enter(room), await his.enter(room, nick)]).toEqual(['ok', 'ok']);
      expect(await his.say(room, '<body>Psst</body>')).toBe('forbidden');
      expect(await hers.ask('set', room, payloads.role(nick, 'participant'))).toBe('ok');
      await Promise.all([anna.open(), bert.open()]);
      await Promise.all([anna.connected(), bert.connected()]);
      await groupSeen(bert, room, (g) => g.mutedUntil === null && g.may.write, 'free');
      await memberSeen(anna, id, b, (m) => m.present && m.mutedUntil === null, 'free');
      expect(await his.say(room, '<body>Free</body>')).toBe('ok');
      await bert.message(room, (m) => m.text === 'Free');
      expect((await bert.call('groups.get', { id: theirs })).mutedUntil).toBeNull();
    });
  },
  { kinds: ['hub'] },
);

describeEachServer(
  'messages that wait for a moderator',
  (server) => {
    it('words and first posts: held, published, dropped', async () => {
      const { anna, bert, id, theirs, room } = await twoInGroup(server(), opened);
      const policy = {
        ...(await anna.call('groups.get', { id })).policy,
        heldWords: ['spam'],
        approveFirst: true,
      };
      await anna.call('groups.configure', { id, policy });
      await groupSeen(bert, room, (g) => g.policy.approveFirst, 'the rules');
      expect(await anna.call('groups.get', { id })).toMatchObject({ enforced: true });
      await bert.call('messages.send', { conversationId: theirs, text: 'My first', anyway: true });
      await groupSeen(anna, room, (g) => g.held === 1, 'one waits');
      expect(await bert.outcome('groups.held', { id: theirs })).toMatchObject({
        ok: false,
        code: 'forbidden',
      });
      const [first] = await anna.call('groups.held', { id });
      expect(first).toMatchObject({ text: 'My first', why: 'first', photo: false });
      // Also after a restart: the room tells it anew.
      await anna.restart();
      await anna.connected();
      await groupSeen(anna, room, (g) => g.state === 'joined' && g.held === 1, 'one still waits');
      await anna.call('groups.review', { id, held: first?.id ?? '', publish: true });
      await anna.message(room, (m) => m.text === 'My first');
      await groupSeen(anna, room, (g) => g.held === 0, 'none waits');
      await bert.call('messages.send', { conversationId: theirs, text: 'Buy SPAM', anyway: true });
      await groupSeen(anna, room, (g) => g.held === 1, 'words wait');
      const [words] = await anna.call('groups.held', { id });
      expect(words).toMatchObject({ why: 'words' });
      await anna.call('groups.review', { id, held: words?.id ?? '', publish: false });
      await groupSeen(anna, room, (g) => g.held === 0, 'none waits');
      const log = await logSeen(anna, id, 3);
      expect(log.map((e) => e.what)).toEqual(['policy', 'held-published', 'held-dropped']);
      expect(await anna.textsWith(room)).not.toContain('Buy SPAM');
    });
  },
  { kinds: ['hub'] },
);
