import { expect, it } from 'vitest';
import { mayHaveLinks, splitLinks } from './links.ts';

const pack =
  'xmpp:romeo@montague.lit?pubsub;action=retrieve;node=urn:xmpp:stickers:0;item=EpRv28DHHzFrE4zd%2BxaNpVb4';

it('the address of a sticker pack is a link, and no other address of XMPP', () => {
  const text = `Look: ${pack}, they are good`;
  expect(mayHaveLinks(text)).toBe(true);
  expect(splitLinks(text).map(({ href }) => href)).toEqual([null, pack, null]);
  for (const other of [
    'xmpp:romeo@montague.lit?message;body=yes',
    'xmpp:romeo@montague.lit?pubsub;action=subscribe;node=urn:xmpp:stickers:0;item=x',
    'xmpp:romeo@montague.lit?pubsub;action=retrieve;node=other;item=x',
  ])
    expect(splitLinks(other).some(({ href }) => href?.startsWith('xmpp:'))).toBe(false);
});

it('the address of a group is a link only where it says nothing but to join', () => {
  const link = 'xmpp:photo%20club@rooms.home.test?join';
  expect(splitLinks(`Come: ${link}.`).map(({ text, href }) => [text, href])).toEqual([
    ['Come: ', null],
    [link, link],
    ['.', null],
  ]);
  for (const other of ['xmpp:club@rooms.test?join;password=x', 'xmpp:club@rooms.test?joined'])
    expect(splitLinks(other).some(({ href }) => href?.startsWith('xmpp:'))).toBe(false);
});
