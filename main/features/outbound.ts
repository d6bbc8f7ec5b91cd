import type { OutboxRow, OutgoingEffect, StickerMark } from '../store/index.ts';
import type { OutboundEffect, OutboundMessage, SharedFile, WireStickerMark } from '../xmpp/index.ts';

/**
 * The one place where what leaves this device is put together: text, caption and file. End-to-end encryption
 * will seal them here, before anything knows how they travel.
 */
export function composeOutbound(
  row: OutboxRow,
  ownAddress: string,
  offers: Pick<OutboundMessage, 'markable' | 'tellsChatState'>,
): OutboundMessage {
  const attachment = row.attachments[0];
  const file: SharedFile | null =
    attachment?.url == null
      ? null
      : {
          url: attachment.url,
          name: attachment.name,
          mediaType: attachment.mediaType,
          bytes: attachment.bytes,
          width: attachment.width,
          height: attachment.height,
          sha256: attachment.localSha256,
          thumbhash: attachment.thumbhash,
          thumbnail: null,
          durationMs: attachment.durationMs,
          waveform: attachment.kind === 'voice' ? (attachment.waveform ?? '') : null,
          caption: row.text === '' ? null : row.text,
        };
  return {
    id: row.originId,
    to: row.address,
    body: file ? null : row.text,
    file,
    ...(row.sticker && file ? { sticker: wireMark(row.sticker) } : {}),
    ...(row.album && file ? { album: row.album } : {}),
    ...(row.reply ? { reply: { id: row.reply.ref, author: row.reply.author, quote: row.reply.quote } } : {}),
    ...(row.forwarded === undefined ? {} : { forwarded: row.forwarded }),
    wantsReceipt: row.address !== ownAddress,
    ...offers,
  };
}

const wireMark = ({ emoji, description, pack, owner, node }: StickerMark): WireStickerMark => ({
  fallback: emoji,
  title: description === '' ? null : description,
  pack,
  owner,
  node,
});

/** The same for what changes a message that has gone. */
export const composeEffect = (row: OutgoingEffect): OutboundMessage => ({
  id: row.originId,
  to: row.address,
  body: null,
  file: null,
  // Written by `Effects.own` alone.
  effect: JSON.parse(row.effect) as OutboundEffect,
  wantsReceipt: false,
  markable: false,
  tellsChatState: false,
});
