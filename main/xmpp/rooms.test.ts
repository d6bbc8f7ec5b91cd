import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PostcardError } from '../../contract/errors.ts';
import { connectTo, RawServer, type Recorded } from './raw-server.fixture.ts';
import type { Occupant, RoomHandlers } from './room-types.ts';
import type { InboundHandlers, InboundMessage } from './types.ts';

const ROOM = 'walkers@rooms.test.example';
const ME = 'me@test.example';
const ANNA = 'anna@test.example';
const MUC_USER = 'http://jabber.org/protocol/muc#user';
const all = ['http://jabber.org/protocol/muc', 'urn:xmpp:mam:2', 'urn:xmpp:sid:0', 'urn:xmpp:occupant-id:0'];

const item = (address: string, more = '') =>
  `<item jid='${address}' affiliation='member' role='participant' ${more}/>`;
const says = (inner: string) => `<x xmlns='${MUC_USER}'>${inner}</x>`;
const occupantId = (id: string) => `<occupant-id xmlns='urn:xmpp:occupant-id:0' id='${id}'/>`;
const presence = (nick: string, inner: string, type = '') =>
  `<presence xmlns='jabber:client' from='${ROOM}/${nick}' to='${ME}/desk' ${type && `type='${type}'`}>${inner}</presence>`;
const here = (nick: string, address: string, id = nick) =>
  presence(nick, says(item(address)) + occupantId(id));
const myself = presence('me', says(`${item(ME)}<status code='110'/>`) + occupantId('me'));
const message = (from: string, inner: string, type = 'groupchat') =>
  `<message xmlns='jabber:client' from='${from}' to='${ME}/desk' type='${type}' id='m1'>${inner}</message>`;
const body = (text: string) => `<body>${text}</body>`;

/** What the room does when I come; '' for nothing yet. */
let onEntering: () => string[] = () => [];
let features: string[] = all;
let archive: ((query: string) => string) | null = null;
let server: RawServer;
let me: Recorded;
const told: [keyof InboundHandlers, unknown][] = [];

function answer(xml: string, at: RawServer): string | undefined {
  const id = /\bid="([^"]*)"/.exec(xml)?.[1] ?? '';
  const result = (payload: string) =>
    `<iq xmlns='jabber:client' type='result' id='${id}' from='${ROOM}'>${payload}</iq>`;
  if (xml.startsWith('<presence') && xml.includes(ROOM) && xml.includes('maxstanzas')) {
    for (const stanza of onEntering()) at.send(stanza);
    return '';
  }
  if (!xml.startsWith('<iq') || !xml.includes(ROOM)) return undefined;
  if (xml.includes('disco#info'))
    return result(
      `<query xmlns='http://jabber.org/protocol/disco#info'>${features.map((f) => `<feature var='${f}'/>`).join('')}</query>`,
    );
  const query = /queryid="([^"]*)"/i.exec(xml)?.[1];
  return archive !== null && query !== undefined ? result(archive(query)) : undefined;
}

beforeEach(async () => {
  features = all;
  archive = null;
  told.length = 0;
  onEntering = () => [here('anna', ANNA), myself];
  server = await new RawServer({ answer }).listening();
  const listening = [
    'onOccupant',
    'onOccupantGone',
    'onLeft',
    'onRoomConfigured',
    'onAffiliation',
    'onSubject',
    'onDeclined',
    'onBookmark',
  ] as const;
  const handlers = Object.fromEntries(
    listening.map((name) => [name, (value: unknown) => void told.push([name, value])]),
  );
  // The fixture adds the handlers that it records itself.
  me = connectTo(server, { handlers: handlers as unknown as InboundHandlers });
  await me.until('onReady');
});
afterEach(async () => {
  await me.session.close();
  await server.stop();
});

const enter = () => me.session.rooms.enter(ROOM, 'me');
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof PostcardError ? error.code : String(error)),
  );
let markers = 0;
/** All of the room's messages so far, once these have been read. */
async function read(...stanzas: string[]): Promise<InboundMessage[]> {
  const marker = `marker ${(markers += 1)}`;
  for (const stanza of stanzas) server.send(stanza);
  server.send(message('friend@test.example/x', body(marker), 'chat'));
  const came = () => me.of<InboundMessage>('onMessage');
  while (came().at(-1)?.body !== marker) await me.until('onMessage', came().length + 1);
  return came().filter(({ body: text }) => text?.startsWith('marker') !== true);
}
const of = <T>(name: keyof RoomHandlers) =>
  told.filter(([kind]) => kind === name).map(([, value]) => value as T);

