import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { payloads, rawMember, type RawMember } from '../support/raw-room.ts';
import { groupConfig, roomMember, type RoomMember } from '../support/room-member.ts';
import type { ServerKind } from '../support/servers.ts';

const roles = ['owner', 'moderator', 'member', 'muted', 'outsider', 'banned'] as const;
type RoleName = (typeof roles)[number];
type Standing = 'owner' | 'admin' | 'member' | 'outcast' | 'none';

/** Whom an action is done to, and what puts everything back. */
interface Cast {
  readonly room: string;
  readonly victim: RawMember;
  readonly moderator: RawMember;
  readonly owner: RawMember;
  readonly banned: RawMember;
  readonly stranger: RawMember;
  /** A message of the owner who made the room. */
  written(): Promise<string>;
}

interface Action {
  readonly by: readonly RoleName[];
  /** Who may do it on some servers besides; the app does not offer it to them. */
  readonly also?: Partial<Record<ServerKind, readonly RoleName[]>>;
  run(who: RawMember, cast: Cast): Promise<string | string[]>;
}

const affiliate =
  (whom: 'victim' | 'moderator' | 'owner' | 'banned', to: Standing): Action['run'] =>
  (who, cast) =>
    who.ask('set', cast.room, payloads.affiliation(cast[whom].address, to));
const role =
  (to: string): Action['run'] =>
  (who, { room, victim }) =>
    who.ask('set', room, payloads.role(victim.nick, to));

/** The table of docs/mechanisms/groups.md, as it is asked of servers. */
const actions: Record<string, Action> = {
  write: {
    by: ['owner', 'moderator', 'member'],
    run: (who, { room }) => who.say(room, payloads.body('hello')),
  },
  'change the subject': {
    by: ['owner', 'moderator'],
    run: (who, { room }) => who.send(room, 'groupchat', payloads.subject('new')),
  },
  invite: {
    by: ['owner', 'moderator', 'member'],
    also: { ejabberd: ['muted'] },
    run: (who, { room, stranger }) => who.send(room, 'normal', payloads.invite(stranger.address)),
  },
  'delete a message of another': {
    by: ['owner', 'moderator'],
    run: async (who, { room, written }) => who.ask('set', room, payloads.moderate(await written())),
  },
  remove: { by: ['owner', 'moderator'], run: affiliate('victim', 'none') },
  ban: { by: ['owner', 'moderator'], run: affiliate('victim', 'outcast') },
  unban: { by: ['owner', 'moderator'], run: affiliate('banned', 'none') },
  mute: { by: ['owner', 'moderator'], run: role('visitor') },
  'throw out': { by: ['owner', 'moderator'], run: role('none') },
  'make a moderator': { by: ['owner'], run: affiliate('victim', 'admin') },
  'hand over': { by: ['owner'], run: affiliate('victim', 'owner') },
  'make a moderator a member': { by: ['owner'], run: affiliate('moderator', 'member') },
  'ban a moderator': { by: ['owner'], run: affiliate('moderator', 'outcast') },
  'ban an owner': { by: ['owner'], run: affiliate('owner', 'outcast') },
  'list members': {
    by: ['owner', 'moderator', 'member', 'muted'],
    run: (who, { room }) => who.ask('get', room, payloads.list('member')),
  },
  'list the banned': {
    by: ['owner', 'moderator'],
    also: { prosody: ['member', 'muted'], ejabberd: ['member', 'muted'] },
    run: (who, { room }) => who.ask('get', room, payloads.list('outcast')),
  },
  'read the form': { by: ['owner'], run: (who, { room }) => who.ask('get', room, payloads.form()) },
  configure: {
    by: ['owner'],
    run: (who, { room }) => who.ask('set', room, payloads.configure('muc#roomconfig_roomdesc', 'changed')),
  },
  'read the archive': {
    by: ['owner', 'moderator', 'member', 'muted'],
    run: (who, { room }) => who.archive(room),
  },
};

