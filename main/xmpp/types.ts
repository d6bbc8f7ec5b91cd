import type { ErrorCode, PostcardError } from '../../contract/errors.ts';
import type { InboundEffect, OutboundEffect } from './effect-types.ts';
import type { RequestCalls, RequestHandlers } from './request-types.ts';
import type { ReportMessage } from './report-types.ts';
import type { RoomCalls, RoomHandlers, RoomNote, RoomOrigin, WireMention } from './room-types.ts';
import type { WireAlbum } from './modules/postcard-album.ts';
import type { WireReply } from './modules/xep-0461-replies.ts';
import type { StickerCalls, StickerHandlers, WireStickerMark } from './sticker-types.ts';
import type { PrivateStorage, ReachCalls, ReachHandlers, ReadPositions } from './reach-types.ts';

/** Where an account lives and how to get there. */
export interface ServerTarget {
  /** The XMPP domain, lower case. Certificates are verified against it, whatever the endpoint's host is. */
  readonly domain: string;
  /** An explicit ws://, wss://, xmpp:// (STARTTLS) or xmpps:// (direct TLS) address; null: discover. */
  readonly endpoint: string | null;
}

export type ConnectionPhase = 'offline' | 'connecting' | 'connected';

export interface ConnectionStatus {
  readonly state: ConnectionPhase;
  /** Why it is not connected. With `retryAt: null` it is final: nothing is tried until `retryNow()`. */
  readonly problem: PostcardError | null;
  /** Unix time in ms of the next attempt; null when none is planned. */
  readonly retryAt: number | null;
}

export interface ConnectOptions {
  /** Bare address. */
  readonly address: string;
  readonly password: string;
  readonly target: ServerTarget;
  readonly resource: string;
  /** The SASL mechanism of the first login; a weaker offer is refused with `mechanism-downgraded`. */
  readonly mechanism: string | null;
  /** What `saveResume` was given last, in this or an earlier process. */
  readonly resume: string | null;
  /**
   * Called synchronously on each change of the stream's state, in particular before a message's bytes leave and
   * after a stanza's handlers returned. What it is given must be on disk when it returns. Identical states are
   * left out. Null: nothing to resume.
   */
  saveResume(state: string | null): void;
  readonly handlers: InboundHandlers;
  /** One line of what happened; never bodies or secrets. */
  log(line: string): void;
}

/** All synchronous: what they store is stored when they return, for then the stanza counts as handled (XEP-0198). */
export interface InboundHandlers extends ReachHandlers, RequestHandlers, StickerHandlers, RoomHandlers {
  onState(status: ConnectionStatus): void;
  /**
   * The stream can be written to and stream management is on (or known to be missing): now send.
   * `held`: ids of messages that the library holds and sends again by itself after a resume; don't send those.
   */
  onReady(ready: { resumed: boolean; held: string[]; mechanism: string }): void;
  /** A resume was refused (or SM is missing): these were not acknowledged. Reconcile by `findSent`, then resend. */
  onLost(originIds: string[]): void;
  /** The server has it (XEP-0198 acknowledgement; without stream management a pong sent after it). */
  onAcked(originId: string): void;
  /** Live, delivered from offline storage, or a carbon; already verified. */
  onMessage(message: InboundMessage): void;
  /** XEP-0184. `from` is a bare address; whether these ids were sent to it is for the receiver to check. */
  onReceipt(receipt: { from: string; ids: string[] }): void;
  onDisplayed(displayed: Displayed): void;
  /** What somebody is doing; also with every message of theirs that says so. Bare address. */
  onChatState(change: { from: string; state: ChatState }): void;
  /** A message came back as an error. `id` is the id it was sent with. */
  onBounce(bounce: Bounce): void;
  /** Changed items; an item with subscription `remove` is gone. */
  onRosterChanged(items: RosterItem[]): void;
  /** Somebody's avatar (XEP-0084 metadata, or the XEP-0153 hash in presence). `hash: null`: removed. */
  onAvatarChanged(change: { address: string; hash: string | null; mediaType: string | null }): void;
  /** XEP-0172 nickname published by its owner. */
  onNickChanged(change: { address: string; nick: string | null }): void;
  /** Somebody asks to follow (RFC 6121 section 3.1.3). Answer with `approveFollower` or `refuseFollower`. */
  onFollowRequest(request: { address: string; nick: string | null }): void;
  /** Somebody follows me no longer, or takes the question back (RFC 6121 section 3.3.3). */
  onFollowWithdrawn(request: { address: string }): void;
}