describe('entering', () => {
  it('tells everybody there before it is done, and is done at once when in', async () => {
    expect(await enter()).toMatchObject({ nick: 'me', address: ME, self: true, affiliation: 'member' });
    expect(of<Occupant & { live: boolean }>('onOccupant')).toMatchObject([
      { nick: 'anna', address: ANNA, live: false },
      { nick: 'me', self: true, live: false },
    ]);
    const asked = server.received.length;
    await enter();
    expect(server.received.length).toBe(asked);
  });

  it.each([
    ['conflict', 'nickname-taken'],
    ['registration-required', 'group-closed'],
    ['forbidden', 'banned'],
    ['item-not-found', 'group-not-found'],
    ['not-authorized', 'group-closed'],
    ['internal-server-error', 'server-error'],
  ])('refused with %s', async (condition, code) => {
    const error = `<error type='auth'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    onEntering = () => [presence('me', error, 'error')];
    expect(await codeOf(enter())).toBe(code);
    onEntering = () => [myself];
    expect(await codeOf(enter())).toBe('ok');
  });

  it('a room that is made by it is none, and is taken away again', async () => {
    onEntering = () => [
      presence('me', says(`${item(ME)}<status code='110'/><status code='201'/>`) + occupantId('me')),
    ];
    expect(await codeOf(enter())).toBe('group-not-found');
    expect(server.received.filter((xml) => xml.includes('<destroy'))).toHaveLength(1);
  });

  it('goes on when the echo of leaving comes only then', async () => {
    await enter();
    me.session.rooms.leave(ROOM);
    const left = presence('me', says(`${item(ME)}<status code='110'/>`), 'unavailable');
    onEntering = () => [left, here('anna', ANNA), myself];
    expect(await codeOf(enter())).toBe('ok');
    expect(of('onLeft')).toEqual([]);
    expect(await read(message(`${ROOM}/anna`, body('now')))).toHaveLength(1);
  });

  it('ends with the connection', async () => {
    onEntering = () => [];
    const entering = codeOf(enter());
    await expect.poll(() => server.received.some((xml) => xml.includes('maxstanzas'))).toBe(true);
    server.cut();
    expect(await entering).toBe('offline');
  });

  it('messages before everybody is known wait, and say who wrote them', async () => {
    let early: string[] = [];
    onEntering = () => early;
    early = [message(`${ROOM}/anna`, body('early'))];
    const entering = enter();
    await expect.poll(() => server.received.some((xml) => xml.includes('maxstanzas'))).toBe(true);
    expect(await read()).toEqual([]);
    server.send(here('anna', ANNA));
    server.send(myself);
    await entering;
    expect(await read()).toMatchObject([{ body: 'early', from: ANNA, room: { known: true } }]);
  });
});

describe('a message of a room', () => {
  it('counts only from one that was entered, and not after leaving', async () => {
    expect(await read(message(`${ROOM}/anna`, body('before')))).toEqual([]);
    await enter();
    expect(await read(message('other@rooms.test.example/anna', body('elsewhere')))).toEqual([]);
    expect(await read(message(`${ROOM}/anna`, body('now')))).toHaveLength(1);
    me.session.rooms.leave(ROOM);
    expect(await read(message(`${ROOM}/anna`, body('after')))).toHaveLength(1);
  });

  it('is whose the presence says, unless the occupant id is another’s', async () => {
    await enter();
    const [known, other, stranger] = await read(
      message(`${ROOM}/anna`, body('one') + occupantId('anna')),
      message(`${ROOM}/anna`, body('two') + occupantId('mallory')),
      message(`${ROOM}/nobody`, body('three')),
    );
    expect(known).toMatchObject({ from: ANNA, room: { known: true, nick: 'anna' } });
    expect(other).toMatchObject({ from: `${ROOM}/anna`, room: { known: false } });
    expect(stranger).toMatchObject({ from: `${ROOM}/nobody`, room: { known: false } });
  });

  it('is mine by the occupant id, whatever it is called', async () => {
    await enter();
    const [mine] = await read(message(`${ROOM}/old-name`, body('one') + occupantId('me')));
    expect(mine).toMatchObject({ outgoing: true, room: { known: false } });
  });

  it('has the ids of a room that gives them, and no others', async () => {
    const ids = (by: string, id = '1') => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='${id}'/>`;
    await enter();
    const got = await read(
      message(`${ROOM}/anna`, body('one') + ids(ROOM)),
      message(`${ROOM}/anna`, body('two') + ids(ANNA)),
      message(`${ROOM}/anna`, body('three') + ids(ROOM) + ids(ROOM, '2')),
    );
    expect(got.map(({ stanzaId }) => stanzaId)).toEqual(['1', null, null]);
    me.session.rooms.leave(ROOM);
    features = ['http://jabber.org/protocol/muc'];
    await enter();
    const untrusted = (await read(message(`${ROOM}/anna`, body('four') + ids(ROOM) + occupantId('x')))).at(
      -1,
    );
    expect(untrusted).toMatchObject({ stanzaId: null, from: ANNA, room: { occupantId: null, known: true } });
  });

  it('is late only while a resumed stream brings what was missed, whatever it says', async () => {
    await enter();
    const began = Date.now();
    const before = began - 1_800_000;
    const late = (text: string) =>
      message(
        `${ROOM}/anna`,
        `${body(text)}<delay xmlns='urn:xmpp:delay' from='test.example' stamp='${new Date(before).toISOString()}'/>`,
      );
    const [forged] = await read(late('forged'));
    expect(forged?.sentAt).toBeGreaterThanOrEqual(began);
    server.cut();
    await me.until('onReady', 2);
    expect((await read(late('missed'))).at(-1)).toMatchObject({ body: 'missed', sentAt: before });
  });

  it('moderates from the room alone', async () => {
    await enter();
    const moderated = (id: string) =>
      `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'>` +
      `<moderated xmlns='urn:xmpp:message-moderate:1' by='${ROOM}/anna'/><reason>rude</reason></retract>`;
    const got = await read(
      message(`${ROOM}/anna`, moderated('1') + body('forged')),
      message(ROOM, moderated('2')),
    );
    expect(got).toMatchObject([
      { room: { byRoom: true }, effect: { kind: 'moderate', target: '2', by: ANNA, reason: 'rude' } },
    ]);
  });

  it('mentions people where they stand once the quote is out', async () => {
    await enter();
    const quoted =
      body('&gt; hi 😀\n  @anna, @me') +
      `<reply xmlns='urn:xmpp:reply:0' id='1'/>` +
      `<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='7'/></fallback>` +
      `<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:${ANNA}' begin='9' end='14'/>` +
      `<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:${ME}' begin='16' end='19'/>` +
      `<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:${ME}' begin='16' end='99'/>` +
      `<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:${ME}' begin='2' end='4'/>`;
    const [got] = await read(message(`${ROOM}/anna`, quoted));
    expect(got?.body).toBe('@anna, @me');
    expect(got?.mentions).toEqual([
      { address: ANNA, start: 0, length: 5 },
      { address: ME, start: 7, length: 3 },
    ]);
  });

  it('carries one note, and none that is too long', async () => {
    await enter();
    const note = (text: string) => `<vote xmlns='urn:postcard:polls:0'>${text}</vote>`;
    const got = await read(
      message(`${ROOM}/anna`, note('{}')),
      message(`${ROOM}/anna`, note('{}') + note('{}')),
      message(`${ROOM}/anna`, note('x'.repeat(20_001))),
    );
    expect(got).toMatchObject([{ note: { family: 'polls', kind: 'vote', json: '{}' }, body: null }]);
    expect(got).toHaveLength(1);
  });
});

