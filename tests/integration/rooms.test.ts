import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { fixture } from '../support/photos.ts';
import { codeOf, groupConfig, groupOf, roomMember, text, type RoomMember } from '../support/room-member.ts';

describeEachServer('rooms', (server) => {
  const open: RoomMember[] = [];
  const member = async (name: string) => {
    const one = await roomMember(server(), newName(name));
    open.push(one);
    return one;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });

  it('are made for members only, and joined by invitation', async () => {
    const [anna, bert, eve] = [await member('anna'), await member('bert'), await member('eve')];
    const service = await anna.session.rooms.service();
    expect(service).toBe('rooms.localhost');
    const room = `${newName('walkers')}@rooms.localhost`;
    expect(await codeOf(anna.session.rooms.info(room))).toBe('group-not-found');
    expect(await codeOf(anna.session.rooms.enter(room, 'anna'))).toBe('group-not-found');
    expect(await codeOf(anna.session.rooms.info(room))).toBe('group-not-found');
    const self = await anna.session.rooms.create(room, 'anna', groupConfig);
    expect(self).toMatchObject({
      affiliation: 'owner',
      role: 'moderator',
      address: anna.address,
      self: true,
    });
    expect(await codeOf(bert.session.rooms.create(room, 'bert', groupConfig))).toBe('username-taken');
    expect(await anna.session.rooms.info(room)).toMatchObject({
      name: 'Walkers',
      description: 'On Sundays',
      membersOnly: true,
      persistent: true,
      moderated: true,
      nonAnonymous: true,
      archived: true,
    });
    expect(await anna.session.rooms.config(room)).toMatchObject(groupConfig);
    expect(await codeOf(eve.session.rooms.enter(room, 'eve'))).toBe('group-closed');

    await anna.session.rooms.invite(room, bert.address, 'come along');
    const invitation = await bert.told('onInvitation', (one) => one.room === room);
    expect(invitation).toMatchObject({ room, inviter: anna.address, reason: 'come along' });
    const entered = await bert.session.rooms.enter(room, 'bert');
    expect(entered).toMatchObject({ affiliation: 'member', role: 'participant' });
    expect(bert.of('onOccupant').map(({ nick }) => nick)).toEqual(['anna', 'bert']);
    expect(await anna.told('onOccupant', ({ nick }) => nick === 'bert')).toMatchObject({
      address: bert.address,
      live: true,
    });

    const mine = await anna.say(room, 'Hello');
    expect(mine).toMatchObject({ outgoing: true, from: anna.address, peer: room, type: 'groupchat' });
    const theirs = await bert.heard(room, 'Hello');
    expect(theirs).toMatchObject({
      outgoing: false,
      from: anna.address,
      room: { known: true, byRoom: false },
    });
    expect(theirs.stanzaId).not.toBeNull();
    expect(theirs.stanzaId).toBe(mine.stanzaId);
    const { messages } = await bert.session.rooms.archive(room).page({ max: 10, before: true });
    expect(messages.filter(({ body }) => body !== null)).toMatchObject([
      { body: 'Hello', from: anna.address, stanzaId: mine.stanzaId, room: { known: true } },
    ]);
    const found = await anna.session.rooms.findSent(room, { originIds: [mine.originId ?? ''] });
    expect([...found.values()].map(({ stanzaId }) => stanzaId)).toEqual([mine.stanzaId]);
  });

  it('are left, declined and destroyed, and each is told', async () => {
    const [anna, bert, cleo] = [await member('anna'), await member('bert'), await member('cleo')];
    const room = await groupOf([anna, bert], newName('walkers'));
    await anna.session.rooms.invite(room, cleo.address, '');
    await cleo.told('onInvitation', (one) => one.room === room);
    cleo.session.rooms.decline(room, anna.address, 'no time');
    const declined = await anna.told('onDeclined', (one) => one.room === room);
    expect(declined).toMatchObject({ address: cleo.address, reason: 'no time' });
    bert.session.rooms.leave(room);
    expect(await anna.told('onOccupantGone', ({ nick }) => nick === bert.nick)).toMatchObject({
      why: 'left',
      address: bert.address,
    });
    expect(bert.of('onLeft')).toEqual([]);
    await bert.session.rooms.enter(room, bert.nick);
    await anna.session.rooms.destroy(room, 'the end');
    expect(await bert.told('onLeft', (left) => left.room === room)).toMatchObject({
      why: 'destroyed',
      reason: 'the end',
    });
    expect(await codeOf(bert.session.rooms.enter(room, bert.nick))).toBe('group-not-found');
  });

  it('are configured by their owner, and everybody hears that it changed', async () => {
    const [anna, bert] = [await member('anna'), await member('bert')];
    const room = await groupOf([anna, bert], newName('walkers'));
    await anna.session.rooms.configure(room, { name: 'Runners', membersMayInvite: false });
    await bert.told('onRoomConfigured', (one) => one.room === room);
    expect(await bert.session.rooms.info(room)).toMatchObject({ name: 'Runners', description: 'On Sundays' });
    const config = await anna.session.rooms.config(room);
    expect(config).toMatchObject({ ...groupConfig, name: 'Runners', membersMayInvite: false });
    expect(config.history).toBe(server().kind === 'hub' ? false : null);
    expect(await codeOf(bert.session.rooms.config(room))).toBe('forbidden');
    expect(await codeOf(bert.session.rooms.configure(room, { name: 'Mine' }))).toBe('forbidden');
    expect(await codeOf(bert.session.rooms.invite(room, (await member('cleo')).address, ''))).toBe(
      'forbidden',
    );
    anna.session.rooms.setSubject(room, 'Sunday at ten');
    expect(await bert.told('onSubject', ({ text }) => text === 'Sunday at ten')).toMatchObject({ room });
  });

  it('change ranks and roles, and each is told', async () => {
    const [anna, bert, cleo] = [await member('anna'), await member('bert'), await member('cleo')];
    const room = await groupOf([anna, bert, cleo], newName('walkers'));
    const { rooms } = anna.session;
    await rooms.setAffiliation(room, bert.address, 'admin', '');
    await cleo.told('onOccupant', (o) => o.nick === bert.nick && o.affiliation === 'admin' && o.live);
    await bert.session.rooms.setRole(room, cleo.nick, 'visitor', 'be quiet');
    await cleo.told('onOccupant', (o) => o.self && o.role === 'visitor');
    cleo.session.send(text(room, 'still here', 'muted-1'));
    expect(await cleo.told('onBounce', ({ id }) => id === 'muted-1')).toMatchObject({ from: room });
    await bert.session.rooms.setRole(room, cleo.nick, 'participant', '');
    await cleo.told('onOccupant', (o) => o.self && o.role === 'participant' && o.live);
    await cleo.say(room, 'heard again');
    cleo.session.rooms.leave(room);
    await anna.told('onOccupantGone', ({ nick }) => nick === cleo.nick);
    await rooms.setAffiliation(room, cleo.address, 'admin', '');
    await bert.told('onAffiliation', (one) => one.address === cleo.address && one.affiliation === 'admin');
    const all = await rooms.affiliated(room, ['owner', 'admin', 'member', 'outcast']);
    expect(all.map(({ address, affiliation }) => [address, affiliation]).toSorted()).toEqual(
      [
        [anna.address, 'owner'],
        [bert.address, 'admin'],
        [cleo.address, 'admin'],
      ].toSorted(),
    );
    expect(await codeOf(bert.session.rooms.setAffiliation(room, anna.address, 'none', ''))).toBe('forbidden');
    expect(await codeOf(rooms.setRole(room, 'nobody', 'visitor', ''))).toBe('not-found');
    // An only owner stays one.
    expect(await codeOf(rooms.setAffiliation(room, anna.address, 'none', ''))).toBe('forbidden');
  });

  it('carry notes, mentions, reactions, edits, replies and both ways of deleting', async () => {
    const [anna, bert] = [await member('anna'), await member('bert')];
    const room = await groupOf([anna, bert], newName('walkers'));
    const note = { family: 'groups', kind: 'log', json: '{"a":"<b>"}' } as const;
    anna.session.send({ ...text(room, null, 'note-1'), note });
    const noted = await bert.heard(room, (m) => m.note !== undefined);
    expect(noted).toMatchObject({ note, body: null, from: anna.address, room: { affiliation: 'owner' } });
    const first = await anna.say(room, 'first');
    const stanzaId = first.stanzaId ?? '';
    const mention = { address: bert.address, start: 3, length: 5 };
    await anna.say(room, '😀, @bert', {
      reply: { id: stanzaId, author: null, quote: 'first' },
      mentions: [mention],
    });
    const answered = await bert.heard(room, '😀, @bert');
    expect(answered).toMatchObject({ reply: { id: stanzaId }, mentions: [mention] });
    const effects = [
      { kind: 'react', target: stanzaId, emojis: ['👍'] },
      { kind: 'edit', target: first.id ?? '', text: 'first, edited', caption: false },
      { kind: 'unsend', target: stanzaId, silent: false },
    ] as const;
    for (const [at, effect] of effects.entries())
      anna.session.send({ ...text(room, null, `effect-${at}`), effect });
    for (const { kind, target } of effects) {
      const came = await bert.heard(room, (m) => m.effect?.kind === kind);
      expect(came).toMatchObject({ from: anna.address, effect: { kind, target }, body: null });
    }
    const second = await bert.say(room, 'second');
    await anna.session.rooms.moderate(room, second.stanzaId ?? '', 'off topic');
    const moderated = await bert.heard(room, (m) => m.effect?.kind === 'moderate');
    expect(moderated).toMatchObject({
      room: { byRoom: true },
      effect: { target: second.stanzaId, by: anna.address, reason: 'off topic' },
    });
    expect(await codeOf(bert.session.rooms.moderate(room, second.stanzaId ?? '', ''))).toBe('forbidden');
    const archived = await bert.archived(room);
    expect(archived).not.toContain('second');
    expect(archived).toContain('😀, @bert');
    const kept = await bert.session.rooms.archive(room).page({ max: 100, before: true });
    expect(kept.messages.filter((m) => m.note?.kind === 'log')).toHaveLength(1);
    expect(kept.messages.filter((m) => m.effect?.kind === 'react')).toHaveLength(1);
  });

  it('are bookmarked for all devices', async () => {
    const anna = await member('anna');
    const other = await roomMember(server(), anna.nick, { resource: 'phone' });
    open.push(other);
    const bookmark = { room: 'walkers@rooms.localhost', name: 'Walkers', nick: 'anna', autojoin: true };
    await anna.session.rooms.setBookmark(bookmark);
    const told = await other.told('onBookmark', (one) => one.room === bookmark.room);
    expect(told.bookmark).toEqual(bookmark);
    await anna.session.rooms.setBookmark({ ...bookmark, name: 'Runners', autojoin: false });
    expect(await other.session.rooms.bookmarks()).toEqual([
      { ...bookmark, name: 'Runners', autojoin: false },
    ]);
    await anna.session.rooms.removeBookmark(bookmark.room);
    await other.told('onBookmark', (one) => one.bookmark === null);
    expect(await anna.session.rooms.bookmarks()).toEqual([]);
    await anna.session.rooms.removeBookmark(bookmark.room);
  });

  it('have a picture', async () => {
    const [anna, bert] = [await member('anna'), await member('bert')];
    const room = await groupOf([anna, bert], newName('walkers'));
    const data = readFileSync(fixture('alpha.png'));
    expect(await bert.session.rooms.picture(room)).toBeNull();
    await anna.session.rooms.setPicture(room, { data, mediaType: 'image/png' });
    await bert.told('onRoomConfigured', (one) => one.room === room);
    const picture = await bert.session.rooms.picture(room);
    expect(Buffer.from(picture?.data ?? []).equals(data)).toBe(true);
    const { picture: hash } = await bert.session.rooms.info(room);
    expect(hash).toBe(createHash('sha1').update(data).digest('hex'));
    expect(await codeOf(bert.session.rooms.setPicture(room, null))).toBe('forbidden');
    await anna.session.rooms.setPicture(room, null);
    expect(await bert.session.rooms.picture(room)).toBeNull();
  });

  it('say whether one is in them', async () => {
    const [anna, bert] = [await member('anna'), await member('bert')];
    const room = await groupOf([anna, bert], newName('walkers'));
    expect(await bert.session.rooms.selfPing(room, bert.nick)).toBe('in');
    bert.session.rooms.leave(room);
    await anna.told('onOccupantGone', ({ nick }) => nick === bert.nick);
    expect(await bert.session.rooms.selfPing(room, bert.nick)).toBe('out');
    expect(await codeOf(bert.session.rooms.enter(room, bert.nick))).toBe('ok');
  });
});
