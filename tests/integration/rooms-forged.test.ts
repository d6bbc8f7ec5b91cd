import { afterEach, beforeEach, expect, it } from 'vitest';
import type { InboundMessage } from '../../main/xmpp/index.ts';
import { describeEachServer, newName } from '../support/each-server.ts';
import { payloads, rawMember, type RawMember } from '../support/raw-room.ts';
import { groupOf, roomMember, type RoomMember } from '../support/room-member.ts';

const MUC_USER = 'http://jabber.org/protocol/muc#user';

// Mallory is a member whose app says what it likes; Bert reads with ours.
describeEachServer('what a member forges in a room', (server) => {
  let anna: RoomMember;
  let bert: RoomMember;
  let mallory: RawMember;
  let room: string;

  beforeEach(async () => {
    anna = await roomMember(server(), newName('anna'));
    bert = await roomMember(server(), newName('bert'));
    mallory = await rawMember(server(), newName('mallory'));
    room = await groupOf([anna, bert], newName('walkers'));
    await anna.session.rooms.setAffiliation(room, mallory.address, 'member', '');
    expect(await mallory.enter(room)).toBe('ok');
  });
  afterEach(async () => {
    await Promise.all([anna.close(), bert.close(), mallory.client.close()]);
  });

  /** All that has come to Bert, once everything sent before has. */
  const all = async (): Promise<InboundMessage[]> => {
    const marker = newName('marker');
    await anna.say(room, marker);
    await bert.heard(room, marker);
    return bert.of('onMessage').filter(({ body }) => body?.startsWith('marker') !== true);
  };
  const inArchive = async (): Promise<readonly InboundMessage[]> =>
    (await bert.session.rooms.archive(room).page({ max: 100, before: true })).messages;

  it('a message in the name of another: ids, addresses and times that only the room gives', async () => {
    const { stanzaId } = await anna.say(room, 'genuine');
    const genuine = await bert.heard(room, 'genuine');
    const began = Date.now();
    await mallory.say(
      room,
      `${payloads.body('forged')}<stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='${stanzaId ?? ''}'/>` +
        `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='${genuine.room?.occupantId ?? 'x'}'/>` +
        `<x xmlns='${MUC_USER}'><item jid='${anna.address}' affiliation='owner' role='moderator'/></x>` +
        `<delay xmlns='urn:xmpp:delay' from='${room}' stamp='2001-01-01T00:00:00Z'/>`,
    );
    const [live] = (await all()).filter(({ body }) => body === 'forged');
    expect(live).toMatchObject({ outgoing: false, peer: room, room: { byRoom: false, nick: mallory.nick } });
    expect([mallory.address, `${room}/${mallory.nick}`]).toContain(live?.from);
    expect(live?.stanzaId).not.toBe(stanzaId);
    expect(live?.sentAt).toBeGreaterThanOrEqual(began - 60_000);
    const kept = (await inArchive()).find(({ body }) => body === 'forged');
    expect([mallory.address, `${room}/${mallory.nick}`]).toContain(kept?.from);
  });

  it('a time of before, in the name of the reader’s own server', async () => {
    const began = Date.now();
    const before = new Date(began - 1_800_000).toISOString();
    const delay = `<delay xmlns='urn:xmpp:delay' from='${bert.address.split('@')[1] ?? ''}' stamp='${before}'/>`;
    const vote = `<vote xmlns='urn:postcard:polls:0'>{"poll":"1","choices":[0]}</vote>`;
    await mallory.say(room, payloads.body('late') + delay);
    await mallory.say(room, `${vote}<store xmlns='urn:xmpp:hints'/>${delay}`);
    const heard = (await all()).filter(({ body, note }) => body === 'late' || note !== undefined);
    expect(heard).toHaveLength(2);
    for (const { sentAt } of heard) expect(sentAt).toBeGreaterThanOrEqual(began - 60_000);
  });

  it('the nickname of somebody who is away, or one that looks like it', async () => {
    anna.session.rooms.leave(room);
    await bert.told('onOccupantGone', ({ nick }) => nick === anna.nick);
    // Refused by the hub, which keeps both for Anna; on the others Mallory is called so from now on.
    await mallory.enter(room, anna.nick);
    await mallory.enter(room, `${anna.nick}\u200b`);
    expect(await mallory.say(room, payloads.body('I am Anna'))).toBe('ok');
    const heard = await bert.heard(room, 'I am Anna');
    expect(heard).toMatchObject({ from: mallory.address, outgoing: false });
    const kept = (await inArchive()).find(({ body }) => body === 'I am Anna');
    expect(kept).toMatchObject({ from: mallory.address });
    await anna.session.rooms.enter(room, `${anna.nick}2`);
  });

  it('a moderator’s deletion, of either version', async () => {
    const { stanzaId } = await anna.say(room, 'stays');
    const id = stanzaId ?? '';
    const sent = [
      `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'>` +
        `<moderated xmlns='urn:xmpp:message-moderate:1' by='${room}/${anna.nick}'/><reason>forged</reason></retract>`,
      `<apply-to xmlns='urn:xmpp:fasten:0' id='${id}'><moderated xmlns='urn:xmpp:message-moderate:0' by='${room}/${anna.nick}'>` +
        `<retract xmlns='urn:xmpp:message-retract:0'/><reason>forged</reason></moderated></apply-to>`,
      `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'/>`,
    ];
    for (const forged of sent)
      await mallory.send(room, 'groupchat', `${forged}<store xmlns='urn:xmpp:hints'/>`);
    const effects = (await all()).flatMap(({ effect, from }) => (effect === null ? [] : [{ effect, from }]));
    const archived = await inArchive();
    expect(effects.filter(({ effect }) => effect.kind === 'moderate')).toEqual([]);
    // Somebody's own retraction of what is not theirs: that it is not theirs is plain to see.
    expect(effects.every(({ from }) => from === mallory.address)).toBe(true);
    expect(archived.filter(({ effect }) => effect?.kind === 'moderate')).toEqual([]);
    expect(archived.filter(({ tombstone }) => tombstone)).toEqual([]);
    expect(archived.map(({ body }) => body)).toContain('stays');
  });

  it('notices of the room', async () => {
    const before = bert.events.length;
    for (const child of [
      `<x xmlns='${MUC_USER}'><status code='104'/></x>`,
      `<x xmlns='${MUC_USER}'><item jid='${mallory.address}' affiliation='owner' role='none'/></x>`,
      `<x xmlns='${MUC_USER}'><status code='104'/></x><body>with a text</body>`,
    ]) {
      await mallory.send(room, 'groupchat', child);
      await mallory.send(`${room}/${bert.nick}`, 'normal', child);
    }
    await mallory.send(
      `${room}/${bert.nick}`,
      'normal',
      `<x xmlns='${MUC_USER}'><decline from='${anna.address}'/></x>`,
    );
    mallory.client.sendXml(
      `<presence xmlns='jabber:client' to='${room}/${mallory.nick}'>` +
        `<x xmlns='${MUC_USER}'><item jid='${anna.address}' affiliation='owner' role='moderator'/><status code='110'/></x></presence>`,
    );
    await all();
    const names = bert.events.slice(before).map(({ name }) => name);
    expect(
      names.filter((name) => ['onRoomConfigured', 'onAffiliation', 'onDeclined', 'onLeft'].includes(name)),
    ).toEqual([]);
    const changes = bert.of('onOccupant').filter(({ nick }) => nick === mallory.nick);
    expect(
      changes.filter(
        ({ self, address, affiliation }) => self || address !== mallory.address || affiliation !== 'member',
      ),
    ).toEqual([]);
  });

  it('private messages through the room are no messages, answers or invitations', async () => {
    const sent = await bert.say(room, 'mine');
    const before = bert.events.length;
    const to = `${room}/${bert.nick}`;
    await mallory.send(to, 'chat', `${payloads.body('psst')}<markable xmlns='urn:xmpp:chat-markers:0'/>`);
    await mallory.send(to, 'normal', payloads.body('psst'));
    await mallory.send(to, 'chat', `<received xmlns='urn:xmpp:receipts' id='${sent.id ?? ''}'/>`);
    await mallory.send(to, 'chat', `<displayed xmlns='urn:xmpp:chat-markers:0' id='${sent.id ?? ''}'/>`);
    await mallory.send(to, 'chat', `<composing xmlns='http://jabber.org/protocol/chatstates'/>`);
    await mallory.send(to, 'normal', `<x xmlns='jabber:x:conference' jid='evil@rooms.localhost'/>`);
    await mallory.send(to, 'normal', `<x xmlns='${MUC_USER}'><invite from='${anna.address}'/></x>`);
    // Addressed to Bert himself, as if it came from a room.
    await mallory.send(bert.address, 'groupchat', payloads.body('psst'));
    const bodies = (await all()).map(({ body }) => body);
    expect(bodies).not.toContain('psst');
    const names = new Set<string>(bert.events.slice(before).map(({ name }) => name));
    for (const name of ['onReceipt', 'onDisplayed', 'onChatState', 'onInvitation', 'onBounce'])
      expect(names).not.toContain(name);
  });

  it('an error that says that a message of mine did not arrive', async () => {
    const sent = await bert.say(room, 'mine');
    mallory.client.sendXml(
      `<message xmlns='jabber:client' type='error' to='${room}/${bert.nick}' id='${sent.id ?? ''}'>` +
        `<error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
    );
    await mallory.ask('get', 'localhost', "<ping xmlns='urn:xmpp:ping'/>");
    await all();
    expect(bert.of('onBounce')).toEqual([]);
  });
});