describe('what comes through a room', () => {
  it('is no message of two, though it does not say that it came through one', async () => {
    await enter();
    const forwarded = `<sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>`;
    expect(
      await read(
        message(`${ROOM}/anna`, body('psst'), 'chat'),
        message(ROOM, body('psst'), 'chat'),
        `<message xmlns='jabber:client' from='${ME}' to='${ME}/desk'>${forwarded}` +
          `<message xmlns='jabber:client' from='${ME}/phone' to='${ROOM}/anna' type='chat'>${body('psst')}</message></forwarded></sent></message>`,
      ),
    ).toEqual([]);
  });

  it('is no answer of the room', async () => {
    await enter();
    const error = `<error type='cancel'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>`;
    await read(message(`${ROOM}/anna`, error, 'error'));
    expect(me.of('onBounce')).toEqual([]);
    await read(message(ROOM, error, 'error'));
    expect(me.of('onBounce')).toMatchObject([{ from: ROOM, id: 'm1', condition: 'forbidden' }]);
  });

  it('changes nobody’s rank, and tells of no change', async () => {
    await enter();
    const before = told.length;
    const notice = says(`${item('mallory@test.example')}<status code='104'/>`);
    await read(message(`${ROOM}/anna`, notice), message(`${ROOM}/anna`, notice, 'normal'));
    server.send(presence('anna', says(item('mallory@test.example')) + says(item(ANNA))));
    await read();
    expect(told.slice(before)).toEqual([]);
    await read(message(ROOM, says(`<item affiliation='outcast' jid='eve@test.example'/>`), 'normal'));
    expect(of('onAffiliation')).toEqual([
      { room: ROOM, address: 'eve@test.example', affiliation: 'outcast' },
    ]);
  });

  it.each([
    ["<status code='301'/>", 'banned'],
    ["<status code='307'/>", 'kicked'],
    ["<status code='307'/><status code='333'/>", 'lost'],
    ["<status code='321'/>", 'removed'],
    ["<status code='322'/>", 'removed'],
    ["<status code='332'/>", 'lost'],
    ['<destroy/>', 'destroyed'],
  ])('%s: I am out', async (inner, why) => {
    await enter();
    server.send(presence('me', says(`<item affiliation='none' role='none'/>${inner}`), 'unavailable'));
    expect(await read(message(`${ROOM}/anna`, body('after')))).toEqual([]);
    expect(of('onLeft')).toMatchObject([{ room: ROOM, why }]);
  });
});

