import * as v from 'valibot';

// XEP-0198: Stream Management, version 1.6.1

type StanzaKind = 'message' | 'presence' | 'iq';
/** A stanza as the library's JSON. IQs are not kept (null): only their place in the count matters. */
type Held = readonly [kind: StanzaKind, stanza: { id?: string } | null];

const savedState = v.object({
  version: v.literal(1),
  id: v.pipe(v.string(), v.nonEmpty()),
  jid: v.string(),
  archives: v.boolean(),
  handled: v.number(),
  lastAck: v.number(),
  unacked: v.array(
    v.tuple([
      v.picklist(['message', 'presence', 'iq'] as const),
      v.nullable(v.looseObject({ id: v.optional(v.string()) })),
    ]),
  ),
});

/** What the ledger does to the stream it is attached to. */
export interface LedgerStream {
  send(sm: object): void;
  /** The address of the session that is about to be resumed. */
  bound(jid: string): void;
  resend(stanzas: readonly (readonly [kind: StanzaKind, stanza: object])[]): void;
}

export interface LedgerOwner {
  /** May throw: then nothing more leaves or is counted on this connection. */
  saveResume(state: string | null): void;
  /** May throw: then nothing more is counted on this connection, and the server tells it again. */
  onAcked(id: string): void;
  onLost(ids: string[]): void;
  /** `onAcked` or `saveResume` threw: the connection has to end. */
  onFault(error: unknown): void;
  log(line: string): void;
}

/**
 * What was sent and not acknowledged, and how much was handled, across connections and processes. It takes the
 * place of the library's own StreamManagement (helpers/StreamManagement.js in 12.22.1), which
 * - forgets the state when a connection ends before the resume, or the first one after a start fails (`hibernate`);
 * - leaves what it resends after a resume out of its list, so that the next acknowledgement counts for the wrong
 *   stanza and a second loss is silent (`process`, and `replay ||` before `track` in Client.js);
 * - writes IQs with binary content into the saved state.
 * Method names are those that the library's Client and its plugins call.
 */
export class StreamLedger {
  id = '';
  jid = '';
  allowResume = true;
  handled = 0;
  /** My server keeps an archive and stamps its ids: known at once after a resume. */
  archives = false;
  lastAck = 0;
  /** The server acknowledged more than was known here: the saved state was older than the stream. */
  stale = false;
  #unacked: Held[] = [];
  #inbound = false;
  #outbound = false;
  #halted = false;
  #stream: LedgerStream | null = null;
  #saved: string | null = null;
  #scheduled = false;
  readonly #owner: LedgerOwner;

  constructor(owner: LedgerOwner) {
    this.#owner = owner;
  }

  /** Takes over a state of an earlier process; ignores one it can't read or of another account. */
  load(text: string, bareAddress: string): void {
    try {
      const state = v.parse(savedState, JSON.parse(text));
      if (state.jid.split('/')[0] !== bareAddress) return;
      const { id, jid, handled, lastAck, archives } = state;
      Object.assign(this, { id, jid, handled, lastAck, archives });
      this.#unacked = state.unacked as Held[];
      this.#saved = text;
    } catch (error) {
      this.#owner.log(`resume state unreadable: ${error instanceof Error ? error.name : 'unknown'}`);
    }
  }

  /** Ids of the messages that will be sent again after a resume. */
  get heldIds(): string[] {
    return this.#unacked.flatMap(([kind, stanza]) => (kind === 'message' && stanza?.id ? [stanza.id] : []));
  }

  /** Counting is on in both directions. */
  get started(): boolean {
    return this.#inbound && this.#outbound;
  }

  set started(on: boolean) {
    // The library only ever sets it to false, when a socket opens.
    if (!on) this.#inbound = this.#outbound = false;
  }

  get resumable(): boolean {
    return this.id !== '' && this.allowResume;
  }

  attach(stream: LedgerStream): void {
    this.#stream = stream;
    this.#halted = false;
    this.stale = false;
    this.started = false;
    if (this.resumable) stream.bound(this.jid);
  }

  detach(): void {
    this.flush();
    this.#stream = null;
    this.#halted = true;
  }

  /** A handler failed to store a stanza: it and all after it must come again, so nothing counts any more. */
  halt(): void {
    this.#halted = true;
  }

  bind(jid: string): void {
    this.jid = jid;
  }

  async enable(): Promise<void> {
    this.#stream?.send({ type: 'enable', allowResumption: true });
  }

  async resume(): Promise<void> {
    this.#stream?.send({ type: 'resume', handled: this.handled, previousSession: this.id });
  }

  async enabled(answer: { id?: string; resume?: boolean }): Promise<void> {
    this.id = answer.resume ? (answer.id ?? '') : '';
    this.allowResume = answer.resume ?? false;
    this.handled = 0;
    this.#inbound = true;
    this.flush();
  }

