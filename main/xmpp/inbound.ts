import type { ReceivedIQ, ReceivedMessage, ReceivedPresence } from 'stanza/protocol/index.js';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Capabilities } from './capabilities.ts';
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
import { BOOKMARKS, readBookmark } from './modules/xep-0402-bookmarks.ts';
import { READ_POSITIONS, readPosition } from './modules/xep-0490-read-positions.ts';
import { readDisplayed } from './modules/xep-0333-displayed.ts';
import { STICKERS } from './modules/xep-0449-pack.ts';
import { PRIVATE_STICKERS } from './modules/xep-0449-stickers.ts';
import { type InboundContext, isThroughRoom, ownDelay, readMessage } from './read-message.ts';
import { readNotice, readRoomMessage, readSeen } from './room-messages.ts';
import { nickIn, RoomTable } from './room-presence.ts';
import { bareAddress } from './server-address.ts';
import type { InboundHandlers, InboundMessage } from './types.ts';

/**
 * Open archive queries: a result counts only while its query is open (item 2 of the list of distrust), and from the
 * archive asked: the bare address of my account or of a room.
 */
export type OpenQueries = Map<string, { readonly of: string; take(result: ArchiveResult): void }>;

/** ms within which a server has said again what a lost stream had not acknowledged. */
const CATCHING_UP = 60_000;
/** Anybody can make a room that invites. */
const MOST_HIDDEN = 100;

/**
 * The one way in for stanzas. Each is checked for who sent it before it has any effect; what is not sound has
 * none. Throws only what the handlers throw.
 */
export class Inbound {
  readonly queries: OpenQueries = new Map();
  /** Messages whose sender waits for an error itself, by id; gets its condition. */
  readonly refusals = new Map<string, (condition: string) => void>();
  readonly #context: InboundContext;
  readonly #handlers: InboundHandlers;
  readonly #log: (line: string) => void;
  readonly #capabilities: Capabilities | null;
  readonly #rooms: RoomTable;
  /** Rooms that passed an invitation on and hide from whom. */
  readonly #hidden = new Set<string>();
  /** Unix ms. */
  #resumedAt: number | null = null;

  constructor(
    context: InboundContext,
    handlers: InboundHandlers,
    log: (line: string) => void,
    capabilities: Capabilities | null = null,
    rooms = new RoomTable(),
  ) {
    this.#context = context;
    this.#handlers = handlers;
    this.#log = log;
    this.#capabilities = capabilities;
    this.#rooms = rooms;
  }

  /** The stream takes up the one before (XEP-0198): what was missed comes now. */
  resumed(): void {
    this.#resumedAt = Date.now();
  }

