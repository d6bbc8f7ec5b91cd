import { describe, expect, it } from 'vitest';
import { connected } from './connected.fixture.ts';
import type { InboundMessage } from './types.ts';

const C = `xmlns='jabber:client'`;
const inner = (from: string, to: string, body = 'forged') =>
  `<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2024-05-01T10:00:00Z'/>` +
  `<message ${C} from='${from}' to='${to}' id='i1' type='chat'><body>${body}</body></message></forwarded>`;
const carbon = (from: string, kind: string, forwarded: string) =>
  `<message ${C} from='${from}' to='me@test.example/desk'><${kind} xmlns='urn:xmpp:carbons:2'>${forwarded}</${kind}></message>`;
const result = (from: string, queryId: string) =>
  `<message ${C} ${from}><result xmlns='urn:xmpp:mam:2' queryid='${queryId}' id='a1'>` +
  `${inner('friend@test.example/x', 'me@test.example')}</result></message>`;

const wire = connected();

describe('carbons count only from my own bare address', () => {
  it('takes a sent and a received one from my account', async () => {
    const sent = carbon(
      'me@test.example',
      'sent',
      inner('me@test.example/phone', 'friend@test.example', 'mine'),
    );
    const received = carbon(
      'me@test.example',
      'received',
      inner('friend@test.example/x', 'me@test.example/phone', 'theirs'),
    );
    const messages = await wire.read(sent, received);
    expect(messages.map(({ body, outgoing, peer, source }) => ({ body, outgoing, peer, source }))).toEqual([
      { body: 'mine', outgoing: true, peer: 'friend@test.example', source: 'carbon' },
      { body: 'theirs', outgoing: false, peer: 'friend@test.example', source: 'carbon' },
    ]);
  });

  it.each([
    [
      'a stranger',
      carbon('evil@test.example', 'received', inner('friend@test.example/x', 'me@test.example')),
    ],
    [
      'a stranger posing as sent by me',
      carbon('evil@test.example/x', 'sent', inner('me@test.example', 'friend@test.example')),
    ],
    ['the server', carbon('test.example', 'received', inner('friend@test.example/x', 'me@test.example'))],
    [
      'one of my own devices',
      carbon('me@test.example/phone', 'sent', inner('me@test.example', 'friend@test.example')),
    ],
    [
      'my account, but of others',
      carbon('me@test.example', 'received', inner('a@test.example', 'b@test.example')),
    ],
  ])('refuses one from %s', async (_who, stanza) => {
    expect(await wire.read(stanza)).toEqual([]);
  });
});

describe('archive results count only from my archive, for an open query', () => {
  it('refuses them without a query, with an unknown id and from others', async () => {
    expect(
      await wire.read(
        result('', 'q'),
        result(`from='me@test.example'`, ''),
        result(`from='evil@test.example'`, 'q'),
      ),
    ).toEqual([]);
  });

  it('takes those of the page that was asked for, and none that others slip in', async () => {
    wire.server.options.answer = (xml, raw) => {
      const queryId = /queryid="([^"]+)"/.exec(xml)?.[1];
      if (queryId === undefined) return undefined;
      const id = /\bid="([^"]+)"/.exec(xml)?.[1] ?? '';
      raw.send(result(`from='evil@test.example'`, queryId).replace('forged', 'slipped in'));
      raw.send(result(`from='me@test.example'`, queryId).replace('forged', 'true'));
      return `<iq ${C} type='result' id='${id}'><fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><first>a1</first><last>a1</last></set></fin></iq>`;
    };
    const page = await wire.me.session.archive.page({ max: 10 });
    expect(page.messages.map(({ body, stanzaId, sentAt }) => ({ body, stanzaId, sentAt }))).toEqual([
      { body: 'true', stanzaId: 'a1', sentAt: Date.parse('2024-05-01T10:00:00Z') },
    ]);
    expect(page).toMatchObject({ complete: true, first: 'a1', last: 'a1' });
  });
});

describe('a roster push counts only from my own account', () => {
  const push = (from: string, id: string) =>
    `<iq ${C} type='set' id='${id}' ${from}><query xmlns='jabber:iq:roster'><item jid='evil@test.example' subscription='both'/></query></iq>`;

  it('refuses one from a stranger and says so', async () => {
    await wire.read(push(`from='evil@test.example'`, 'p1'), push(`from='me@test.example/phone'`, 'p2'));
    // A question after it: once that is answered, the refusals have arrived.
    await wire.me.session.roster();
    expect(wire.me.of('onRosterChanged')).toEqual([]);
    expect(
      wire.server.received.filter(
        (xml) => xml.startsWith('<iq') && /id="p[12]"/.test(xml) && xml.includes('service-unavailable'),
      ),
    ).toHaveLength(2);
  });

  it('takes one without from and one from my bare address', async () => {
    await wire.read(push('', 'p1'), push(`from='me@test.example'`, 'p2'));
    expect(wire.me.of('onRosterChanged')).toHaveLength(2);
  });
});

