// XEP-0449 section 4.1 and 4.2: a sticker in a message
import type { Message } from 'stanza/protocol/index.js';
import { SFS } from './modules/xep-0447-file-sharing.ts';
import { packPlace } from './modules/xep-0449-stickers.ts';
import { toSharing } from './shared-files.ts';
import type { SharedFile } from './types.ts';
import type { WireStickerMark } from './sticker-types.ts';

/** Characters of what stands in for a sticker, and of what it shows. */
const MAX_FALLBACK = 64;
const MAX_TITLE = 200;

/** The sticker a message is; null where it is none. Text and description are fallbacks then, and no message. */
export function readSticker(
  stanza: Message,
  content: { body: string | null; files: readonly SharedFile[] },
): { mark: WireStickerMark; body: null; files: SharedFile[] } | null {
  const [file] = content.files;
  if (stanza.sticker === undefined || file === undefined) return null;
  const place = packPlace(stanza.sticker) ?? { pack: null, owner: null, node: null };
  const { title, ...plain } = file;
  const fallback = file.caption ?? textIn(stanza, file.url);
  const mark = {
    ...place,
    fallback: cut(fallback, MAX_FALLBACK),
    title: title === undefined || title === '' ? null : cut(title, MAX_TITLE),
  };
  return { mark, body: null, files: [{ ...plain, caption: null }] };
}

const textIn = ({ body }: Message, url: string): string =>
  typeof body === 'string' && body.trim() !== url ? body.trim() : '';

const cut = (text: string, length: number): string => [...text].slice(0, length).join('');

/**
 * What a sticker adds to a message, or has in place of a photo's. Its text is what stands in for it: an app that
 * knows no stickers shows that, and no address.
 */
export function writeSticker(file: SharedFile, mark: WireStickerMark): Partial<Message> {
  const { pack, owner, node, fallback, title } = mark;
  const described = { ...file, caption: fallback === '' ? null : fallback };
  return {
    body: fallback === '' ? file.url : fallback,
    sticker: { pack: pack ?? undefined, jid: owner ?? undefined, node: node ?? undefined },
    fileSharing: [toSharing(title === null ? described : { ...described, title })],
    fallbacks: [{ for: SFS, range: null }],
  };
}