/** XEP-0085 */
export type ChatState = 'active' | 'composing' | 'paused' | 'inactive' | 'gone';

/** XEP-0333: everything up to this message of `peer`'s conversation was displayed by the other side, or by me elsewhere. */
export interface Displayed {
  /** From my own bare address: another device of mine displayed it. */
  readonly outgoing: boolean;
  /** Bare address of the conversation. */
  readonly peer: string;
  readonly id: string;
}

export interface Bounce {
  /** Bare address the message was sent to. */
  readonly from: string;
  readonly id: string;
  /** RFC 6120 section 8.3.3 condition, such as `service-unavailable`. */
  readonly condition: string;
  readonly text: string | null;
  readonly code: ErrorCode;
}

export type MessageType = 'chat' | 'normal' | 'headline' | 'groupchat';

export interface InboundMessage {
  readonly source: 'live' | 'carbon' | 'archive';
  /** From my own bare address. */
  readonly outgoing: boolean;
  /** Bare address. */
  readonly from: string;
  /** Bare address. */
  readonly to: string;
  readonly fromResource: string | null;
  /** Bare address of the conversation. */
  readonly peer: string;
  readonly type: MessageType;
  readonly id: string | null;
  readonly originId: string | null;
  /** Archive id, only when assigned by my own server (XEP-0359). */
  readonly stanzaId: string | null;
  /** Unix time in ms: the stamp of my server or archive, else now. */
  readonly sentAt: number;
  readonly delayed: boolean;
  /** Without fallback text, and null where it only repeats a file's URL. */
  readonly body: string | null;
  readonly files: readonly SharedFile[];
  /** It changes another message, and is none itself. */
  readonly effect: InboundEffect | null;
  /** All that the archive has of it: its author took it back (XEP-0424 section 5). */
  readonly tombstone: boolean;
  /** Its file is a sticker (XEP-0449); then there is no other text. */
  readonly sticker?: WireStickerMark;
  /** Which message it answers: its sender's claim. */
  readonly reply?: WireReply;
  /** Passed on from somebody of this name, '' where none is given: its sender's claim. */
  readonly forwarded?: string;
  /** Its photo is one of several sent together: their sender's claim. */
  readonly album?: WireAlbum;
  readonly wantsReceipt: boolean;
  /** The sender wants to hear that it was displayed (XEP-0333). */
  readonly markable: boolean;
  /** XEP-0334 `no-store` or `no-permanent-store`. */
  readonly noStore: boolean;
  /** Of a room's message (`type` is `groupchat`): `peer` is the room. */
  readonly room?: RoomOrigin;
  /** A payload of our own for groups. */
  readonly note?: RoomNote;
  /** It is no message: it repeats the caption of the one that was sent with this id. In rooms alone. */
  readonly captionOf?: string;
  /** Who is named in the text (XEP-0372): the sender's claim, but the addresses are bare ones and the places in it. */
  readonly mentions?: readonly WireMention[];
}

/** Everything but `url` is the sender's claim: names are cleaned, sizes and types are to be measured. */
export interface SharedFile {
  readonly url: string;
  readonly name: string | null;
  readonly mediaType: string | null;
  /** Bytes. */
  readonly bytes: number | null;
  /** px */
  readonly width: number | null;
  /** px */
  readonly height: number | null;
  /** Lower case hex. */
  readonly sha256: string | null;
  /** Base64. */
  readonly thumbhash: string | null;
  /** data: URL, at most 8 kB, image/jpeg, image/png or image/webp only. */
  readonly thumbnail: string | null;
  readonly caption: string | null;
  /** ms (XEP-0446). */
  readonly durationMs?: number | null;
  /** Of a voice note: base64 of up to 64 levels; '' when it is one that tells none. */
  readonly waveform?: string | null;
  /** A second description: of a sticker, what it shows. */
  readonly title?: string;
}

