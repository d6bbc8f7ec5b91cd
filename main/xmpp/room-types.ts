import type { Archive, Picture } from './types.ts';

/** XEP-0045 section 5.2 */
export type Affiliation = 'owner' | 'admin' | 'member' | 'none' | 'outcast';
/** XEP-0045 section 5.1 */
export type Role = 'moderator' | 'participant' | 'visitor' | 'none';

/** One occupant, as the room told it; of the room's own word alone. */
export interface Occupant {
  /** Bare address of the room. */
  readonly room: string;
  readonly nick: string;
  /** Bare; null in a room that hides it from me. */
  readonly address: string | null;
  /** XEP-0421; null where the room has none. */
  readonly occupantId: string | null;
  readonly affiliation: Affiliation;
  readonly role: Role;
  /** XEP-0045 status code 110. */
  readonly self: boolean;
}

/** Why I am no longer in a room. `lost`: only the presence is (shutdown, kicked for a fault): enter again. */
export type LeftWhy = 'left' | 'lost' | 'kicked' | 'removed' | 'banned' | 'destroyed';

/** All synchronous, as in `InboundHandlers`; each has been checked to come from the room it is about. */
export interface RoomHandlers {
  /** Somebody is there, came, or changed. `live`: it happened now, not as part of entering. */
  onOccupant(change: Occupant & { readonly live: boolean }): void;
  /** Somebody went. `newNick`: they are called this from now on and stay. */
  onOccupantGone(
    change: Occupant & {
      readonly why: LeftWhy;
      readonly newNick: string | null;
      readonly actor: string | null;
      readonly reason: string;
    },
  ): void;
  /** I went, or was made to. */
  onLeft(change: {
    readonly room: string;
    readonly why: LeftWhy;
    readonly actor: string | null;
    readonly reason: string;
  }): void;
  /** XEP-0045 status codes 104 and 172 to 174: its form, name or picture is to be read anew. */
  onRoomConfigured(change: { readonly room: string }): void;
  /** Somebody's affiliation changed who is not there (section 9.3, a message of the room). */
  onAffiliation(change: {
    readonly room: string;
    readonly address: string;
    readonly affiliation: Affiliation;
  }): void;
  onSubject(change: { readonly room: string; readonly text: string; readonly nick: string | null }): void;
  /** Somebody displayed everything up to what the room calls this (XEP-0333 section 4.3); also another device of mine. */
  onSeen(change: { readonly room: string; readonly address: string; readonly stanzaId: string }): void;
  /** Another device of mine changed the list of my rooms (XEP-0402). null: it is gone. */
  onBookmark(change: { readonly room: string; readonly bookmark: Bookmark | null }): void;
  /** Somebody I invited does not want to (section 7.8.2). */
  onDeclined(change: { readonly room: string; readonly address: string; readonly reason: string }): void;
}

export interface Bookmark {
  readonly room: string;
  readonly name: string;
  readonly nick: string | null;
  readonly autojoin: boolean;
}

/** What a room says of itself to everybody who may know of it (XEP-0045 section 6.4). */
export interface RoomInfo {
  readonly name: string;
  readonly description: string;
  readonly membersOnly: boolean;
  readonly persistent: boolean;
  readonly moderated: boolean;
  /** Everybody sees everybody's address. */
  readonly nonAnonymous: boolean;
  readonly archived: boolean;
  /** XEP-0425 version that it knows; null for none. */
  readonly moderation: 0 | 1 | null;
  readonly stableIds: boolean;
  /** SHA-1 of its picture (vcard-temp; `muc#roominfo_avatarhash` or as the field is called there); null where not told. */
  readonly picture: string | null;
  /** Our hub alone: it keeps to the group's policy itself. */
  readonly enforcesPolicy: boolean;
}

/** What is written to a room's form (section 10.2); only what the form offers is, and only what is given here. */
export interface RoomConfig {
  readonly name?: string;
  readonly description?: string;
  readonly membersOnly?: boolean;
  readonly persistent?: boolean;
  readonly public?: boolean;
  readonly moderated?: boolean;
  readonly membersMayInvite?: boolean;
  /** Our hub alone: new members read what came before them. */
  readonly history?: boolean;
}

export interface Affiliated {
  readonly address: string;
  readonly nick: string | null;
  readonly affiliation: Affiliation;
  readonly reason: string;
}

