import {
  stanzaIdOf,
  type OutboxRow,
  type OutgoingEffect,
  type ReadableDb,
  type StickerMark,
} from '../store/index.ts';
import { toPoints } from './group-messages/mentions.ts';
import { noteOf } from './polls/wire.ts';
import {
  captionIdOf,
  type OutboundEffect,
  type OutboundMessage,
  type SharedFile,
  type WireStickerMark,
} from '../xmpp/index.ts';

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
    // Nobody confirms anything to a room (XEP-0184 section 5.3): its own copy says that it has the message.
    wantsReceipt: row.group === null && row.address !== ownAddress,
    ...(row.group === null ? offers : { ...offers, tellsChatState: false, room: true }),
    ...(row.asks !== null && file === null ? { note: noteOf(row.asks) } : {}),
    ...(row.group && file === null ? { mentions: toPoints(row.text, row.group.mentions) } : {}),
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

/**
 * The same to a room, where messages are meant by what the room calls them, but for corrections (XEP-0424 section 4.2,
 * 0444 section 4.1). null: the room has not said yet what it calls this one.
 */
export function composeRoomEffect(db: ReadableDb, row: OutgoingEffect): OutboundMessage | null {
  const message = composeEffect(row);
  const { effect } = message;
  if (effect?.kind === 'edit' && effect.caption) {
    const captionId = stanzaIdOf(db, row.messageId, captionIdOf(effect.target));
    return { ...message, room: true, effect: captionId === null ? effect : { ...effect, captionId } };
  }
  if (effect === undefined || effect.kind === 'edit') return { ...message, room: true };
  const target = stanzaIdOf(db, row.messageId, effect.target);
  return target === null ? null : { ...message, room: true, effect: { ...effect, target } };
}
