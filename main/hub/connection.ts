import { randomUUID } from 'node:crypto';
import { bindFeatures, loginFeatures, negotiate } from './negotiation.ts';
import { DOMAIN } from './jid.ts';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { ForgedFrom, handleStanza } from './routing.ts';
import { handleStreamElement } from './modules/xep-0198-stream-management.ts';
import { XmlError, el, parseXml, serialize, textEl } from './xml.ts';
import type { WebSocket } from 'ws';
import type { HubCore } from './core.ts';
import type { Link, Session } from './session.ts';
import type { LoginGate } from './login-gate.ts';
import type { ScramExchange } from './scram.ts';
import type { XmlElement } from './xml.ts';
import type { Flushable } from './turn.ts';

/** The stream has to end; the message is a condition of RFC 6120 §4.9.3. */
export class StreamError extends Error {}

/** One WebSocket that speaks XMPP (RFC 7395): reads elements one after the other and holds back its output. */
export class Connection implements Link, Flushable {
  readonly core: HubCore;
  readonly gate: LoginGate;
  user: string | null = null;
  session: Session | null = null;
  scram: { exchange: ScramExchange; user: string } | null = null;
  attempts = 0;
  readonly #socket: WebSocket;
  readonly #input: XmlElement[] = [];
  #output: string[] = [];
  #opened = false;
  #busy = false;
  #dead = false;
  #closing = false;
  readonly #deadline: NodeJS.Timeout;

  constructor(core: HubCore, socket: WebSocket, gate: LoginGate) {
    this.core = core;
    this.gate = gate;
    this.#socket = socket;
    this.#deadline = setTimeout(() => this.end('connection-timeout'), LIMITS.negotiationMs).unref();
    // `ws` hands a frame over as one Buffer unless told otherwise.
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? null : (data as Buffer).toString()));
    socket.on('close', () => this.#lost());
    socket.on('error', (error) => core.log(`A connection broke: ${error.message}`));
  }

  /** Whether it still counts: once false, nothing of it is handled any more. */
  get alive(): boolean {
    return !this.#dead;
  }

  /** Connects it to a session; from now on only the session's life limits it. */
  bind(session: Session): void {
    clearTimeout(this.#deadline);
    this.session = session;
  }

  write(xml: string): void {
    if (this.#closing) return;
    this.#output.push(xml);
    this.core.turn.flushLater(this);
  }

  send(element: XmlElement): void {
    this.write(serialize(element));
  }

  flush(): void {
    const stream = this.session?.stream;
    const sent = stream ? stream.acked + stream.unacked.length : 0;
    if (stream && sent > stream.askedFor && !this.#closing) {
      stream.askedFor = sent;
      this.#output.push(serialize(el('r', NS.sm)));
    }
    const output = this.#output;
    this.#output = [];
    if (this.#socket.readyState === this.#socket.OPEN) {
      for (const xml of output) this.#socket.send(xml);
      if (this.#socket.bufferedAmount > LIMITS.outputBytes) this.#socket.terminate();
    }
    if (this.#closing) this.#socket.close(1000);
  }

  end(condition: string | null): void {
    if (this.#closing) return;
    // What a failed turn had to say must never be seen.
    if (condition === 'internal-server-error') this.#output = [];
    const session = this.session;
    this.abandon();
    if (condition) this.send(el('error', NS.stream, {}, [el(condition, NS.streamErrors)]));
    this.send(el('close', NS.framing));
    this.#closing = true;
    // A client that doesn't answer the closing handshake must not keep the socket.
    setTimeout(() => this.#socket.terminate(), 2_000).unref();
    if (session?.link === this) this.core.turn.run(() => this.core.detachSession(session));
  }

  /** Handles nothing more of it; its session belongs to somebody else now. */
  abandon(): void {
    this.#dead = true;
    this.#input.length = 0;
    this.session = null;
    clearTimeout(this.#deadline);
  }

  #lost(): void {
    const { session } = this;
    this.abandon();
    this.#closing = true;
    if (session?.link === this) this.core.turn.run(() => this.core.detachSession(session));
  }

  #receive(text: string | null): void {
    if (this.#dead) return;
    try {
      if (text === null) throw new StreamError('unsupported-encoding');
      if (this.#input.length >= LIMITS.inputQueue) throw new StreamError('policy-violation');
      // Clients may send white space to keep a connection alive (RFC 6120 §4.6.1).
      if (text.trim() === '') return;
      this.#input.push(parseXml(text));
      this.#pump();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Handles what has arrived, in order; slow work (a password) holds up this connection alone. */
  #pump(): void {
    while (!this.#busy && !this.#dead) {
      const element = this.#input.shift();
      if (!element) return;
      const work = this.#handle(element);
      if (!work) continue;
      this.#busy = true;
      work.then(
        () => this.#resumeInput(),
        (error: unknown) => this.#fail(error),
      );
    }
  }

  #resumeInput(): void {
    this.#busy = false;
    try {
      this.#pump();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (error instanceof XmlError) this.end(error.condition);
    else if (error instanceof StreamError) this.end(error.message);
    else if (error instanceof ForgedFrom) this.end('invalid-from');
    else {
      this.core.log(
        `A connection failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      this.end('undefined-condition');
    }
  }

  #handle(element: XmlElement): void | Promise<void> {
    if (element.ns === NS.framing) {
      this.#handleFraming(element);
      return;
    }
    if (!this.#opened) throw new StreamError('not-authorized');
    const { session } = this;
    if (element.ns === NS.sm) {
      this.core.turn.run(() => handleStreamElement(this, element));
      return;
    }
    if (!session) return negotiate(this, element);
    if (element.ns === NS.csi) return; // XEP-0352: taken note of, nothing is held back on loopback
    if (element.ns !== NS.client || !['iq', 'message', 'presence'].includes(element.name)) {
      throw new StreamError('unsupported-stanza-type');
    }
    const work = handleStanza(this.core, session, element);
    if (!work) this.#count(session);
    return work?.then(() => this.#count(session));
  }

  /** One stanza more is handled, if the session has not moved to another connection meanwhile. */
  #count(session: Session): void {
    if (!session.stream || this.session !== session) return;
    session.stream.handled = (session.stream.handled + 1) % 2 ** 32;
    this.core.touchStream(session);
  }

  #handleFraming(element: XmlElement): void {
    if (element.name === 'close') {
      const { session } = this;
      if (session) this.core.turn.run(() => this.core.endSession(session, null));
      this.end(null);
      return;
    }
    if (element.name !== 'open') throw new StreamError('invalid-xml');
    if (this.session) throw new StreamError('policy-violation');
    const { to } = element.attrs;
    if (to !== undefined && to.toLowerCase() !== DOMAIN) throw new StreamError('host-unknown');
    this.#opened = true;
    const attrs = { from: DOMAIN, id: randomUUID(), version: '1.0', 'xml:lang': 'en' };
    this.send(el('open', NS.framing, attrs));
    this.send(el('features', NS.stream, {}, this.user ? bindFeatures() : loginFeatures()));
  }
}

/** The text an element with only text would have, for SASL's base64 payloads. */
export function saslElement(name: string, text: string): XmlElement {
  return text ? textEl(name, NS.sasl, text) : el(name, NS.sasl);
}
