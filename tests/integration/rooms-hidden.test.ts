import { afterEach, expect, it } from 'vitest';
import { describeEachServer, newName } from '../support/each-server.ts';
import { payloads, rawMember } from '../support/raw-room.ts';
import { groupConfig, roomMember, type RoomMember } from '../support/room-member.ts';

describeEachServer('a room that hides addresses from its members', (server) => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  const member = async (name: string): Promise<RoomMember> => {
    const one = await roomMember(server(), newName(name));
    open.push(one);
    return one;
  };
  const tells = (from: RoomMember, to: string, kind: string) =>
    from.session.send({
      ...{ id: newName('n'), to, body: null, file: null },
      ...{ wantsReceipt: false, markable: false, tellsChatState: false },
      note: {
        family: 'groups',
        kind,
        json: JSON.stringify({ room: to.split('/')[0], message: '1', about: 'x', reason: kind }),
      },
    });

  it('takes a report to a moderator who is there, and nothing else that poses as a note', async () => {
    // The hub's rooms hide nothing, and take reports themselves.
    if (server().kind === 'hub') return;
    const anna = await member('anna');
    const room = `${newName('club')}@${(await anna.session.rooms.service()) ?? ''}`;
    await anna.session.rooms.create(room, anna.nick, groupConfig);
    const owner = await rawMember(server(), newName('owner'));
    open.push(owner.client);
    await anna.session.rooms.setAffiliation(room, owner.address, 'owner', '');
    expect(await owner.ask('set', room, payloads.configure('muc#roomconfig_whois', 'moderators'))).toBe('ok');
    const bert = await member('bert');
    await anna.session.rooms.setAffiliation(room, bert.address, 'member', '');
    await bert.session.rooms.enter(room, bert.nick);
    await bert.say(room, 'here');
    const heard = await anna.heard(room, 'here');
    const seen = bert.of('onOccupant').find(({ nick }) => nick === anna.nick);
    expect([heard.from, seen?.address]).toEqual([bert.address, null]);
    for (const kind of ['log', 'mute', 'policy', 'held', 'report']) tells(bert, `${room}/${anna.nick}`, kind);
    bert.session.send({
      ...{ id: newName('n'), to: `${room}/${anna.nick}`, body: 'psst', file: null },
      ...{ wantsReceipt: false, markable: false, tellsChatState: false },
    });
    const report = await anna.heard(room, (m) => m.note?.kind === 'report');
    expect(report).toMatchObject({
      ...{ from: bert.address, type: 'groupchat', body: null, stanzaId: null },
      room: { known: true, byRoom: false, nick: bert.nick },
    });
    await bert.say(room, 'done');
    await anna.heard(room, 'done');
    const told = anna.of('onMessage').map((m) => m.note?.kind ?? m.body);
    expect(told).toEqual(['here', 'report', 'done']);
    // Whom the room hides from me I do not believe.
    tells(anna, `${room}/${bert.nick}`, 'report');
    await anna.say(room, 'really done');
    await bert.heard(room, 'really done');
    expect(bert.of('onMessage').some((m) => m.note !== undefined)).toBe(false);
  });
});
