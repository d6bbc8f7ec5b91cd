import type { ReceivedIQ, ReceivedMessage, ReceivedPresence } from 'stanza/protocol/index.js';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Capabilities } from './capabilities.ts';
import { readEffect } from './effects.ts';
import { readHeld } from './modules/postcard-requests.ts';
import { readRoster } from './modules/rfc6121-roster.ts';
import { readMediatedInvitation } from './modules/xep-0045-invitation.ts';
import { NICK } from './modules/xep-0054-vcard.ts';
import { readPrivacyPush } from './modules/xep-0016-privacy-lists.ts';
import { AVATAR_METADATA, readMetadata } from './modules/xep-0084-avatar.ts';
import { readBlockPush } from './modules/xep-0191-blocking.ts';
import { readPrivate } from './modules/xep-0223-private-storage.ts';
import { readDirectInvitation } from './modules/xep-0249-direct-invitations.ts';
import { type ArchiveResult, readResult } from './modules/xep-0313-archive.ts';
import { readChatState } from './modules/xep-0085-chat-states.ts';
import { READ_POSITIONS, readPosition } from './modules/xep-0490-read-positions.ts';
import { isMarkable, readDisplayed } from './modules/xep-0333-displayed.ts';
import { stanzaIdBy } from './modules/xep-0359-ids.ts';
import { STICKERS } from './modules/xep-0449-pack.ts';
import { PRIVATE_STICKERS } from './modules/xep-0449-stickers.ts';
import { bareAddress } from './server-address.ts';
import { readContent } from './shared-files.ts';
import { readSticker } from './sticker-message.ts';
import type { InboundHandlers, InboundMessage, MessageType } from './types.ts';

/** Whose stanzas these are, and what my server is known to do. */
export interface InboundContext {
  /** My bare address. */
  readonly own: string;
  readonly domain: string;
  /** My server assigns archive ids and removes forged ones (XEP-0359 section 6). */
  readonly trustsStanzaIds: boolean;
}

const types = new Set<MessageType>(['chat', 'normal', 'headline', 'groupchat']);

/** Open archive queries: a result counts only while its query is open (item 2 of the list of distrust). */
export type OpenQueries = Map<string, (result: ArchiveResult) => void>;

/**
 * The one way in for stanzas. Each is checked for who sent it before it has any effect; what is not sound has
 * none. Throws only what the handlers throw.
 */
export class Inbound {
  readonly queries: OpenQueries = new Map();
  readonly #context: InboundContext;
  readonly #handlers: InboundHandlers;
  readonly #log: (line: string) => void;
  readonly #capabilities: Capabilities | null;

  constructor(
    context: InboundContext,
    handlers: InboundHandlers,
    log: (line: string) => void,
    capabilities: Capabilities | null = null,
  ) {
    this.#context = context;
    this.#handlers = handlers;
    this.#log = log;
    this.#capabilities = capabilities;
  }

  onMessage(stanza: ReceivedMessage): void {
    if (stanza.archive !== undefined) return this.#archived(stanza);
    if (stanza.carbon !== undefined) return this.#carbon(stanza);
    if (stanza.type === 'error') return this.#bounced(stanza);
    if (stanza.pubsub !== undefined) return this.#event(stanza);
    if (stanza.receipt?.type === 'received') return this.#receipt(stanza);
    if (readDisplayed(stanza) !== null) return this.#displayed(stanza);
    if (stanza.heldBack !== undefined) return this.#held(stanza);
    if (stanza.muc !== undefined) return this.#invitation(stanza);
    this.#chatState(stanza);
    if (!isThroughRoom(stanza) && stanza.type !== 'groupchat') this.#capabilities?.seen(stanza.from);
    this.#deliver(readMessage(stanza, this.#context, { source: 'live' }));
  }