export interface OutboundMessage {
  /** Also the origin-id (XEP-0359). */
  readonly id: string;
  /** Bare address. */
  readonly to: string;
  /** Text; with a file it is ignored: a file's text is its caption. */
  readonly body: string | null;
  readonly file: SharedFile | null;
  /** It changes another message: the rest is left out. */
  readonly effect?: OutboundEffect;
  /** What it answers; `quote`: how that reads, for apps that know no replies. */
  readonly reply?: WireReply & { readonly quote: string };
  /** Passed on from somebody of this name; '' to give none. */
  readonly forwarded?: string;
  /** The file is a sticker. */
  readonly sticker?: WireStickerMark;
  /** The file is one of several photos sent together. */
  readonly album?: WireAlbum;
  /** To a room: `to` is its address. */
  readonly room?: boolean;
  /** A payload of our own for groups; without a text it goes alone. */
  readonly note?: RoomNote;
  readonly mentions?: readonly WireMention[];
  /** A report to whoever looks after a server: it goes along with the text, and into no conversation. */
  readonly report?: ReportMessage;
  readonly wantsReceipt: boolean;
  /** Ask to hear that it was displayed (XEP-0333). */
  readonly markable: boolean;
  /** Say that this side tells what it is doing (XEP-0085 section 5.1). */
  readonly tellsChatState: boolean;
}

export interface RosterItem {
  /** Bare address. */
  readonly address: string;
  readonly name: string | null;
  /** `to`: I follow; `from`: follows me; `both`: friends. */
  readonly subscription: 'none' | 'to' | 'from' | 'both' | 'remove';
  /** My request to follow waits for an answer. */
  readonly pending: boolean;
  readonly groups: readonly string[];
}

/** What somebody says of themselves; '' and [] where they say nothing. By somebody else: text of any length. */
export interface ProfileTexts {
  readonly name: string;
  readonly bio: string;
  readonly link: string;
  readonly interests: readonly string[];
}

export interface Profile extends Omit<ProfileTexts, 'name'> {
  readonly name: string | null;
  /** Whether they are asked before somebody follows them; null where they don't say. */
  readonly isPrivate: boolean | null;
}

export interface PublishedProfile extends ProfileTexts {
  readonly isPrivate: boolean;
  /** undefined leaves it, null removes it. */
  readonly avatar?: (Picture & { width: number; height: number }) | null | undefined;
}

export interface Person {
  readonly address: string;
  readonly name: string | null;
}

export interface FoundPeople {
  readonly people: readonly Person[];
  /** Which of a person's interests the directory looks through. */
  readonly interests: 'all' | 'first' | 'none';
}

export interface Picture {
  readonly data: Uint8Array;
  readonly mediaType: string;
}

export interface ArchiveQuery {
  /** Bare address; all conversations without it. */
  readonly with?: string;
  /** Unix time in ms, inclusive. */
  readonly start?: number;
  /** Unix time in ms, inclusive. */
  readonly end?: number;
  /** Archive id: the page after it. */
  readonly after?: string;
  /** Archive id: the page before it; true: the last page. */
  readonly before?: string | true;
  readonly max: number;
}

export interface ArchivePage {
  /** In archive order (oldest first), each with its archive id as `stanzaId`. */
  readonly messages: InboundMessage[];
  /** Archive ids of the page's ends, also of results that are no messages for a conversation. */
  readonly first: string | null;
  readonly last: string | null;
  readonly complete: boolean;
  readonly count: number | null;
}

export interface Archive {
  /** Throws PostcardError `offline`, `not-found` (unknown `after`/`before`), `no-answer`, `server-error`. */
  page(query: ArchiveQuery): Promise<ArchivePage>;
  supported(): Promise<boolean>;
}

export interface UploadSlot {
  readonly put: string;
  readonly get: string;
  /** Only Authorization, Cookie and Expires, without line breaks (XEP-0363 section 5). */
  readonly headers: Readonly<Record<string, string>>;
}