  async resumed(answer: { handled?: number }): Promise<void> {
    this.#inbound = true;
    this.#acknowledge(answer.handled, true);
    // Nobody waits for the answers of old IQs any more; the server never counted these, so they may go.
    this.#unacked = this.#unacked.filter(([kind]) => kind !== 'iq');
    if (!this.flush()) return;
    // They stay in the list: the library tracks what is sent, but not what is sent again.
    this.#stream?.resend(
      this.#unacked.flatMap(([kind, stanza]) => (stanza === null ? [] : [[kind, stanza] as const])),
    );
  }

  /** The server refused to resume or to manage the stream. What it did not count is lost until proven otherwise. */
  async failed(answer: { handled?: number }): Promise<void> {
    this.#acknowledge(answer.handled, true);
    if (this.#halted) return;
    const lost = this.heldIds;
    this.#reset();
    if (lost.length > 0) this.#owner.onLost(lost);
    this.flush();
  }

  ack(): void {
    if (this.#halted) return;
    // A lower count than one already told must never be told in a resume: saved first.
    if (!this.flush()) return;
    this.#stream?.send({ type: 'ack', handled: this.handled });
  }

  request(): void {
    this.#stream?.send({ type: 'request' });
  }

  async process(answer: { handled?: number }): Promise<void> {
    this.#acknowledge(answer.handled, false);
    this.#schedule();
  }

  /**
   * Before a stanza's bytes leave. A message of the outbox is on disk when this returns; a receipt (it has no id)
   * is written with what follows it, since its loss costs nothing. True: ask for an acknowledgement. Rejects when
   * the state can't be saved: then the bytes don't leave, and what is in the list goes again after the resume.
   */
  async track(kind: string, stanza: { id?: string; type?: string }): Promise<boolean> {
    if (kind === 'sm') {
      if (stanza.type === 'enable') this.#begin();
      if (stanza.type === 'enable' || stanza.type === 'resume') this.#outbound = true;
      return false;
    }
    if (!this.#outbound || (kind !== 'message' && kind !== 'presence' && kind !== 'iq')) return false;
    this.#unacked.push([kind, kind === 'iq' ? null : stanza]);
    if (kind !== 'message' || stanza.id === undefined) this.#schedule();
    else if (!this.flush()) throw new Error('the state of the stream could not be saved');
    return true;
  }

  /** After the handlers of a stanza returned. */
  async handle(): Promise<void> {
    if (this.#halted || !this.#inbound) return;
    this.handled = (this.handled + 1) % 2 ** 32;
    this.#schedule();
  }

  /** The library's calls at the end of a connection. What happens to the state is decided elsewhere. */
  async hibernate(): Promise<void> {
    this.flush();
  }

  async shutdown(): Promise<void> {
    this.flush();
  }

  /** Gives the session up, keeping nothing: after `</stream>`, or when the peer breaks the protocol. */
  abandon(): void {
    const lost = this.heldIds;
    this.#reset();
    this.flush();
    if (lost.length > 0) this.#owner.onLost(lost);
  }

  /** Saves now what has changed since the last save. False: that failed, and the connection ends. */
  flush(): boolean {
    const state = this.resumable ? this.#serialize() : null;
    if (state === this.#saved) return true;
    try {
      this.#owner.saveResume(state);
    } catch (error) {
      this.halt();
      this.#owner.onFault(error);
      return false;
    }
    this.#saved = state;
    return true;
  }

  #schedule(): void {
    // One save for what one read from the socket brought. A kill before it makes the server repeat stanzas,
    // which the receiver knows by their ids; what was sent is never saved this late.
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#stream !== null) this.flush();
    });
  }

  #acknowledge(handled: number | undefined, resuming: boolean): void {
    if (handled === undefined || this.#halted) return;
    const count = (handled - this.lastAck + 2 ** 32) % 2 ** 32;
    // Backwards: the server restored an older state or is confused. Nothing can be concluded from its count but
    // where it goes on from, with what is sent again after a resume.
    if (count > 2 ** 31) {
      this.#owner.log('the count of acknowledged stanzas went backwards');
      this.stale = resuming;
      if (resuming) this.lastAck = handled;
      return;
    }
    if (count > this.#unacked.length) {
      this.#owner.log(`acknowledged ${count} of ${this.#unacked.length}`);
      this.stale = resuming;
    }
    for (let left = Math.min(count, this.#unacked.length); left > 0; left -= 1) {
      const [kind, stanza] = this.#unacked[0]!; // `left` never exceeds the length
      if (kind === 'message' && stanza?.id !== undefined && !this.#report(stanza.id)) return;
      this.#unacked.shift();
      this.lastAck = (this.lastAck + 1) % 2 ** 32;
    }
    this.lastAck = handled;
  }

  #report(id: string): boolean {
    try {
      this.#owner.onAcked(id);
      return true;
    } catch (error) {
      this.halt();
      this.#owner.onFault(error);
      return false;
    }
  }

  #begin(): void {
    this.handled = 0;
    this.lastAck = 0;
    this.#unacked = [];
  }

  #reset(): void {
    this.id = '';
    this.#begin();
    this.started = false;
  }

  #serialize(): string {
    const { id, jid, handled, lastAck, archives } = this;
    return JSON.stringify({ version: 1, id, jid, handled, lastAck, archives, unacked: this.#unacked });
  }
}