  /** Item 3: a roster push counts only from my own account (RFC 6121 section 2.1.6). True: it was one. */
  onRosterPush(iq: ReceivedIQ): boolean {
    const from = iq.from ?? '';
    if (from !== '' && from !== this.#context.own) return this.#refuse('roster push');
    this.#handlers.onRosterChanged(readRoster(iq));
    return true;
  }

  /** As with the roster: only my own account may say whom I block (XEP-0191 section 3.4). True: it was a push. */
  onBlockPush(iq: ReceivedIQ): boolean {
    const push = readBlockPush(iq);
    if (push === null || !this.#isMine(iq)) return this.#refuse('block push');
    this.#handlers.onBlockPush(push);
    return true;
  }

  /** XEP-0016 section 2.6. True: it was a push. */
  onPrivacyPush(iq: ReceivedIQ): boolean {
    const list = readPrivacyPush(iq);
    if (list === null || !this.#isMine(iq)) return this.#refuse('privacy push');
    this.#handlers.onPrivacyPush(list);
    return true;
  }

  #isMine(iq: ReceivedIQ): boolean {
    const from = iq.from ?? '';
    return from === '' || from === this.#context.own;
  }

  onPresence(presence: ReceivedPresence): void {
    const address = bareAddress(presence.from);
    if (address === null) return;
    const nick = typeof presence.nick === 'string' ? cleanNick(presence.nick) : null;
    if (presence.type === 'subscribe') return this.#handlers.onFollowRequest({ address, nick });
    if (presence.type === 'unsubscribe') return this.#handlers.onFollowWithdrawn({ address });
    // A presence through a room is that of an occupant, whatever its address looks like (item 8).
    if (presence.type === 'unavailable') this.#capabilities?.gone(presence.from);
    if (presence.type !== undefined || 'muc' in presence) return;
    const hash = presence.vcardAvatar;
    if (typeof hash === 'string' && /^[0-9a-f]{40}$/i.test(hash)) {
      this.#handlers.onAvatarChanged({ address, hash: hash.toLowerCase(), mediaType: null });
    }
  }

  /** Item 2. */
  #archived(stanza: ReceivedMessage): void {
    const from = stanza.from ?? '';
    const queryId = (stanza.archive as { queryId?: string } | undefined)?.queryId ?? '';
    const open = this.queries.get(queryId);
    if ((from !== '' && from !== this.#context.own) || open === undefined)
      return void this.#refuse('archive result');
    const result = readResult(stanza);
    if (result !== null) open(result);
  }

  /** Item 1: CVE-2017-5589. The outer `from` is checked with its resource: my account has none. */
  #carbon(stanza: ReceivedMessage): void {
    const { own } = this.#context;
    if (stanza.from !== own) return void this.#refuse('carbon');
    const carbon = stanza.carbon as
      { type?: string; forward?: { message?: ReceivedMessage; delay?: { timestamp?: Date } } } | undefined;
    const inner = carbon?.forward?.message;
    if (inner === undefined) return;
    const sent = carbon?.type === 'sent';
    if (bareAddress(sent ? inner.from : inner.to) !== own) return void this.#refuse('carbon of others');
    if (inner.type === 'error' || inner.carbon !== undefined || inner.archive !== undefined) return;
    if (inner.receipt?.type === 'received') return sent ? undefined : this.#receipt(inner);
    if (readDisplayed(inner) !== null) return this.#displayed(inner);
    this.#deliver(
      readMessage(inner, this.#context, { source: 'carbon', stamp: carbon?.forward?.delay?.timestamp }),
    );
  }

  #bounced(stanza: ReceivedMessage): void {
    const from = bareAddress(stanza.from) ?? this.#context.domain;
    if (!stanza.id) return;
    const condition = stanza.error?.condition ?? 'undefined-condition';
    const text = stanza.error?.text?.slice(0, 500) ?? null;
    this.#handlers.onBounce({ from, id: stanza.id, condition, text, code: bounceCode(condition) });
  }

  /** Item 4: CVE-2023-28686. An event comes from the account that owns the node, by its bare address. */
  #event(stanza: ReceivedMessage): void {
    const { own } = this.#context;
    const from = stanza.from ?? own;
    const address = bareAddress(from);
    if (address === null || from !== address) return void this.#refuse('event');
    const items = (
      stanza.pubsub as { items?: { node?: string; published?: { content?: unknown }[] } } | undefined
    )?.items;
    const content = items?.published?.[0]?.content;
    if (address === own && this.#ownEvent(items?.node ?? '', items?.published?.[0])) return;
    if (items?.node === AVATAR_METADATA && items.published !== undefined) {
      const info = readMetadata(content);
      this.#handlers.onAvatarChanged({
        address,
        hash: info?.hash ?? null,
        mediaType: info?.mediaType ?? null,
      });
    } else if (items?.node === NICK && items.published !== undefined) {
      const nick = (content as { nick?: unknown } | undefined)?.nick;
      this.#handlers.onNickChanged({ address, nick: typeof nick === 'string' ? cleanNick(nick) : null });
    }
  }

  /** What my own account keeps for itself alone (XEP-0223). True: it was that. */
  #ownEvent(node: string, item: unknown): boolean {
    if (node === STICKERS || node === PRIVATE_STICKERS) {
      this.#handlers.onPacksChanged();
      return true;
    }
    const position = node === READ_POSITIONS ? readPosition(item, this.#context.own) : null;
    if (position !== null) this.#handlers.onReadPosition(position);
    const kept = readPrivate(item);
    if (kept !== null) this.#handlers.onPrivateItem({ node, ...kept });
    return position !== null || kept !== null;
  }

  #receipt(stanza: ReceivedMessage): void {
    const from = bareAddress(stanza.from);
    const id = (stanza.receipt as { id?: string } | undefined)?.id ?? stanza.id;
    if (from === null || !id || isThroughRoom(stanza)) return;
    this.#handlers.onReceipt({ from, ids: [id] });
  }

  /** The caller has verified who sent it; `from` and `to` of a carbon are those of the message in it. */
  #displayed(stanza: ReceivedMessage): void {
    const { own } = this.#context;
    const id = readDisplayed(stanza);
    const from = bareAddress(stanza.from ?? own);
    const to = bareAddress(stanza.to ?? own);
    if (id === null || from === null || to === null || isThroughRoom(stanza)) return;
    if (stanza.type === 'groupchat' || stanza.type === 'error') return;
    const outgoing = from === own;
    this.#handlers.onDisplayed({ outgoing, peer: outgoing ? to : from, id });
  }

  /** Live ones alone: what somebody was doing a while ago is nobody's concern. */
  #chatState(stanza: ReceivedMessage): void {
    const state = readChatState(stanza);
    const from = bareAddress(stanza.from);
    if (state === null || from === null || from === this.#context.own || isThroughRoom(stanza)) return;
    if (stanza.type === 'groupchat' || stanza.delay !== undefined) return;
    this.#handlers.onChatState({ from, state });
  }

  /** Only my own server can know what it holds back. */
  #held(stanza: ReceivedMessage): void {
    if (stanza.from !== this.#context.domain) return void this.#refuse('notice of what is held back');
    const held = readHeld(stanza);
    if (held !== null) this.#handlers.onHeld(held);
  }

  /** Item 8: what comes through a room is no message of two; of it only invitations have an effect. */
  #invitation(stanza: ReceivedMessage): void {
    if (stanza.type === 'groupchat') return;
    const at = Math.min(ownDelay(stanza, this.#context)?.getTime() ?? Date.now(), Date.now());
    const inviter = bareAddress(stanza.from);
    const direct = readDirectInvitation(stanza);
    if (direct !== null && inviter !== null && inviter !== this.#context.own)
      return this.#handlers.onInvitation({ ...direct, inviter, at });
    const mediated = readMediatedInvitation(stanza, this.#context.domain);
    if (mediated !== null) this.#handlers.onInvitation({ ...mediated, at });
  }

  #deliver(message: InboundMessage | null): void {
    if (message !== null) this.#handlers.onMessage(message);
  }

  #refuse(what: string): false {
    this.#log(`refused: ${what} from somebody who may not send it`);
    return false;
  }
}

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
  const content = readContent(stanza);
  const sticker = readSticker(stanza, content);
  const { body, files } = sticker ?? content;
  // What is left of a correction or a caption says nothing: what they belonged to has been taken back itself.
  if (stanza.retracted === true && (stanza.captionOf !== undefined || stanza.replace !== undefined))
    return null;
  const effect = readEffect(stanza, { body, files });
  const tombstone = envelope.source === 'archive' && stanza.retracted === true;
  const isMessage = stanza.captionOf === undefined && (body !== null || files.length > 0);
  if (!isMessage && effect === null && !tombstone) return null;
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

function isThroughRoom(stanza: ReceivedMessage): boolean {
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

function ownDelay(stanza: ReceivedMessage, { own, domain }: InboundContext): Date | undefined {
  const delay = stanza.delay as { from?: string; timestamp?: Date } | undefined;
  return delay?.from === own || delay?.from === domain ? delay.timestamp : undefined;
}

function cleanNick(nick: string): string | null {
  return nick.trim().slice(0, 200) || null;
}

function bounceCode(condition: string): ErrorCode {
  switch (condition) {
    case 'remote-server-not-found':
      return 'server-not-found';
    case 'remote-server-timeout':
      return 'server-unreachable';
    case 'item-not-found':
      return 'not-found';
    default:
      return 'not-delivered';
  }
}
