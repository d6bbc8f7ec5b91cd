import { describe, expect, it } from 'vitest';
import { isGenuine, packHash, packIdOf } from './pack-hash.ts';
import type { WirePack, WireSticker } from './sticker-types.ts';

const sticker = (fallback: string, value: string): WireSticker => ({
  fallback,
  title: null,
  hashes: [{ algo: 'sha-256', value }],
  mediaType: 'image/png',
  size: 1,
  width: 512,
  height: 512,
  urls: ['https://download.montague.lit/a.png'],
  suggestions: [],
});

/** The stickers of XEP-0449's example that it shows. */
const marsey: WirePack = {
  names: [{ lang: '', text: 'Marsey the Cat' }],
  summaries: [{ lang: '', text: 'Be cute or be cynical, this little kitten works both ways.' }],
  restricted: false,
  stickers: [
    sticker('👍', '0AdP8lJOWJrugSKOIAqfEKqFatIpG5JBCjjxY253ojQ='),
    sticker('😘', 'gw+6xdCgOcvCYSKuQNrXH33lV9NMzuDf/s0huByCDsY='),
  ],
  hash: null,
};

const sealed = (pack: WirePack): WirePack => ({
  ...pack,
  hash: { algo: 'sha-256', value: packHash(pack) ?? '' },
});

describe('the hash of a pack', () => {
  it('is that of what the example of the XEP shows', () => {
    // The XEP leaves stickers of its example out ("..."), so that its own id fits nothing that can be seen. This one
    // was computed from what is seen by a second program, in another language.
    const hash = packHash(marsey) ?? '';
    expect(hash).toBe('N6zJI4PTGfFfSJbwakmBihwBdP6sPFSdhgKE5hzMH4w=');
    expect(packIdOf(hash)).toBe('N6zJI4PTGfFfSJbwakmBihwB');
  });

  it('does not depend on the order of names, stickers and hashes, nor on where the files are', () => {
    const more = {
      ...marsey,
      names: [...marsey.names, { lang: 'de', text: 'Marsey, die Katze' }],
      stickers: marsey.stickers.map((one) => ({
        ...one,
        hashes: [...one.hashes, { algo: 'sha3-256', value: 'AAAA' }],
      })),
    };
    const turned = {
      ...more,
      names: more.names.toReversed(),
      stickers: more.stickers
        .map((one) => ({ ...one, hashes: one.hashes.toReversed(), urls: [], title: 'elsewhere' }))
        .toReversed(),
    };
    expect(packHash(turned)).toBe(packHash(more));
    expect(packHash(more)).not.toBe(packHash(marsey));
  });

  it('lets no text slip from one place into another', () => {
    const [first, second] = marsey.stickers as [WireSticker, WireSticker];
    const shifted = { ...marsey, stickers: [{ ...first, fallback: second.fallback }, second] };
    const asSummary = { ...marsey, names: [], summaries: [...marsey.summaries, ...marsey.names] };
    const inLang = { ...marsey, names: [{ lang: 'en', text: 'Marsey the Cat' }] };
    expect(new Set([marsey, shifted, asSummary, inLang].map((pack) => packHash(pack))).size).toBe(4);
  });
});

describe('a genuine pack', () => {
  const pack = sealed(marsey);
  const id = packIdOf(pack.hash?.value ?? '');

  it('is what its id says', () => {
    expect(isGenuine(id, pack)).toBe(true);
  });

  it.each([
    ['another id', 'EpRv28DHHzFrE4zd+xaNpVb4', pack],
    ['another name', id, { ...pack, names: [{ lang: '', text: 'Marsey the Dog' }] }],
    ['one sticker more', id, { ...pack, stickers: [...pack.stickers, sticker('🐶', 'AAAA')] }],
    [
      'a sticker exchanged',
      id,
      { ...pack, stickers: [pack.stickers[0] ?? sticker('', ''), sticker('😘', 'AAAA')] },
    ],
    ['no hash', id, { ...pack, hash: null }],
    ['a hash of another kind', id, { ...pack, hash: { algo: 'md5', value: pack.hash?.value ?? '' } }],
    ['a hash that only begins alike', id, { ...pack, hash: { algo: 'sha-256', value: `${id}AAAA` } }],
  ] as const)('is refused with %s', (_what, claimed, forged) => {
    expect(isGenuine(claimed, forged)).toBe(false);
  });
});
