import {
  ensureConversation,
  type InboundRow,
  type NewAttachment,
  type StickerMark,
  type WritableDb,
} from '../store/index.ts';
import type { InboundMessage, SharedFile, WireStickerMark } from '../xmpp/index.ts';

/** Messages that belong into a conversation of two: with a text or a file, or that had one. */
export const isForConversation = (m: InboundMessage): boolean =>
  m.type !== 'groupchat' && m.type !== 'headline' && m.effect === null && hasContent(m);

/** There is, or was, something to show. */
export const hasContent = (m: InboundMessage): boolean =>
  (m.body !== null && m.body !== '') || m.files.length > 0 || m.tombstone;

/** Characters; more than anybody writes, less than what makes a window slow. */
const MAX_TEXT = 100_000;

/** What the store keeps of a message; makes the conversation when it is the first one. */
export function inboundRow(db: WritableDb, m: InboundMessage, ownAddress: string): InboundRow {
  const kind = m.peer === ownAddress ? 'self' : 'direct';
  return {
    conversationId: ensureConversation(db, { address: m.peer, kind }),
    ...contentOf(m),
    reply: m.reply ? { ref: m.reply.id, author: m.reply.author } : null,
  };
}

/** What is the same of every message, in a group as well. */
export function contentOf(m: InboundMessage): Omit<InboundRow, 'conversationId' | 'reply'> {
  const caption = m.files.find((file) => file.caption !== null)?.caption;
  return {
    outgoing: m.outgoing,
    senderAddress: m.from,
    wireId: m.id,
    originId: m.originId,
    stanzaId: m.stanzaId,
    sentAt: m.sentAt,
    text: ((m.files.length > 0 ? caption : null) ?? m.body ?? '').slice(0, MAX_TEXT),
    attachments: m.files.map((file) => attachmentOf(file, m.sticker !== undefined)),
    album: m.album ?? null,
    sticker: m.sticker ? markOf(m.sticker) : null,
    ...(m.forwarded === undefined ? {} : { forwarded: m.forwarded }),
  };
}

const markOf = ({ fallback, title, pack, owner, node }: WireStickerMark): StickerMark => ({
  emoji: fallback,
  description: title ?? '',
  pack,
  owner,
  node,
});

const IMAGE_NAME = /\.(jpe?g|png|webp|gif|avif|heic|heif)$/i;

/** All of it is the sender's claim until the file has been fetched and measured. */
function attachmentOf(file: SharedFile, isSticker: boolean): NewAttachment {
  const looksLikeImage = file.mediaType?.startsWith('image/') ?? IMAGE_NAME.test(pathOf(file.url));
  return {
    kind:
      looksLikeImage && file.mediaType !== 'image/svg+xml'
        ? isSticker
          ? 'sticker'
          : 'photo'
        : heardOrSeen(file),
    name: file.name ?? nameFromUrl(file.url),
    mediaType: file.mediaType ?? 'application/octet-stream',
    bytes: file.bytes,
    width: file.width,
    height: file.height,
    thumbhash: file.thumbhash,
    durationMs: file.durationMs ?? null,
    waveform: file.waveform ?? null,
    url: file.url,
    remoteSha256: file.sha256,
    state: 'remote',
  };
}

function heardOrSeen({ mediaType, waveform }: SharedFile): NewAttachment['kind'] {
  if (mediaType?.startsWith('video/')) return 'video';
  if (!mediaType?.startsWith('audio/')) return 'file';
  return waveform == null ? 'audio' : 'voice';
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : '';
}

function nameFromUrl(url: string): string {
  const last = pathOf(url).split('/').at(-1) ?? '';
  // A percent sign that encodes nothing is part of the name.
  const name = /%(?![0-9a-f]{2})/i.test(last) ? last : safelyDecoded(last);
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return name.replace(/[\u0000-\u001f\u007f/\\]/g, '').slice(0, 200) || 'file';
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
