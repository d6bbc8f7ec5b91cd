import { randomBytes } from 'node:crypto';
import { LIMITS } from './limits.ts';
import { bareOfUser } from './jid.ts';
import { serialize } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Delivery } from './delivery.ts';
import type { XmlElement } from './xml.ts';

/** Where a session's stanzas go: a WebSocket connection, or the assistant's ear. */
export interface Link {
  /** Takes one element; it is sent when the turn is on disk. */
  write(xml: string, stanza: XmlElement | null): void;
  /** Ends the stream with a condition of RFC 6120 §4.9.3; nothing that arrives afterwards is handled. */
  end(condition: string): void;
}

interface Sent {
  xml: string;
  delivery: Delivery | null;
}

/** XEP-0198 state of a session. Counters wrap at 2^32 on the wire only (§4). */
export interface StreamState {
  readonly id: string;
  readonly resumable: boolean;
  handled: number;
  acked: number;
  readonly unacked: Sent[];
  unackedChars: number;
  /** Total of stanzas sent when an acknowledgement was last asked for: each is asked about once. */
  askedFor: number;
}

/** A bound resource of an account; it may outlive its connection while it can be resumed. */
export class Session {
  readonly core: HubCore;
  readonly user: string;
  readonly resource: string;
  readonly bare: string;
  readonly jid: string;
  link: Link | null;
  stream: StreamState | null = null;
  ended = false;
  expiry: NodeJS.Timeout | null = null;
  /** The last presence that was broadcast; null while unavailable. */
  presence: XmlElement | null = null;
  priority = 0;
  carbons = false;
  wantsRoster = false;
  wantsBlocks = false;
  /** Name of the active privacy list (XEP-0016 §2.4): null declines every list, undefined leaves the default. */
  activeList: string | null | undefined = undefined;
  readonly directed = new Set<string>();
  /** PEP nodes it wants to hear of (`+notify` in its caps). */
  notify: ReadonlySet<string> = new Set();
  capsKey = '';

  constructor(core: HubCore, user: string, resource: string, link: Link) {
    this.core = core;
    this.user = user;
    this.resource = resource;
    this.bare = bareOfUser(user);
    this.jid = `${this.bare}/${resource}`;
    this.link = link;
  }

  /** Whether messages to the bare address reach it (RFC 6121 §8.5.2). */
  get takesMessages(): boolean {
    return this.presence !== null && this.priority >= 0;
  }

  /** Sends a stanza; with a delivery, what becomes of it is known afterwards. */
  send(stanza: XmlElement, delivery: Delivery | null = null): void {
    this.sendWritten(serialize(stanza), stanza, delivery);
  }

  /** Sends a stanza that is serialized already, as one of many copies is. */
  sendWritten(xml: string, stanza: XmlElement, delivery: Delivery | null = null): void {
    if (this.ended) return;
    delivery?.holders.add(this);
    if (this.stream) this.#track(this.stream, { xml, delivery });
    else if (delivery) this.#complete(delivery);
    this.link?.write(xml, stanza);
  }

  #track(stream: StreamState, sent: Sent): void {
    stream.unacked.push(sent);
    stream.unackedChars += sent.xml.length;
    if (!this.link && sent.delivery) this.#keep(sent.delivery);
    if (stream.unacked.length > LIMITS.unackedStanzas || stream.unackedChars > LIMITS.unackedChars) {
      this.core.log(`${this.user}: too much waits for an acknowledgement, the session ends`);
      queueMicrotask(() => this.core.turn.run(() => this.core.endSession(this, 'resource-constraint')));
    }
  }

  #complete(delivery: Delivery): void {
    delivery.complete(this.core.db);
    this.core.held.remove(delivery);
  }

  #keep(delivery: Delivery): void {
    delivery.keep(this.core.db);
    this.core.held.add(delivery);
  }

  /** Turns stream management on (XEP-0198 §3). */
  enableStream(resumable: boolean): StreamState {
    const id = randomBytes(18).toString('base64url');
    this.stream = { id, resumable, handled: 0, acked: 0, unacked: [], unackedChars: 0, askedFor: 0 };
    return this.stream;
  }

  /** Takes the client's count of handled stanzas; false when it says more than was sent (§4). */
  acknowledge(h: number): boolean {
    const stream = this.stream;
    if (!stream) return true;
    const count = (((h - stream.acked) % 2 ** 32) + 2 ** 32) % 2 ** 32;
    if (count > stream.unacked.length) return false;
    for (const sent of stream.unacked.splice(0, count)) {
      stream.unackedChars -= sent.xml.length;
      if (sent.delivery) this.#complete(sent.delivery);
    }
    stream.acked = h;
    return true;
  }

  /** The connection is gone, the session may come back: what is on its way becomes safe against a crash. */
  detach(): void {
    this.link = null;
    for (const { delivery } of this.stream?.unacked ?? []) if (delivery) this.#keep(delivery);
  }

  /** Sends again what was not acknowledged, over a new connection (§5). */
  attach(link: Link): void {
    if (this.expiry) clearTimeout(this.expiry);
    this.expiry = null;
    this.link = link;
    if (this.stream) this.stream.askedFor = this.stream.acked;
    for (const { xml } of this.stream?.unacked ?? []) link.write(xml, null);
  }

  /** The session will never come back; undelivered messages return to offline storage. */
  release(): void {
    this.ended = true;
    this.link = null;
    if (this.expiry) clearTimeout(this.expiry);
    for (const { delivery } of this.stream?.unacked.splice(0) ?? []) {
      if (!delivery) continue;
      delivery.giveUp(this.core.db, this);
      if (delivery.holders.size === 0) this.core.held.remove(delivery);
    }
  }
}
