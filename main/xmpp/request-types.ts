/** What the server holds back from somebody not let in (urn:postcard:requests:0): counts, no content. */
export interface HeldCount {
  /** Bare address of the sender. */
  readonly address: string;
  /** Photos among them. 0: nothing any more. */
  readonly messages: number;
  readonly photos: number;
  /** Unix time of the first one, ms; never later than now. */
  readonly at: number;
}

/** An invitation to a group, direct (XEP-0249) or through the room (XEP-0045 section 7.8). */
export interface Invitation {
  /** Bare address of the room. */
  readonly room: string;
  /** Bare address; null when nobody vouches for who it is. */
  readonly inviter: string | null;
  /** '' when none is given; plain text. */
  readonly reason: string;
  readonly password: string | null;
  /** The room passed it on: who writes to me is the room, and a server's list for people does not hold it back. */
  readonly throughRoom: boolean;
  /** Unix time, ms. */
  readonly at: number;
}

export interface RequestHandlers {
  /** What is held back from somebody changed; said by my own server. */
  onHeld(held: HeldCount): void;
  onInvitation(invitation: Invitation): void;
}

export interface RequestCalls {
  /** What is held back, by sender; null where the server holds nothing back. Rejects with `offline`, `no-answer`. */
  held(): Promise<HeldCount[] | null>;
}
