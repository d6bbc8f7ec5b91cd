import type { Agent, Transport } from 'stanza';
import type { JXT } from 'stanza';
import type { Stream, StreamError } from 'stanza/protocol/index.js';
import type { PostcardError } from '../../contract/errors.ts';
import type { Channel } from './channel.ts';
import { openStream } from './starttls.ts';
import { PacedChannel } from './paced.ts';
import { type XmlElement, XmlStream, XmlViolation } from './xml-stream.ts';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
/** How long the server may take to answer the end of the stream, in ms. */
const CLOSE_TIMEOUT = 1000;

export interface TransportReader {
  /** Something came in: the connection is alive. */
  onTraffic(): void;
  onStreamError(error: StreamError): void;
  onViolation(error: XmlViolation): void;
  /** The last call. */
  onClosed(problem: PostcardError | null): void;
}

/**
 * Carries the library's stanzas over an open channel. It takes the place of the library's own WebSocket
 * transport: one for all channels, a strict parser, no copies of the traffic as events, and a `send` that never
 * rejects (there an acknowledgement request on a closed socket is an unhandled rejection).
 */
export class StanzaTransport implements Transport {
  hasStream = false;
  stream?: Stream;
  authenticated = false;
  /** Bytes handed over since the last sign of life. */
  sentSinceTraffic = 0;
  readonly #client: Agent;
  readonly #channel: Channel;
  readonly #reader: TransportReader;
  #xml: XmlStream;
  #closing: NodeJS.Timeout | null = null;

  constructor(client: Agent, channel: Channel, reader: TransportReader) {
    this.#client = client;
    this.#channel = new PacedChannel(channel);
    this.#reader = reader;
    this.#xml = this.#parser();
  }

  connect(): void {
    this.#channel.read({
      onText: (text) => this.#read(text),
      onClosed: (problem) => this.#closed(problem),
    });
    this.#client.sm.started = false;
    this.#client.emit('connected');
    this.#open();
  }

  /** `clean`: ends the stream and waits a moment for the server to do the same. */
  disconnect(clean = true): void {
    if (!clean || !this.hasStream || this.#closing !== null) return this.#channel.destroy();
    this.#closing = setTimeout(() => this.#channel.destroy(), CLOSE_TIMEOUT);
    this.#write(this.#channel.framed ? `<close xmlns='${FRAMING}'/>` : '</stream:stream>');
  }

  restart(): void {
    this.hasStream = false;
    if (!this.#channel.framed) this.#xml = this.#parser();
    this.#open();
  }

  async send(name: string, data?: JXT.JSONData): Promise<void> {
    const element = data === undefined ? undefined : this.#client.stanzas.export(name, data);
    if (element !== undefined) this.#write(element.toString());
  }

  unsent(): number {
    return this.#channel.unsent();
  }

  #write(text: string): void {
    this.sentSinceTraffic += text.length;
    this.#channel.write(text);
  }

  #open(): void {
    const domain = this.#client.config.server ?? '';
    this.#write(
      this.#channel.framed
        ? `<open xmlns='${FRAMING}' to='${domain.replace(/[<>&'"]/g, '')}' version='1.0' xml:lang='en'/>`
        : openStream(domain),
    );
  }

  #parser(): XmlStream {
    return new XmlStream(this.#channel.framed, {
      onOpen: (root) => this.#started(root),
      onElement: (element, complete) => this.#element(element, complete),
      onClose: () => this.#peerClosed(),
    });
  }

  #read(text: string): void {
    this.sentSinceTraffic = 0;
    this.#reader.onTraffic();
    try {
      this.#xml.write(text);
    } catch (error) {
      // Whatever it is, it came of what the peer sent: the connection ends, never the app.
      const violation =
        error instanceof XmlViolation ? error : new XmlViolation('unreadable', { cause: error });
      this.#reader.onViolation(violation);
      this.#channel.destroy();
    }
  }

  #started(root: XmlElement): void {
    this.hasStream = true;
    const { from, id, version } = root.attributes;
    this.stream = { type: 'open', from, id, version } as Stream;
    this.#client.emit('stream:start', this.stream);
  }

  #peerClosed(): void {
    this.#client.emit('stream:end');
    if (this.#closing === null)
      this.#write(this.#channel.framed ? `<close xmlns='${FRAMING}'/>` : '</stream:stream>');
    this.hasStream = false;
    this.#channel.end();
    this.#closing ??= setTimeout(() => this.#channel.destroy(), CLOSE_TIMEOUT);
  }

  #element(element: XmlElement, complete: boolean): void {
    if (this.#channel.framed && element.getNamespace() === FRAMING) {
      return element.getName() === 'close' ? this.#peerClosed() : this.#started(element);
    }
    const name = element.getName();
    const stanza = complete ? this.#import(element) : undefined;
    if (stanza === undefined && name !== 'message' && name !== 'presence' && name !== 'iq') return;
    const kind = this.#client.stanzas.getImportKey(element) ?? name;
    if (kind === 'streamError') return this.#reader.onStreamError(stanza as unknown as StreamError);
    // A stanza that can't be read still counts as handled, or the server would send it again for ever.
    this.#client.emit('stream:data', stanza ?? {}, kind);
  }

  #import(element: XmlElement): JXT.JSONData | undefined {
    try {
      return this.#client.stanzas.import(element, {
        acceptLanguages: ['en'],
        lang: 'en',
        registry: this.#client.stanzas,
      });
    } catch {
      // Addresses and dates in it that the library's parsers throw on. Undefined: unreadable.
      return undefined;
    }
  }

  #closed(problem: PostcardError | null): void {
    if (this.#closing !== null) clearTimeout(this.#closing);
    this.#reader.onClosed(problem);
    if (this.#client.transport === this) this.#client.emit('--transport-disconnected');
  }
}
