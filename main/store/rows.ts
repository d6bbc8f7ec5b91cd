import type { AlbumPart } from '../../contract/albums.ts';
import type { ErrorCode, ErrorDetail } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Attachment } from '../../contract/messages.ts';
import type { StagedPhoto } from '../../contract/photos.ts';
import type { PollDefinition } from './polls.ts';
import type { ReplyMark } from './replies.ts';

export interface Problem {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;
}

/** An attachment as it is stored: the contract's, and what only main needs. */
export interface AttachmentRow extends Attachment {
  readonly messageId: MessageId;
  /** Where it can be fetched; null while an outgoing one has not been uploaded. */
  readonly url: string | null;
  /** SHA-256 the sender claims, hexadecimal; null when not said. */
  readonly remoteSha256: string | null;
  /** SHA-256 of the file in the media store; null when it is not there. */
  readonly localSha256: string | null;
}

/** A new attachment. What is left out is null; `state` is `ready` with a local file, else `remote`. */
export interface NewAttachment {
  readonly kind: Attachment['kind'];
  readonly name: string;
  readonly mediaType: string;
  readonly bytes?: number | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly thumbhash?: string | null;
  readonly durationMs?: number | null;
  readonly waveform?: string | null;
  readonly animated?: boolean;
  readonly url?: string | null;
  readonly remoteSha256?: string | null;
  readonly localSha256?: string | null;
  readonly state?: Attachment['state'];
}

/** What a message says of the sticker it is (XEP-0449). */
export interface StickerMark {
  /** What stands in for it; '' when nothing does. */
  readonly emoji: string;
  readonly description: string;
  /** Id of its pack's item; null when it is of none. */
  readonly pack: string | null;
  /** Where the pack is, when not on the sender's own node. */
  readonly owner: string | null;
  readonly node: string | null;
}

/** Who wrote a group's message, as the room named them. `occupantId`: XEP-0421; null where the room has none. */
export interface OccupantMark {
  readonly nick: string;
  readonly occupantId: string | null;
}

/** Somebody is named in a text; as the contract's `Mention`. */
export interface MentionMark {
  readonly address: string;
  /** UTF-16 units. */
  readonly start: number;
  readonly length: number;
}

/** A message from the wire, the archive, or another device of one's own. Ids are untrusted but `stanzaId`. */
export interface InboundRow {
  readonly conversationId: ConversationId;
  /** Sent by this account, from whichever device. */
  readonly outgoing: boolean;
  /** Bare address. */
  readonly senderAddress: string;
  /** The stanza's `id`. */
  readonly wireId: string | null;
  /** XEP-0359 origin-id. */
  readonly originId: string | null;
  /** XEP-0359 stanza-id, checked to be stamped by the archive that owns the conversation. */
  readonly stanzaId: string | null;
  /** Unix time, ms. */
  readonly sentAt: number;
  readonly text: string;
  readonly attachments: readonly NewAttachment[];
  readonly album?: AlbumPart | null;
  readonly sticker?: StickerMark | null;
  readonly reply?: ReplyMark | null;
  /** Passed on: who wrote it, '' without a name. */
  readonly forwarded?: string;
  /** Of a group's message. */
  readonly occupant?: OccupantMark;
  readonly mentions?: readonly MentionMark[];
  /** It is never unread: somebody wrote it in a group whom I block. */
  readonly folded?: boolean;
}

/**
 * Where a message goes. `live`: at the end of its conversation. `stamped`: by its stamp, after those of the same
 * stamp. `backward`: by its stamp, before those of the same stamp (archive pages fetched from new to old).
 */
export type Order = 'live' | 'stamped' | 'backward';

export interface InsertOptions {
  readonly order: Order;
  /** False for history of a fresh profile: it counts as read. */
  readonly countUnread: boolean;
  /**
   * `stamped` only, Unix ms: the page continues what stands there already, so that its order counts more than its
   * stamps (some servers stamp whole seconds): each message goes at least here, and behind the one before it.
   */
  readonly notBefore?: number;
}

export interface Inserted {
  readonly id: MessageId;
  readonly inserted: boolean;
  /** It was known; its stanza-id or its state has been completed. */
  readonly updated: boolean;
}

/** A staged photo as it is stored: the contract's, and what only main needs. */
export interface StagedRow extends StagedPhoto {
  /** Of the original in the media store. */
  readonly sha256: string;
  /** 1 for a still picture. */
  readonly frames: number;
}

/** `upload`: has files without an address yet. `ready`: can go. `wire`: written to the stream, not confirmed. */
export type OutboxStage = 'upload' | 'ready' | 'wire';

export interface OutboxRow {
  readonly messageId: MessageId;
  readonly conversationId: ConversationId;
  /** The other's bare address. */
  readonly address: string;
  readonly originId: string;
  readonly text: string;
  readonly sentAt: number;
  readonly attachments: readonly AttachmentRow[];
  readonly album: AlbumPart | null;
  readonly sticker: StickerMark | null;
  readonly reply: (ReplyMark & { readonly quote: string }) | null;
  readonly forwarded: string | undefined;
  /** It asks something, or opens a box for questions of this title. */
  readonly asks: PollDefinition | string | null;
  /** It goes to a room, where these are named. */
  readonly group: { readonly mentions: readonly MentionMark[] } | null;
  readonly stage: OutboxStage;
  /** Unix time, ms. */
  readonly createdAt: number;
  readonly wireAt: number | null;
  /** How often it has been put on the wire, or its upload begun anew. */
  readonly attempts: number;
  /** Unix time in ms before which it is not tried again; 0 at once. */
  readonly nextTry: number;
}

/** RFC 6121 section 2.1.2.5, `none` also for people who are not in the roster. */
export type Subscription = 'none' | 'to' | 'from' | 'both';

export interface PersonRow {
  readonly address: string;
  /** What this account calls them; '' when nothing. */
  readonly name: string;
  /** What they call themselves; '' when unknown. */
  readonly nick: string;
  /** SHA-1 of the avatar they announce (XEP-0084, XEP-0153), hexadecimal; null when none. */
  readonly avatarHash: string | null;
  /** SHA-256 of the avatar in the media store; null until fetched. */
  readonly avatarSha256: string | null;
  readonly subscription: Subscription;
  /** What they say of themselves; '' when nothing. Plain text, as are the interests. */
  readonly bio: string;
  readonly interests: readonly string[];
  /** An http or https address; '' when none. */
  readonly link: string;
  /** Asks before somebody may follow. */
  readonly isPrivate: boolean;
  /** The roster has an item for them, whatever its subscription. */
  readonly inRoster: boolean;
  /** Let in, as the roster says it for all devices: see `relationTo`. */
  readonly accepted: boolean;
  /** My request to follow waits for an answer. */
  readonly followPending: boolean;
  /** Their request to follow waits for my answer. */
  readonly followRequest: boolean;
  /** The roster item's groups, kept when the item is written. */
  readonly rosterGroups: readonly string[];
  /** Unix time in ms of the last look at their profile; null when never. */
  readonly fetchedAt: number | null;
}

/** A hole in what is known of the archive: everything between `after` and `before` has not been fetched. */
export interface ArchiveGap {
  readonly id: number;
  /** Stanza-id of the last message known before the hole; null when it reaches to the archive's beginning. */
  readonly afterId: string | null;
  readonly afterAt: number | null;
  /** Stanza-id of the first message known after the hole; null when it reaches to the archive's end. */
  readonly beforeId: string | null;
  readonly beforeAt: number | null;
}