/** A connection that keeps itself up. Failures of its calls are `PostcardError`s. */
export interface Session extends RequestCalls {
  readonly status: ConnectionStatus;
  /** Hands a message to the stream, in order. Throws PostcardError `offline` before onReady and after a loss. */
  send(message: OutboundMessage): void;
  /** XEP-0184; `to` bare. Does nothing while offline. */
  sendReceipt(to: string, id: string): void;
  /** XEP-0333; `to` bare. Throws `offline`. */
  sendDisplayed(to: string, id: string): void;
  /** XEP-0085; `to` bare. Does nothing while offline. */
  sendChatState(to: string, state: ChatState): void;
  /** XEP-0352: whether anybody looks at the app. Remembered across reconnects. */
  setActive(active: boolean): void;
  /** Tries at once instead of waiting; a connection that is up is probed (after sleep or a network change). */
  retryNow(): void;
  /**
   * Ends it for good. `keepResumable`: drops the socket without ending the stream, so that the next start can
   * resume; `saveResume` keeps its last state. Else the stream is ended cleanly and `saveResume(null)` called.
   */
  close(options?: { keepResumable?: boolean }): Promise<void>;
  readonly archive: Archive;
  readonly reach: ReachCalls;
  /** Whether the apps of somebody have a feature (XEP-0030); null where nobody can say. Throws `offline`. */
  supports(address: string, feature: string): Promise<boolean | null>;
  /** Whether my server has it, for itself or for my account. Throws `offline`. */
  serverSupports(feature: string): Promise<boolean | null>;
  /** Whom my server names for reports of abuse (XEP-0157): `xmpp:`, `mailto:` and `https:` URIs. */
  abuseContacts(): Promise<string[]>;
  readonly privateStorage: PrivateStorage;
  /** XEP-0490 */
  readonly readPositions: ReadPositions;
  /** XEP-0449 */
  readonly stickers: StickerCalls;
  /** XEP-0045 */
  readonly rooms: RoomCalls;
  /**
   * Which of these origin ids my own archive has, looking behind this archive id (no clock is asked), or from
   * `since` (Unix ms) on, or everywhere. Throws as `Archive.page` does.
   */
  findSent(query: {
    originIds: string[];
    since?: number;
    after?: string;
    with?: string;
  }): Promise<Map<string, { stanzaId: string; sentAt: number }>>;
  roster(): Promise<RosterItem[]>;
  /** Takes the place of an item's name and groups, or makes an item without a subscription. */
  setRosterItem(item: { address: string; name: string | null; groups: readonly string[] }): Promise<void>;
  /** Ends subscriptions in both directions too. Throws `not-found` where there is none. */
  removeRosterItem(address: string): Promise<void>;
  /** Asks for a subscription. */
  follow(address: string): void;
  unfollow(address: string): void;
  approveFollower(address: string): void;
  /** Answers no, or takes a yes back. */
  refuseFollower(address: string): void;
  /** Resolves once the server has answered everything before it; then requests that waited have come, too. */
  settled(): Promise<void>;
  profile(address: string): Promise<Profile>;
  /** XEP-0084 first, the vCard's photo second; at most 1 MB, the hash checked. `hash`: SHA-1, lower case hex. */
  avatar(address: string): Promise<({ hash: string } & Picture) | null>;
  /** vCard4, vcard-temp (for search), nickname, avatar and our own item. */
  publishProfile(profile: PublishedProfile): Promise<void>;
  /** XEP-0055; null where the server has no directory. */
  search(query: string): Promise<FoundPeople | null>;
  /** Bytes for one file; 0: no upload service; Infinity never (a service without a limit says 2^53-1). */
  uploadLimit(): Promise<number>;
  /** XEP-0363. Throws `upload-unsupported`, `file-too-large` {limit}, `upload-failed` {condition}. */
  requestSlot(file: { name: string; bytes: number; mediaType: string }): Promise<UploadSlot>;
  changePassword(newPassword: string): Promise<void>;
  /** Removes the account from the server (XEP-0077 section 3.2) and closes the session. */
  deleteAccount(): Promise<void>;
}

export interface UploadRequest {
  readonly slot: UploadSlot;
  /** Path of the file; it is streamed. */
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly signal?: AbortSignal;
  onProgress?(sentBytes: number): void;
  /** As in `DownloadRequest`. */
  allowPrivate?(host: string, url: URL): boolean;
}

export interface DownloadRequest {
  readonly url: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** `total` as declared by the server, null when unknown. Bytes. */
  onProgress?(receivedBytes: number, total: number | null): void;
  /** Whether this may be on a private network or loopback: true where the account's own server is there. */
  allowPrivate?(host: string, url: URL): boolean;
}

export interface Download {
  /** Declared, not believed. */
  readonly mediaType: string | null;
  /** Declared, bytes. */
  readonly bytes: number | null;
  /** Throws PostcardError `file-too-large` {limit}, `download-failed`, `cancelled`. */
  readonly body: AsyncIterable<Uint8Array>;
}
