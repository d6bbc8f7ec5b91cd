/** What goes to whoever looks after a server, inside a block (XEP-0377) or in a message of its own. */
export interface AbuseReport {
  /** The two that are registered (XEP-0377 section 4). */
  readonly reason: 'spam' | 'abuse';
  /** What whoever reports wrote; '' when nothing. */
  readonly text: string;
  /** Archive ids of the messages it is about, in `archive`: my own bare address. */
  readonly archive: string;
  readonly stanzaIds: readonly string[];
}

/** A report as a message, with what our own hub reads: `urn:postcard:report:0`. */
export interface ReportMessage extends AbuseReport {
  /** Bare address of who is reported. */
  readonly about: string;
  /** In our own words: there are more reasons than two. */
  readonly kind: string;
  /** SHA-256 of the whole, hexadecimal. */
  readonly sha256: string;
  /** The evidence, JSON; null where it is too large for a message. */
  readonly evidence: string | null;
}