describe('a PEP event counts only from the account that owns the node', () => {
  const event = (from: string) =>
    `<message ${C} from='${from}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'>` +
    `<item id='x'><metadata xmlns='urn:xmpp:avatar:metadata'><info id='${'a'.repeat(40)}' type='image/png' bytes='1'/></metadata></item></items></event></message>`;

  it('says whose avatar it is by the sender alone, and refuses one from a device', async () => {
    await wire.read(event('friend@test.example'), event('friend@test.example/evil'));
    expect(wire.me.of('onAvatarChanged')).toEqual([
      { address: 'friend@test.example', hash: 'a'.repeat(40), mediaType: 'image/png' },
    ]);
  });
});

describe('an IQ result counts only from the entity that was asked, once', () => {
  const card = (id: string, from: string, name: string) =>
    `<iq ${C} type='result' id='${id}' ${from}><vCard xmlns='vcard-temp'><FN>${name}</FN></vCard></iq>`;

  it.each([
    ['another account', `from='evil@test.example'`],
    ['a device of that account', `from='friend@test.example/evil'`],
    ['its server', `from='test.example'`],
    ['nobody named', ''],
  ])('ignores one from %s', async (_who, from) => {
    wire.server.options.answer = (xml, raw) => {
      if (!xml.includes('vcard-temp')) return undefined;
      const id = /\bid="([^"]+)"/.exec(xml)?.[1] ?? '';
      raw.send(card(id, from, 'Forged'));
      raw.send(card(id, `from='friend@test.example'`, 'True'));
      return card(id, `from='friend@test.example'`, 'Again');
    };
    expect(await wire.me.session.profile('friend@test.example')).toMatchObject({ name: 'True' });
  });
});

describe('room messages never pose as direct ones', () => {
  it.each([
    [
      'groupchat',
      `<message ${C} from='room@rooms.test.example/friend' type='groupchat'><body>x</body></message>`,
    ],
    [
      'a private message through a room',
      `<message ${C} from='room@rooms.test.example/friend' type='chat'><body>x</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>`,
    ],
  ])('leaves out %s', async (_what, stanza) => {
    expect(await wire.read(stanza)).toEqual([]);
  });
});

