import { MAX_DESCRIPTION, MAX_PACK_NAME } from '../../../contract/stickers.ts';
import type { PackRow, StickerRow } from '../../store/index.ts';
import {
  isGenuine,
  knowsHash,
  packHash,
  packIdOf,
  type WireHash,
  type WirePack,
  type WireSticker,
} from '../../xmpp/index.ts';
import { cleanLine, cleanText } from '../plain-text.ts';

/** Of somebody else's pack; what has more is refused as a whole. */
export const LIMITS = {
  stickers: 120,
  /** Bytes of one file, and of all. */
  fileBytes: 1_000_000,
  packBytes: 30_000_000,
  /** px of an edge, and frames. */
  edge: 2048,
  frames: 300,
} as const;

const sha256Of = (hex: string): WireHash => ({
  algo: 'sha-256',
  value: Buffer.from(hex, 'hex').toString('base64'),
});

/** A pack of my own as it is published. `urlOf`: where a file is, by its SHA-256. */
export function toWire(
  pack: Pick<PackRow, 'name' | 'summary' | 'restricted'>,
  stickers: readonly StickerRow[],
  urlOf: (sha256: string) => string | null,
): { id: string; pack: WirePack } {
  const plain: WirePack = {
    names: [{ lang: '', text: pack.name }],
    summaries: [{ lang: '', text: pack.summary }],
    restricted: pack.restricted,
    stickers: stickers.map((one) => wireSticker(one, urlOf(one.sha256))),
    hash: null,
  };
  const value = packHash(plain) ?? '';
  return { id: packIdOf(value), pack: { ...plain, hash: { algo: 'sha-256', value } } };
}

const wireSticker = (one: StickerRow, url: string | null): WireSticker => ({
  fallback: one.emoji,
  title: one.description === '' ? null : one.description,
  hashes: [sha256Of(one.sha256)],
  mediaType: one.mediaType,
  size: one.bytes,
  width: one.width,
  height: one.height,
  urls: url === null ? [] : [url],
  suggestions: [],
});

/**
 * Whether a pack may be taken: it is what its id says, and small enough by what it says of itself (what its files
 * really are is measured when they come). Its author is not believed in anything else.
 */
export function isSound(id: string, pack: WirePack | null): pack is WirePack {
  if (pack === null || !isGenuine(id, pack)) return false;
  const { stickers } = pack;
  const bytes = stickers.reduce((sum, { size }) => sum + (size ?? 0), 0);
  return (
    stickers.length > 0 &&
    stickers.length <= LIMITS.stickers &&
    bytes <= LIMITS.packBytes &&
    nameOf(pack) !== '' &&
    stickers.every(isSoundSticker)
  );
}

function isSoundSticker({ size, urls, hashes, width, height, fallback, mediaType }: WireSticker): boolean {
  const small =
    (size ?? 0) <= LIMITS.fileBytes && (width ?? 0) <= LIMITS.edge && (height ?? 0) <= LIMITS.edge;
  const picture = mediaType === null || (mediaType.startsWith('image/') && !mediaType.includes('svg'));
  return (
    small && picture && urls.length > 0 && fallback.length <= 64 && hashes.some(({ algo }) => knowsHash(algo))
  );
}

/** The text without a language, else English, else the first. Of somebody else: made harmless. */
const textOf = (texts: WirePack['names']): string =>
  (texts.find(({ lang }) => lang === '') ?? texts.find(({ lang }) => lang.startsWith('en')) ?? texts[0])
    ?.text ?? '';

export const nameOf = (pack: WirePack): string => cleanLine(textOf(pack.names), MAX_PACK_NAME);
export const summaryOf = (pack: WirePack): string => cleanText(textOf(pack.summaries), 500);
/** What a sticker is called, and what stands in for it. */
export const wordsOf = ({ fallback, title }: Pick<WireSticker, 'fallback' | 'title'>) => ({
  emoji: cleanLine(fallback, 64),
  description: cleanLine(title ?? '', MAX_DESCRIPTION),
});
