import { expect, it } from 'vitest';
import { connected } from './connected.fixture.ts';

const C = `xmlns='jabber:client'`;
const REACTIONS = `xmlns='urn:xmpp:reactions:0'`;
const wire = connected();

/** What came of this content of a message. */
const read = (content: string, attributes = `from='friend@test.example/x' type='chat'`) =>
  wire.read(`<message ${C} ${attributes} id='one'>${content}</message>`);
const reaction = (...emojis: string[]) =>
  `<reactions ${REACTIONS} id='m'>${emojis.map((one) => `<reaction>${one}</reaction>`).join('')}</reactions>`;

it.each([
  ['one', reaction('👍'), ['👍']],
  ['several, each once', reaction('👍', '🎉', '👍'), ['👍', '🎉']],
  ['none: taken back', reaction(), []],
  ['what is no emoji is left out', reaction('👍', 'idiot', '👍👍'), ['👍']],
  [
    'no more than anybody chooses',
    reaction('😀', '😁', '😂', '😃', '😄', '😅', '😆', '😇'),
    ['😀', '😁', '😂', '😃', '😄', '😅'],
  ],
  ['its fallback is no message', `${reaction('👍')}<body>👍</body>`, ['👍']],
])('reactions: %s', async (_, content, emojis) => {
  const [message] = await read(content);
  expect(message).toMatchObject({ body: null, effect: { kind: 'react', target: 'm', emojis } });
});

it.each([
  ['of words alone', reaction('idiot')],
  ['of nothing', `<reactions ${REACTIONS}><reaction>👍</reaction></reactions>`],
])('reactions %s change nothing', async (_, content) => {
  expect(await read(content)).toEqual([]);
});

it('reactions through a room, or that failed, change no message between two', async () => {
  expect(await read(reaction('👍'), `from='room@muc.test.example/friend' type='groupchat'`)).toEqual([]);
  expect(await read(reaction('👍'), `from='friend@test.example/x' type='error'`)).toEqual([]);
});

it('a reply says what it answers, and its quoted text is not part of it', async () => {
  const quote = '> I owe you 😀 100\n';
  const [message] = await read(
    `<body>${quote.replace('>', '&gt;')}yes</body><reply xmlns='urn:xmpp:reply:0' to='me@test.example/desk' id='m'/>` +
      `<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='${[...quote].length}'/></fallback>`,
  );
  expect(message).toMatchObject({ body: 'yes', reply: { id: 'm', author: 'me@test.example' } });
});

it('a reply to nothing is a message like any other', async () => {
  const [message] = await read(`<body>yes</body><reply xmlns='urn:xmpp:reply:0' to='me@test.example'/>`);
  expect(message).toMatchObject({ body: 'yes' });
  expect(message?.reply).toBeUndefined();
});

it('who wrote what is passed on is a claim in one line', async () => {
  const [message] = await read(
    `<body>Ana:\nhi</body><forward xmlns='urn:postcard:forward:0' from='Ana'/>` +
      `<fallback xmlns='urn:xmpp:fallback:0' for='urn:postcard:forward:0'><body start='0' end='5'/></fallback>`,
  );
  expect(message).toMatchObject({ body: 'hi', forwarded: 'Ana' });
});