describe('server-assigned ids and times', () => {
  const message = (extra: string) =>
    `<message ${C} from='friend@test.example/x' to='me@test.example' id='m1' type='chat'><body>x</body>${extra}</message>`;
  const sid = (by: string, id: string) => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='${id}'/>`;

  it('believes only the id that my own server stamped, and none of two', async () => {
    const messages = await wire.read(
      message(sid('me@test.example', 'mine')),
      message(sid('friend@test.example', 'forged')),
      message(sid('test.example', 'forged')),
      message(sid('me@test.example', 'one') + sid('me@test.example', 'two')),
    );
    expect(messages.map((found) => found.stanzaId)).toEqual(['mine', null, null, null]);
  });

  it('believes only the delay that my own server put on', async () => {
    const delay = (from: string) =>
      `<delay xmlns='urn:xmpp:delay' from='${from}' stamp='2020-01-01T00:00:00Z'/>`;
    const messages = await wire.read(message(delay('test.example')), message(delay('friend@test.example')));
    expect(messages.map((found) => found.delayed)).toEqual([true, false]);
    expect(messages[0]?.sentAt).toBe(Date.parse('2020-01-01T00:00:00Z'));
  });

  it('never takes an error for a message, though it carries the body', async () => {
    const error = `<message ${C} from='friend@test.example' id='m9' type='error'><body>mine</body><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`;
    expect(await wire.read(error)).toEqual([]);
    expect(wire.me.of('onBounce')).toEqual([
      {
        from: 'friend@test.example',
        id: 'm9',
        condition: 'service-unavailable',
        text: null,
        code: 'not-delivered',
      },
    ]);
  });
});

describe('hostile XML', () => {
  it.each([
    ['a DTD', `<!DOCTYPE x [<!ENTITY a "b">]><message ${C}><body>&a;</body></message>`],
    ['a comment', `<message ${C}><!-- x --></message>`],
    ['a processing instruction', `<message ${C}><?php x ?></message>`],
    ['an unknown entity', `<message ${C}><body>&nbsp;</body></message>`],
    ['tags that do not match', `<message ${C}><body></message>`],
    ['two elements in one frame', `<message ${C}/><message ${C}/>`],
  ])('%s ends the stream and reconnects', async (_what, xml) => {
    wire.server.send(xml);
    await wire.me.until('onReady', 2);
    expect(wire.me.of('onReady').at(-1)).toMatchObject({ resumed: false });
    expect(await wire.read()).toEqual([]);
  });

  it('a stanza nested too deep, or with addresses that are none, is dropped and the stream goes on', async () => {
    const deep = `<message ${C} from='evil@test.example'><body>x</body>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</message>`;
    const invalid = `<message ${C} from='evil\u200e@@/x' to='\u06dd@x'><body>x</body></message>`;
    await wire.read(deep, invalid);
    expect(wire.me.of('onReady')).toHaveLength(1);
    expect(
      wire.me.of<InboundMessage>('onMessage').filter(({ from }) => from === 'evil@test.example'),
    ).toEqual([]);
  });
});

describe('what is held back', () => {
  const held = (from: string, attributes: string) =>
    `<message ${C} type='headline' from='${from}'><held xmlns='urn:postcard:requests:0' ${attributes}/></message>`;
  const sound = `from='a@test.example' messages='3' photos='2' stamp='2024-05-01T10:00:00Z'`;

  it('counts from my own server', async () => {
    await wire.read(held('test.example', sound));
    const at = Date.parse('2024-05-01T10:00:00Z');
    expect(wire.me.of('onHeld')).toEqual([{ address: 'a@test.example', messages: 3, photos: 2, at }]);
  });

  it.each([
    ['a stranger', held('evil@test.example/x', sound)],
    ['my own account', held('me@test.example', sound)],
    ['another server', held('evil.example', sound)],
    ['my server, without a number', held('test.example', `from='a@test.example' messages='many' photos='0'`)],
    ['my server, of nobody', held('test.example', `from='' messages='1' photos='0'`)],
  ])('means nothing from %s', async (_who, stanza) => {
    expect(await wire.read(stanza)).toEqual([]);
    expect(wire.me.of('onHeld')).toEqual([]);
  });
});

describe('invitations', () => {
  const room = 'club@rooms.test.example';
  const mediated = (from: string, invite: string) =>
    `<message ${C} from='${from}'><x xmlns='http://jabber.org/protocol/muc#user'>${invite}</x><body>come</body></message>`;
  const by = (whom: string) => `<invite from='${whom}'><reason>come</reason></invite>`;
  const direct = (from: string, jid: string) =>
    `<message ${C} from='${from}'><x xmlns='jabber:x:conference' jid='${jid}' reason='come'/><body>come</body></message>`;
  /** As Prosody's rooms send them: with one of the other kind beside it, in which nobody is named. */
  const both = (named: string) =>
    `<message ${C} from='${room}'><x xmlns='http://jabber.org/protocol/muc#user'>${by(named)}</x><x xmlns='jabber:x:conference' jid='${room}'>come</x></message>`;
  const invitations = () => wire.me.of<{ room: string; inviter: string | null }>('onInvitation');

  it.each([
    ['direct', direct('friend@test.example/x', room), 'friend@test.example'],
    ['by the room of my server', mediated(room, by('friend@test.example/x')), 'friend@test.example'],
    ['by a room of their server', mediated('r@muc.far.example', by('her@far.example')), 'her@far.example'],
    ['by a room in two ways at once', both('friend@test.example/x'), 'friend@test.example'],
    ['by a room that nobody vouches for', mediated('r@evil.example', by('friend@test.example')), null],
  ])('%s', async (_what, stanza, inviter) => {
    expect(await wire.read(stanza)).toEqual([]);
    expect(invitations()).toMatchObject([{ inviter, reason: 'come' }]);
  });

  it.each([
    ['an occupant passes on', mediated(`${room}/friend`, by('friend@test.example'))],
    ['somebody makes up', mediated('evil@test.example/x', by('friend@test.example'))],
    ['leads to no room', direct('friend@test.example/x', 'rooms.test.example')],
    ['leads to no address', direct('friend@test.example/x', 'a b@@')],
    ['invites nobody', mediated(room, '')],
    ['a room passes on for an occupant', mediated(room, by(`${room}/friend`))],
    ['a room sends without a name', direct(room, room)],
  ])('that %s means nothing', async (_what, stanza) => {
    expect(await wire.read(stanza)).toEqual([]);
    expect(invitations()).toEqual([]);
  });

  it('a direct one behind one whose room hides who invites has come through the room, once', async () => {
    await wire.read(direct('her@test.example/x', room));
    await wire.read(mediated(room, by(`${room}/friend`)));
    await wire.read(direct('friend@test.example/x', room));
    await wire.read(direct('evil@test.example/x', room));
    expect(invitations()).toMatchObject([
      { inviter: 'her@test.example', throughRoom: false },
      { inviter: 'friend@test.example', throughRoom: true },
      { inviter: 'evil@test.example', throughRoom: false },
    ]);
  });
});
