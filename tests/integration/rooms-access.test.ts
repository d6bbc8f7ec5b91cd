import { afterEach, expect, it } from 'vitest';
import { Cable } from '../support/cable.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { doorOf } from '../support/people.ts';
import { payloads, rawMember, type RawMember } from '../support/raw-room.ts';
import { codeOf, groupConfig, groupOf, roomMember, type RoomMember } from '../support/room-member.ts';
import { until } from '../support/wait.ts';

describeEachServer('who may read a room, and who is still in it', (server) => {
  const open: { close(): Promise<void> }[] = [];
  const member = async (name: string, o: Parameters<typeof roomMember>[2] = {}): Promise<RoomMember> => {
    const one = await roomMember(server(), name, o);
    open.push({ close: () => one.close() });
    return one;
  };
  const raw = async (): Promise<RawMember> => {
    const one = await rawMember(server(), newName('cleo'));
    open.push({ close: () => one.client.close() });
    return one;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  it.each([
    ['banned', 'outcast'],
    ['removed', 'none'],
  ] as const)('whoever was %s reads nothing any more', async (why, affiliation) => {
    // Prosody tells somebody who is banned no more than that the room is for members.
    const told = why === 'banned' && server().kind !== 'prosody';
    const refusal = told ? 'forbidden' : 'registration-required';
    const [anna, bert] = [await member(newName('anna')), await member(newName('bert'))];
    const room = await groupOf([anna, bert], newName('walkers'));
    const cleo = await raw();
    await anna.session.rooms.setAffiliation(room, cleo.address, 'member', '');
    expect(await cleo.enter(room)).toBe('ok');
    await anna.say(room, 'for Cleo too');
    expect(await cleo.archive(room)).toContain('for Cleo too');
    for (const [who, address] of [
      [cleo, cleo.address],
      [bert, bert.address],
    ] as const) {
      await anna.session.rooms.setAffiliation(room, address, affiliation, 'enough');
      expect(await anna.told('onOccupantGone', ({ nick }) => nick === who.nick)).toMatchObject({ why });
    }
    expect(await bert.told('onLeft', (left) => left.room === room)).toMatchObject({ why, reason: 'enough' });
    await anna.say(room, 'secret');
    expect(await cleo.enter(room)).toBe(refusal);
    expect(await cleo.enter(room, 'somebody-else')).toBe(refusal);
    expect(await cleo.archive(room)).toBe('forbidden');
    expect(await cleo.ask('get', room, payloads.list('member'))).toBe('forbidden');
    expect(await cleo.send(room, 'groupchat', payloads.body('hello?'))).toBe('not-acceptable');
    expect(await cleo.send(`${room}/${anna.nick}`, 'chat', payloads.body('hello?'))).toBe('not-acceptable');
    expect(cleo.client.frames.filter((frame) => frame.includes('secret'))).toEqual([]);
    expect(await codeOf(bert.session.rooms.enter(room, bert.nick))).toBe(told ? 'banned' : 'group-closed');
    expect(await codeOf(bert.archived(room))).toBe('forbidden');
    expect(bert.of('onMessage').map(({ body }) => body)).not.toContain('secret');
    // Back again by its owner alone.
    await anna.session.rooms.setAffiliation(room, bert.address, 'member', '');
    expect(await codeOf(bert.session.rooms.enter(room, bert.nick))).toBe('ok');
  });

  it('new members read what came before them if the room says so', async () => {
    const [anna, bert] = [await member(newName('anna')), await member(newName('bert'))];
    const room = `${newName('walkers')}@rooms.localhost`;
    await anna.session.rooms.create(room, anna.nick, { ...groupConfig, history: false });
    await anna.say(room, 'before');
    await anna.session.rooms.setAffiliation(room, bert.address, 'member', '');
    await bert.session.rooms.enter(room, bert.nick);
    await anna.say(room, 'after');
    await bert.heard(room, 'after');
    // Other servers know no such choice: `config` says null, and the app says that everybody reads everything.
    const { history } = await anna.session.rooms.config(room);
    const read = async () => (await bert.archived(room)).filter((body) => body !== null);
    expect(await read()).toEqual(history === null ? ['before', 'after'] : ['after']);
    if (history === null) return;
    await anna.session.rooms.configure(room, { history: true });
    expect(await read()).toEqual(['before', 'after']);
  });

  it('a stream that is resumed is still in its rooms; nothing is missing, nothing comes twice', async () => {
    const anna = await member(newName('anna'));
    const cable = await Cable.to(server().ports.webSocket);
    const bert = await member(newName('bert'), { endpoint: doorOf(server(), 'webSocket', cable.port) });
    const room = await groupOf([anna, bert], newName('walkers'));
    for (let round = 1; round <= 3; round += 1) {
      cable.refuse();
      await until(() => bert.session.status.state !== 'connected', { what: 'the cut to be noticed' });
      await anna.say(room, `round ${round}`);
      cable.mend();
      bert.session.retryNow();
      await until(() => bert.of('onReady').length === round + 1, { what: 'the stream to be back' });
      expect(bert.of('onReady').at(-1)?.resumed).toBe(true);
      await bert.session.rooms.enter(room, bert.nick);
      await bert.say(room, `answer ${round}`);
    }
    const heard = bert.of('onMessage').filter(({ peer }) => peer === room);
    const bodies = heard.map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(
      ['round 1', 'answer 1', 'round 2', 'answer 2', 'round 3', 'answer 3'].toSorted(),
    );
    expect(anna.of('onOccupantGone')).toEqual([]);
    await cable.remove();
  });

  it('so is one that is resumed by another process, which is told anew who is there', async () => {
    const anna = await member(newName('anna'));
    const name = newName('bert');
    let state: string | null = null;
    const saveResume = (saved: string | null) => void (state = saved);
    const cable = await Cable.to(server().ports.webSocket);
    const endpoint = doorOf(server(), 'webSocket', cable.port);
    const before = await roomMember(server(), name, { saveResume, endpoint });
    const room = await groupOf([anna, before], newName('walkers'));
    cable.refuse();
    await until(() => before.session.status.state !== 'connected', { what: 'the cut to be noticed' });
    await before.close({ keepResumable: true });
    await cable.remove();
    await anna.say(room, 'meanwhile');
    const bert = await member(name, {
      resume: state,
      saveResume,
      onReady: (session) => void session.rooms.enter(room, name),
    });
    expect(bert.of('onReady')).toMatchObject([{ resumed: true }]);
    const heard = await bert.heard(room, 'meanwhile');
    expect(heard).toMatchObject({ from: anna.address, room: { known: true } });
    expect(bert.of('onOccupant').map(({ nick }) => nick)).toContain(anna.nick);
    expect(anna.of('onOccupantGone')).toEqual([]);
    await bert.say(room, 'here');
  });

  it('a server that was killed has nobody in its rooms; ranks and what was said are there', async () => {
    const [anna, bert] = [await member(newName('anna')), await member(newName('bert'))];
    const room = await groupOf([anna, bert], newName('walkers'));
    await anna.session.rooms.setAffiliation(room, bert.address, 'admin', '');
    const { stanzaId } = await anna.say(room, 'kept');
    await server().stop('killed');
    await server().start();
    for (const one of [anna, bert]) {
      one.session.retryNow();
      await until(() => one.of('onReady').length === 2, { what: `${one.nick} to be back`, timeout: 60_000 });
      expect(one.of('onReady').at(-1)?.resumed).toBe(false);
      await one.session.rooms.enter(room, one.nick);
    }
    expect(await bert.session.rooms.enter(room, bert.nick)).toMatchObject({ affiliation: 'admin' });
    await bert.say(room, 'and on');
    const { messages } = await bert.session.rooms.archive(room).page({ max: 10, after: stanzaId ?? '' });
    expect(messages.map(({ body }) => body)).toEqual(['and on']);
  });
});
