import type { Message } from 'stanza/protocol/index.js';
import { buildEffect, CAPTION } from './effects.ts';
import { FORWARD } from './modules/postcard-forward.ts';
import type { Fallback } from './modules/xep-0428-fallback.ts';
import { SFS } from './modules/xep-0447-file-sharing.ts';
import { quoteOf, REPLIES } from './modules/xep-0461-replies.ts';
import { toSharing } from './shared-files.ts';
import { writeSticker } from './sticker-message.ts';
import type { OutboundMessage } from './types.ts';

/**
 * The stanzas of one message, in the order they go out; the first carries its id. A picture's body is its
 * address alone, since only then do other apps show it inline; its caption follows as a message of its own that
 * ours leave out (docs/decisions/captions-to-other-apps.md).
 */
export function buildMessage(message: OutboundMessage): Message[] {
  const { id, to, file } = message;
  const type = message.room ? ('groupchat' as const) : ('chat' as const);
  if (message.effect !== undefined) return [buildEffect({ id, to, type, effect: message.effect })];
  const common = {
    to,
    type,
    processingHints: { store: true },
    ...(message.tellsChatState ? { chatState: 'active' as const } : {}),
  };
  const about = aboutOthers(message);
  const receipt = {
    ...(message.wantsReceipt ? { receipt: { type: 'request' as const } } : {}),
    ...(message.markable ? { marker: { type: 'markable' as const } } : {}),
  };
  if (file === null && message.note !== undefined) {
    const text = message.body ? withFallbacks(message) : {};
    return [{ ...common, id, originId: id, note: message.note, ...about, ...text }];
  }
  if (file === null) {
    const report = message.report ? { abuseReport: message.report } : {};
    return [{ ...common, id, originId: id, ...about, ...withFallbacks(message), ...receipt, ...report }];
  }
  if (message.sticker !== undefined)
    return [{ ...common, id, originId: id, ...about, ...writeSticker(file, message.sticker), ...receipt }];
  const photo: Message = {
    ...common,
    id,
    originId: id,
    body: file.url,
    links: [{ url: file.url }],
    fileSharing: [toSharing(file)],
    fallbacks: [{ for: SFS, range: null }],
    ...(message.album ? { album: message.album } : {}),
    ...about,
    ...receipt,
  };
  // Other apps know no albums: there the caption of all is a text once, after the photo that brings it.
  const words = [message.album?.caption ?? '', file.caption ?? ''].filter((text) => text !== '');
  if (words.length === 0) return [photo];
  const captionId = id + CAPTION;
  return [photo, { ...common, id: captionId, originId: captionId, body: words.join('\n\n'), captionOf: id }];
}

/** What it answers, and that it was passed on. */
const aboutOthers = ({ reply, forwarded }: OutboundMessage): Partial<Message> => ({
  ...(reply ? { reply: { id: reply.id, author: reply.author } } : {}),
  ...(forwarded === undefined ? {} : { forwarded }),
});

/** The text; before it, for apps that know neither, what it answers and who wrote it (XEP-0461 section 3.2). */
function withFallbacks(message: OutboundMessage): Partial<Message> {
  const text = message.body ?? '';
  const quote = message.reply ? quoteOf(message.reply.quote) : '';
  const source = message.forwarded ? `${message.forwarded}:\n` : '';
  const spans: Fallback[] = [];
  const end = pointsIn(quote);
  if (quote !== '') spans.push({ for: REPLIES, range: { start: 0, end } });
  if (source !== '') spans.push({ for: FORWARD, range: { start: end, end: end + pointsIn(source) } });
  const before = end + pointsIn(source);
  const mentions = (message.mentions ?? []).map((mention) => ({ ...mention, start: mention.start + before }));
  return {
    body: quote + source + text,
    ...(spans.length > 0 ? { fallbacks: spans } : {}),
    ...(mentions.length > 0 ? { mentions } : {}),
  };
}

/** XEP-0426 counts code points. */
const pointsIn = (text: string): number => [...text].length;

/** The id of the message that a stanza's id belongs to. */
export function messageIdOf(stanzaId: string): string {
  return stanzaId.endsWith(CAPTION) ? stanzaId.slice(0, -CAPTION.length) : stanzaId;
}