/** The rooms of a session (XEP-0045 and what belongs to it). Failures are `PostcardError`s; each throws `offline`. */
export interface RoomCalls {
  /** Where this server has rooms; null when it has none. */
  service(): Promise<string | null>;
  /**
   * Enters (section 7.2) and resolves with what I am there, once everybody there has been told to the handlers.
   * No history is asked for: it comes from the archive. In again already: resolves at once. To be called after each
   * `onReady`, also of a resumed stream: a new process does not know who is there.
   * Throws `group-not-found`, `group-closed`, `banned`, `nickname-taken`, `no-answer`.
   */
  enter(room: string, nick: string): Promise<Occupant>;
  /** Of one's own leaving no handler hears. Throws `offline`. */
  leave(room: string): void;
  /**
   * Makes, configures and enters a room that nobody has (section 10.1). Throws `username-taken` when it is there,
   * `groups-unsupported` where I may make none.
   */
  create(room: string, nick: string, config: RoomConfig): Promise<Occupant>;
  destroy(room: string, reason: string): Promise<void>;
  /** Throws `group-not-found`. */
  info(room: string): Promise<RoomInfo>;
  /** What the form says now; for owners. Throws `forbidden`. */
  config(room: string): Promise<Required<Omit<RoomConfig, 'history'>> & { readonly history: boolean | null }>;
  configure(room: string, config: RoomConfig): Promise<void>;
  /** Everybody with one of these affiliations; lists I may not read are left out. */
  affiliated(room: string, which: readonly Affiliation[]): Promise<readonly Affiliated[]>;
  /** Throws `forbidden`. */
  setAffiliation(room: string, address: string, affiliation: Affiliation, reason: string): Promise<void>;
  /** Throws `forbidden`, `not-found`. */
  setRole(room: string, nick: string, role: Role, reason: string): Promise<void>;
  setSubject(room: string, text: string): void;
  /**
   * Mediated (section 7.8.2); the inviter's right to it is the room's to judge. Throws `forbidden`, and `not-invited`
   * where the server says that they want no invitation (some servers say nothing).
   */
  invite(room: string, address: string, reason: string): Promise<void>;
  /**
   * Resolves once the room has taken what `send` sends it under this id. Throws `forbidden`, `not-found`, `offline`,
   * `no-answer`.
   */
  heard(room: string, id: string, send: () => void): Promise<void>;
  decline(room: string, inviter: string, reason: string): void;
  /** Tells everybody there what was displayed here (XEP-0333 section 4.3); kept by nobody. `stanzaId`: the room's. */
  displayed(room: string, stanzaId: string): void;
  /** XEP-0425. `stanzaId`: the room's. Throws `forbidden`, `moderation-unsupported`, `not-found`. */
  moderate(room: string, stanzaId: string, reason: string): Promise<void>;
  /** XEP-0410: `in`, `out` (enter again) or `unknown` (ask later). */
  selfPing(room: string, nick: string): Promise<'in' | 'out' | 'unknown'>;
  /** vcard-temp of the room; null for none. */
  picture(room: string): Promise<Picture | null>;
  setPicture(room: string, picture: Picture | null): Promise<void>;
  /** The room's own archive (XEP-0313 section 4.2); throws `forbidden` for who may not read it. */
  archive(room: string): Archive;
  /** As `Session.findSent`, in the room's archive. */
  findSent(
    room: string,
    query: { originIds: string[]; after?: string },
  ): Promise<Map<string, { stanzaId: string; sentAt: number }>>;
  /** XEP-0402. */
  bookmarks(): Promise<readonly Bookmark[]>;
  setBookmark(bookmark: Bookmark): Promise<void>;
  removeBookmark(room: string): Promise<void>;
}

/** What an `InboundMessage` of type `groupchat` has besides: `peer` is the room, `from` the sender's bare address. */
export interface RoomOrigin {
  readonly nick: string;
  readonly occupantId: string | null;
  /** The room or its archive vouches for `from`; else `from` is `room/nick`. */
  readonly known: boolean;
  /** It comes from the room itself (no resource): a notice, a moderation, a policy. */
  readonly byRoom: boolean;
  /** Offices of the sender when it was sent, as far as is known; null in the archive of others' servers. */
  readonly affiliation: Affiliation | null;
}

/**
 * Payloads of our own in room messages. Those of kind `poll` and `box` stand with a text and are messages; all
 * others are none, and go to whoever looks after their kind.
 */
export interface RoomNote {
  /** `urn:postcard:groups:0`, `urn:postcard:polls:0` or `urn:postcard:questions:0`, without the rest. */
  readonly family: 'groups' | 'polls' | 'questions';
  /** The element's name. */
  readonly kind: string;
  /** JSON text in it, at most 20,000 characters, not parsed: whoever takes it checks it with a schema. */
  readonly json: string;
}

/** Somebody is named in a text. */
export interface WireMention {
  /** Bare. */
  readonly address: string;
  /** Code points of the text (XEP-0426). */
  readonly start: number;
  readonly length: number;
}