  onMessage(stanza: ReceivedMessage): void {
    if (stanza.archive !== undefined) return this.#archived(stanza);
    if (stanza.carbon !== undefined) return this.#carbon(stanza);
    if (stanza.type === 'error') return this.#bounced(stanza);
    if (stanza.type === 'groupchat' || this.#rooms.get(bareAddress(stanza.from))) return this.#ofRoom(stanza);
    if (stanza.pubsub !== undefined) return this.#event(stanza);
    if (stanza.receipt?.type === 'received') return this.#receipt(stanza);
    if (readDisplayed(stanza) !== null) return this.#displayed(stanza);
    if (stanza.heldBack !== undefined) return this.#held(stanza);
    if (stanza.muc !== undefined || stanza.roomSays !== undefined) return this.#invitation(stanza);
    this.#chatState(stanza);
    if (!isThroughRoom(stanza)) this.#capabilities?.seen(stanza.from);
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
    if (this.#rooms.onPresence(presence, this.#handlers, (message) => this.#heard(message))) return;
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
    const asked = open !== undefined && (from === open.of || (from === '' && open.of === this.#context.own));
    if (!asked) return void this.#refuse('archive result');
    const result = readResult(stanza);
    if (result !== null) open.take(result);
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
    // What an occupant says is not the room's answer.
    if (this.#rooms.get(from) && nickIn(stanza.from) !== null) return;
    const condition = stanza.error?.condition ?? 'undefined-condition';
    const waiting = this.refusals.get(stanza.id);
    if (waiting !== undefined) return waiting(condition);
    const text = stanza.error?.text?.slice(0, 500) ?? null;
    this.#handlers.onBounce({ from, id: stanza.id, condition, text, code: bounceCode(condition) });
  }

  /** Item 4: CVE-2023-28686. An event comes from the account that owns the node, by its bare address. */
  #event(stanza: ReceivedMessage): void {
    const { own } = this.#context;
    const from = stanza.from ?? own;
    const address = bareAddress(from);
    if (address === null || from !== address) return void this.#refuse('event');
    const items = (stanza.pubsub as { items?: EventItems } | undefined)?.items;
    const content = items?.published?.[0]?.content;
    if (address === own && this.#ownEvent(items?.node ?? '', items)) return;
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
  #ownEvent(node: string, items: EventItems | undefined): boolean {
    const item = items?.published?.[0];
    if (node === BOOKMARKS) return this.#bookmarks(items);
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

  #bookmarks(items: EventItems | undefined): boolean {
    for (const item of items?.published ?? []) {
      const bookmark = readBookmark(item);
      if (bookmark !== null) this.#handlers.onBookmark({ room: bookmark.room, bookmark });
    }
    for (const id of items?.retracted ?? []) {
      const room = bareAddress(id);
      if (room !== null) this.#handlers.onBookmark({ room, bookmark: null });
    }
    return true;
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

  /**
   * Only of a room that I am in, or on the way in: anybody can write a message of this type. Nothing else that comes from
   * its addresses, a private message above all, is anything here (item 8).
   */
  #ofRoom(stanza: ReceivedMessage): void {
    const room = this.#rooms.get(bareAddress(stanza.from));
    if (room === undefined) return void this.#refuse('message of a room');
    if (!this.#rooms.hold(room, stanza)) this.#heard(stanza);
  }

  #heard(stanza: ReceivedMessage): void {
    const room = this.#rooms.get(bareAddress(stanza.from));
    if (room === undefined || readNotice(stanza, room, this.#handlers)) return;
    const seen = readSeen(stanza, room);
    if (seen !== null) return this.#handlers.onSeen(seen);
    const delayed = this.#isCatchingUp() ? ownDelay(stanza, this.#context) : undefined;
    this.#deliver(readRoomMessage(stanza, this.#context.own, room, { source: 'live', delayed }));
  }

  /**
   * A room's messages are late only while a resumed stream brings what was missed. At any other time a stamp is its
   * sender's own, whomever it names: Prosody and ejabberd pass it on, and votes go by it.
   */
  #isCatchingUp(): boolean {
    return this.#resumedAt !== null && Date.now() - this.#resumedAt < CATCHING_UP;
  }

  /** Item 8: what comes through a room is no message of two; of it only invitations have an effect. */
  #invitation(stanza: ReceivedMessage): void {
    const at = Math.min(ownDelay(stanza, this.#context)?.getTime() ?? Date.now(), Date.now());
    const inviter = bareAddress(stanza.from);
    const mediated = readMediatedInvitation(stanza, this.#context.domain);
    if (mediated === 'hidden') return this.#hidesInviter(stanza);
    if (mediated !== null) return this.#handlers.onInvitation({ ...mediated, throughRoom: true, at });
    const direct = readDirectInvitation(stanza);
    // A room that invites to itself is nobody who does: who it was must be named.
    if (direct !== null && inviter !== null && inviter !== direct.room && inviter !== this.#context.own) {
      const throughRoom = this.#hidden.delete(direct.room);
      return this.#handlers.onInvitation({ ...direct, inviter, throughRoom, at });
    }
    const says = stanza.roomSays;
    const room = bareAddress(stanza.from);
    if (says === undefined || says === 'forged' || says.declined === null || room === null) return;
    if (nickIn(stanza.from) === null) this.#handlers.onDeclined({ room, ...says.declined });
  }

  /** The direct one that comes behind it says who invites. */
  #hidesInviter(stanza: ReceivedMessage): void {
    const room = bareAddress(stanza.from);
    if (this.#hidden.size >= MOST_HIDDEN) this.#hidden.clear();
    if (room !== null) this.#hidden.add(room);
  }

  #deliver(message: InboundMessage | null): void {
    if (message !== null) this.#handlers.onMessage(message);
  }

  #refuse(what: string): false {
    this.#log(`refused: ${what} from somebody who may not send it`);
    return false;
  }
}

/** What a PEP event says of a node's items. */
interface EventItems {
  readonly node?: string;
  readonly published?: readonly { readonly content?: unknown }[];
  readonly retracted?: readonly string[];
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
