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
