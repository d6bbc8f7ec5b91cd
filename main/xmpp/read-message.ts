import type { ReceivedMessage } from 'stanza/protocol/index.js';
import { readEffect } from './effects.ts';
import { stanzaIdBy } from './modules/xep-0359-ids.ts';
import { isMarkable } from './modules/xep-0333-displayed.ts';
import { bareAddress } from './server-address.ts';
import { readContent } from './shared-files.ts';
import { readSticker } from './sticker-message.ts';
import type { InboundMessage, MessageType } from './types.ts';

/** Whose stanzas these are, and what my server is known to do. */
export interface InboundContext {
  /** My bare address. */
  readonly own: string;
  readonly domain: string;
  /** My server assigns archive ids and removes forged ones (XEP-0359 section 6). */
  readonly trustsStanzaIds: boolean;
  /** A bare address that is known as a room's; none without it. */
  readonly isRoom?: (address: string) => boolean;
}

const types = new Set<MessageType>(['chat', 'normal', 'headline', 'groupchat']);

/** How a message came, where it is not from its own envelope. */
interface Envelope {
  readonly source: InboundMessage['source'];
  /** Archive id of the result it was in. */
  readonly archiveId?: string;
  readonly stamp?: Date | undefined;
}

/**
 * A message for a conversation, or null: nothing to show, or not what it poses as. The caller has verified the
 * envelope of a carbon or an archive result.
 */
export function readMessage(
  stanza: ReceivedMessage,
  context: InboundContext,
  envelope: Envelope,
): InboundMessage | null {
  const { own } = context;
  const from = bareAddress(stanza.from ?? own);
  const to = envelope.source === 'live' ? own : bareAddress(stanza.to ?? own);
  if (from === null || to === null || (from !== own && to !== own)) return null;
  const type = readType(stanza);
  // Item 8: no room's message, and no private one through a room, becomes a conversation of two.
  if (type === null || type === 'groupchat' || isThroughRoom(stanza)) return null;
  if (context.isRoom?.(from) || context.isRoom?.(to)) return null;
  const content = readContent(stanza);
  const sticker = readSticker(stanza, content);
  const { body, files } = sticker ?? content;
  // What is left of a correction or a caption says nothing: what they belonged to has been taken back itself.
  if (stanza.retracted === true && (stanza.captionOf !== undefined || stanza.replace !== undefined))
    return null;
  const effect = readEffect(stanza, { body, files });
  const tombstone = envelope.source === 'archive' && stanza.retracted === true;
  const isMessage = stanza.captionOf === undefined && (body !== null || files.length > 0);
  const { note } = stanza;
  if (!isMessage && effect === null && !tombstone && note === undefined) return null;
  const outgoing = from === own;
  // A copy of a report that this account sent: it is in Reports, and no conversation.
  if (outgoing && stanza.abuseReport !== undefined) return null;
  const stamp = trustedStamp(stanza, context, envelope);
  return {
    source: envelope.source,
    outgoing,
    from,
    to: outgoing ? (bareAddress(stanza.to ?? own) ?? own) : to,
    fromResource: resourceOf(stanza.from),
    peer: outgoing ? (bareAddress(stanza.to ?? own) ?? own) : from,
    type,
    id: stanza.id || null,
    originId: stanza.originId || null,
    stanzaId: envelope.archiveId ?? (context.trustsStanzaIds ? stanzaIdBy(stanza, own) : null),
    sentAt: Math.min(stamp ?? Date.now(), Date.now()),
    delayed: stamp !== null,
    body: effect === null ? body : null,
    files: effect === null ? files : [],
    effect,
    tombstone,
    ...(sticker === null ? {} : { sticker: sticker.mark }),
    ...(stanza.reply === undefined || effect !== null ? {} : { reply: stanza.reply }),
    ...(stanza.forwarded === undefined || effect !== null ? {} : { forwarded: stanza.forwarded }),
    ...(stanza.album === undefined || files.length === 0 || sticker !== null || effect !== null
      ? {}
      : { album: stanza.album }),
    ...(note === undefined || effect !== null ? {} : { note }),
    wantsReceipt: !outgoing && stanza.receipt?.type === 'request' && Boolean(stanza.id),
    markable: !outgoing && isMarkable(stanza),
    noStore: Boolean(stanza.processingHints?.noStore || stanza.processingHints?.noPermanentStore),
  };
}

function readType(stanza: ReceivedMessage): MessageType | null {
  // RFC 6121 section 5.2.2: an unknown or missing type is `normal`; an error is no message.
  const type = stanza.type as string | undefined;
  if (type === 'error') return null;
  return types.has(type as MessageType) ? (type as MessageType) : 'normal';
}

/** An occupant's message, whatever its address looks like (XEP-0045 section 7.5). */
export function isThroughRoom(stanza: ReceivedMessage): boolean {
  return stanza.muc !== undefined || (stanza as { legacyMUC?: unknown }).legacyMUC !== undefined;
}

function resourceOf(full: string | undefined): string | null {
  const slash = full?.indexOf('/') ?? -1;
  return full === undefined || slash < 0 ? null : full.slice(slash + 1);
}

/** When it was sent, Unix ms: from the archive, or from a delay that my own server put on (XEP-0203 section 2). */
function trustedStamp(stanza: ReceivedMessage, context: InboundContext, envelope: Envelope): number | null {
  const given = envelope.stamp ?? ownDelay(stanza, context);
  const time = given?.getTime() ?? Number.NaN;
  return Number.isFinite(time) && time > 0 ? time : null;
}

/** The stamp of my own server (XEP-0203). */
export function ownDelay(stanza: ReceivedMessage, { own, domain }: InboundContext): Date | undefined {
  const delay = stanza.delay as { from?: string; timestamp?: Date } | undefined;
  return delay?.from === own || delay?.from === domain ? delay.timestamp : undefined;
}
