import { describe, expect, it } from 'vitest';
import { buildMessage } from './outbound.ts';
import { connected } from './connected.fixture.ts';
import type { OutboundMessage } from './types.ts';

const C = `xmlns='jabber:client'`;
const replace = (id: string) => `<replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`;
const retract = (id: string) => `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'/>`;
const message = (content: string, attrs = `from='friend@test.example/x' id='i1' type='chat'`) =>
  `<message ${C} ${attrs}>${content}</message>`;
const carbon = (from: string, inner: string) =>
  `<message ${C} from='${from}' to='me@test.example/desk'><sent xmlns='urn:xmpp:carbons:2'>` +
  `<forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></sent></message>`;

const wire = connected();

describe('a stanza that changes another message', () => {
  it.each([
    [
      'a correction',
      message(`<body>new</body>${replace('o1')}`),
      { kind: 'edit', target: 'o1', text: 'new' },
    ],
    [
      'a correction of a caption',
      message(`<body>new</body>${replace('o1.caption')}<caption xmlns='urn:postcard:caption:0' for='o1'/>`),
      { kind: 'edit', target: 'o1', text: 'new' },
    ],
    [
      'a caption that is taken away',
      message(`${retract('o1.caption')}<caption xmlns='urn:postcard:caption:0' for='o1'/>`),
      { kind: 'edit', target: 'o1', text: '' },
    ],
    ['a retraction', message(`<body>/me retracted</body>${retract('o1')}`), { kind: 'unsend', target: 'o1' }],
    [
      'a retraction that poses as a correction too',
      message(`<body>x</body>${replace('o2')}${retract('o1')}`),
      { kind: 'unsend', target: 'o1' },
    ],
  ])('is %s, and no message', async (_what, stanza, effect) => {
    const [found, ...more] = await wire.read(stanza);
    expect(found).toMatchObject({
      effect,
      body: null,
      files: [],
      from: 'friend@test.example',
      peer: 'friend@test.example',
    });
    expect(more).toEqual([]);
  });

  it('says whose it is by its envelope alone, whatever it claims', async () => {
    const forged = message(
      `<body>new</body>${replace('o1')}<x from='me@test.example' xmlns='jabber:x:anything'/>`,
      `from='evil@test.example/me@test.example' id='i1' type='chat'`,
    );
    expect(await wire.read(forged)).toMatchObject([{ from: 'evil@test.example', outgoing: false }]);
  });

  it.each([
    ['of a room', message(retract('o1'), `from='room@rooms.test.example/friend' id='i1' type='groupchat'`)],
    [
      'through a room, privately',
      message(
        `${retract('o1')}<x xmlns='http://jabber.org/protocol/muc#user'/>`,
        `from='room@rooms.test.example/friend' id='i1' type='chat'`,
      ),
    ],
    [
      'that comes back as an error',
      message(retract('o1'), `from='friend@test.example' id='i1' type='error'`),
    ],
    [
      'in a carbon of somebody else',
      carbon(
        'evil@test.example',
        message(retract('o1'), `from='me@test.example/phone' to='friend@test.example' id='i1'`),
      ),
    ],
    ['without an id to change', message(`<retract xmlns='urn:xmpp:message-retract:1'/>`)],
    ['of the retraction of before', message(`<retract xmlns='urn:xmpp:message-retract:0' id='o1'/>`)],
    ['with an id without end', message(retract('x'.repeat(5000)))],
    ['that an archive alone could tell', message(`<retracted xmlns='urn:xmpp:message-retract:1' id='r'/>`)],
  ])('has no effect when it is one %s', async (_what, stanza) => {
    expect((await wire.read(stanza)).filter(({ effect, tombstone }) => effect !== null || tombstone)).toEqual(
      [],
    );
  });

  it('counts in a carbon of mine as mine', async () => {
    const mine = carbon(
      'me@test.example',
      message(
        `<body>new</body>${replace('o1')}`,
        `from='me@test.example/phone' to='friend@test.example' id='i1'`,
      ),
    );
    expect(await wire.read(mine)).toMatchObject([
      { outgoing: true, from: 'me@test.example', peer: 'friend@test.example', effect: { kind: 'edit' } },
    ]);
  });
});

describe('what goes out', () => {
  const out = (effect: NonNullable<OutboundMessage['effect']>) =>
    buildMessage({
      id: 'e1',
      to: 'friend@test.example',
      body: null,
      file: null,
      effect,
      wantsReceipt: true,
      markable: true,
      tellsChatState: true,
    });

  it('names the first message, is kept by archives, and asks for no receipt', () => {
    const [correction, ...more] = out({ kind: 'edit', target: 'o1', text: 'new', caption: false });
    expect(correction).toEqual({
      to: 'friend@test.example',
      type: 'chat',
      id: 'e1',
      originId: 'e1',
      body: 'new',
      replace: 'o1',
      processingHints: { store: true },
    });
    expect(more).toEqual([]);
  });

  it('has words for apps that do not know it, which those that do leave out', () => {
    const [retraction] = out({ kind: 'unsend', target: 'o1', silent: false });
    expect(retraction).toMatchObject({
      retract: 'o1',
      processingHints: { store: true },
      fallbacks: [{ for: 'urn:xmpp:message-retract:1', range: null }],
    });
    expect(retraction?.body).toMatch(/unsent/);
    const [silent] = out({ kind: 'unsend', target: 'c1', silent: true });
    expect(silent).toMatchObject({ retract: 'c1', processingHints: { store: true } });
    expect(silent).not.toHaveProperty('body');
  });

  it('corrects a caption by the message that other apps have it in', () => {
    expect(out({ kind: 'edit', target: 'o1', text: 'new', caption: true })).toMatchObject([
      { body: 'new', replace: 'o1.caption', captionOf: 'o1' },
    ]);
    expect(out({ kind: 'edit', target: 'o1', text: '', caption: true })).toMatchObject([
      { retract: 'o1.caption', captionOf: 'o1' },
    ]);
  });
});