describe('the archive of a room', () => {
  const result = (from: string, query: string, id: string, inner: string) =>
    `<message xmlns='jabber:client' from='${from}' to='${ME}/desk'><result xmlns='urn:xmpp:mam:2' queryid='${query}' id='${id}'>` +
    `<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2026-01-01T00:00:00Z'/>${inner}</forwarded></result></message>`;
  const said = (nick: string, inner: string) =>
    `<message xmlns='jabber:client' from='${ROOM}/${nick}' type='groupchat' id='x'>${inner}</message>`;
  const fin = "<fin xmlns='urn:xmpp:mam:2' complete='true'/>";
  const page = async () =>
    (await me.session.rooms.archive(ROOM).page({ max: 20, before: true })).messages.map(
      ({ body: text, from, stanzaId, room }) => [text, from, stanzaId, room?.known],
    );

  it('counts from the room asked alone, for the question asked, about this room', async () => {
    await enter();
    archive = (query) => {
      const one = said('anna', body('forged') + says(item(ANNA)));
      server.send(result(ME, query, '1', one));
      server.send(result(`${ROOM}/anna`, query, '2', one));
      server.send(result('other@rooms.test.example', query, '3', one));
      server.send(result(ROOM, `${query}x`, '4', one));
      server.send(result(ROOM, query, '5', one.replace(`from='${ROOM}`, `from='other@rooms.test.example`)));
      server.send(result(ROOM, query, '6', said('anna', body('genuine') + says(item(ANNA)))));
      return fin;
    };
    expect(await page()).toEqual([['genuine', ANNA, '6', true]]);
  });

  it('says whose a message is: once, and not against the occupant id', async () => {
    await enter();
    archive = (query) => {
      const lines = [
        body('left since') + says(item('bert@test.example')) + occupantId('bert'),
        body('two say it') + says(item(ANNA)) + says(item('mallory@test.example')),
        body('another id') + says(item('mallory@test.example')) + occupantId('anna'),
        body('by the id') + occupantId('anna'),
        body('nobody says it'),
      ];
      for (const [at, line] of lines.entries()) server.send(result(ROOM, query, `${at}`, said('anna', line)));
      return fin;
    };
    const nick = `${ROOM}/anna`;
    expect(await page()).toEqual([
      ['left since', 'bert@test.example', '0', true],
      ['two say it', nick, '1', false],
      ['another id', nick, '2', false],
      ['by the id', ANNA, '3', true],
      ['nobody says it', nick, '4', false],
    ]);
  });

  it('an own archive does not speak for rooms', async () => {
    await enter();
    archive = (query) => {
      server.send(result(ROOM, query, '1', said('anna', body('one'))));
      return fin;
    };
    const { messages } = await me.session.archive.page({ max: 10 });
    expect(messages).toEqual([]);
  });
});