describeEachServer('rights in rooms, with stanzas of an app that keeps to nothing', (server) => {
  let anna: RoomMember;
  let room: string;
  const raws: RawMember[] = [];
  let people: Record<RoleName, RawMember>;
  let cast: Cast;
  const standings = () =>
    anna.session.rooms.affiliated(room, ['owner', 'admin', 'member', 'outcast']).then((all) =>
      all
        .map(({ address, affiliation }) => `${address} ${affiliation}`)
        .toSorted()
        .join('\n'),
    );
  const set = (who: RawMember, to: Standing) => anna.session.rooms.setAffiliation(room, who.address, to, '');
  const raw = async (name: string, standing: Standing) => {
    const one = await rawMember(server(), newName(name));
    raws.push(one);
    if (standing !== 'none') await set(one, standing);
    if (standing !== 'none' && standing !== 'outcast') expect(await one.enter(room)).toBe('ok');
    return one;
  };
  /** As it was before somebody who may do something did it. */
  const restore = async () => {
    await set(cast.owner, 'owner');
    await set(cast.moderator, 'admin');
    await set(cast.victim, 'member');
    await set(cast.banned, 'outcast');
    await set(cast.stranger, 'none');
    await cast.victim.enter(room);
    await anna.session.rooms.setRole(room, cast.victim.nick, 'participant', '');
  };

  beforeAll(async () => {
    anna = await roomMember(server(), newName('anna'));
    room = `${newName('walkers')}@rooms.localhost`;
    await anna.session.rooms.create(room, anna.nick, groupConfig);
    const [owner, moderator, member] = [
      await raw('owner', 'owner'),
      await raw('moderator', 'admin'),
      await raw('member', 'member'),
    ];
    const [muted, outsider, banned] = [
      await raw('muted', 'member'),
      await raw('outsider', 'none'),
      await raw('banned', 'outcast'),
    ];
    await anna.session.rooms.setRole(room, muted.nick, 'visitor', '');
    people = { owner, moderator, member, muted, outsider, banned };
    cast = {
      room,
      victim: await raw('victim', 'member'),
      moderator: await raw('other-moderator', 'admin'),
      owner: await raw('other-owner', 'owner'),
      banned: await raw('other-banned', 'outcast'),
      stranger: await raw('stranger', 'none'),
      written: async () => (await anna.say(room, 'a message')).stanzaId ?? '',
    };
  });
  afterAll(async () => {
    await anna.close();
    await Promise.all(raws.map(({ client }) => client.close()));
  });

  describe.each(roles)('%s', (name) => {
    it.each(Object.keys(actions))('%s', async (what) => {
      const action = actions[what]!; // one of its own keys
      const allowed = [...action.by, ...(action.also?.[server().kind] ?? [])].includes(name);
      const before = await standings();
      const answer = await action.run(people[name], cast);
      if (allowed) {
        expect(Array.isArray(answer) ? 'ok' : answer).toBe('ok');
        return restore();
      }
      expect(['forbidden', 'not-allowed', 'not-acceptable']).toContain(answer);
      expect(await standings()).toBe(before);
    });

    it.skipIf(name === 'owner')('does not delete the room', async () => {
      expect(await people[name].ask('set', room, payloads.destroy())).toBe('forbidden');
    });
  });

  it("a moderator's voice: the hub never takes it, elsewhere owners do", async () => {
    const { moderator, owner, member } = people;
    for (const who of [member, cast.moderator, owner])
      await who.ask('set', room, payloads.role(moderator.nick, 'visitor'));
    const answer = await moderator.say(room, payloads.body('still here'));
    expect(answer).toBe(server().kind === 'hub' ? 'ok' : 'forbidden');
    if (server().kind === 'ejabberd')
      await owner.ask('set', room, payloads.role(moderator.nick, 'moderator'));
    moderator.client.sendXml(
      `<presence xmlns='jabber:client' to='${room}/${moderator.nick}' type='unavailable'/>`,
    );
    expect(await moderator.enter(room)).toBe('ok');
    expect(await moderator.say(room, payloads.body('and again'))).toBe('ok');
  });

  it('an owner deletes the room, and everybody in it is told', async () => {
    const told = anna.told('onLeft', (left) => left.room === room);
    expect(await people.owner.ask('set', room, payloads.destroy())).toBe('ok');
    expect(await told).toMatchObject({ why: 'destroyed' });
  });
});
