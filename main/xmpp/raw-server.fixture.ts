import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { connect } from './session.ts';
import type { ConnectOptions, InboundHandlers, Session } from './types.ts';

/** What a test may change about the server. */
export interface RawServerOptions {
  mechanisms?: string[];
  password?: string;
  manages?: boolean;
  resumable?: boolean;
  signature?: 'right' | 'wrong';
  /** Answers a stanza instead of the server; undefined: the server goes on as usual. */
  answer?(xml: string, server: RawServer): string | undefined;
}

/**
 * A server in the test's own hands: it speaks just enough to let the real connection in (RFC 7395, SCRAM-SHA-256,
 * XEP-0198), records what it gets and sends whatever it is told to, forged or broken.
 */
export class RawServer {
  readonly received: string[] = [];
  readonly options: RawServerOptions;
  readonly #wss: WebSocketServer;
  #socket: WebSocket | null = null;
  #authenticated = false;
  #nonce = '';
  #clientFirst = '';
  /** Counted from the client, over all connections of the session (XEP-0198). */
  handled = 0;
  /** Stanzas sent to the client since stream management is on. */
  sent = 0;
  acks = true;
  logins = 0;
  /** Connections made to it so far. */
  connections = 0;

  constructor(options: RawServerOptions = {}) {
    this.options = options;
    this.#wss = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'xmpp' });
    this.#wss.on('connection', (socket) => {
      this.#socket = socket;
      this.#authenticated = false;
      this.connections += 1;
      socket.on('message', (data) => this.#read((data as Buffer).toString()));
    });
  }

  async listening(): Promise<this> {
    if (this.#wss.address() === null) await new Promise((resolve) => this.#wss.once('listening', resolve));
    return this;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#wss.address() as AddressInfo).port}/`;
  }

  send(xml: string): void {
    if (/^<(message|iq|presence)\b/.test(xml)) this.sent += 1;
    this.#socket?.send(xml);
  }

  /** Drops the connection as a network does. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Resolves when the present connection has ended. */
  async left(): Promise<void> {
    const socket = this.#socket;
    if (socket === null || socket.readyState === socket.CLOSED) return;
    await new Promise((resolve) => socket.once('close', resolve));
  }

  async stop(): Promise<void> {
    for (const client of this.#wss.clients) client.terminate();
    await new Promise((resolve) => this.#wss.close(resolve));
  }

  messages(): string[] {
    return this.received.filter((xml) => xml.startsWith('<message'));
  }

  #read(xml: string): void {
    this.received.push(xml);
    if (/^<(message|iq|presence)\b/.test(xml) && this.#authenticated) this.handled += 1;
    const reply = this.options.answer?.(xml, this) ?? this.#reply(xml);
    if (reply !== '') this.send(reply);
  }

  #reply(xml: string): string {
    if (xml.startsWith('<open')) return this.#open();
    if (xml.startsWith('<close')) return `<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>`;
    if (xml.startsWith('<auth') || xml.startsWith('<response')) return this.#login(xml);
    if (xml.startsWith('<enable')) {
      this.handled = 0;
      this.sent = 0;
      const resume = this.options.resumable === false ? '' : `id='sm1' resume='true'`;
      return `<enabled xmlns='urn:xmpp:sm:3' ${resume}/>`;
    }
    if (xml.startsWith('<resume')) {
      if (this.options.resumable === false) {
        return `<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>`;
      }
      return `<resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='${this.handled}'/>`;
    }
    if (xml.startsWith('<r ') || xml.startsWith('<r/')) {
      return this.acks ? `<a xmlns='urn:xmpp:sm:3' h='${this.handled}'/>` : '';
    }
    return xml.startsWith('<iq') ? this.#iq(xml) : '';
  }

  #open(): string {
    this.send(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='test.example' id='1' version='1.0'/>`);
    const offered = (this.options.mechanisms ?? ['SCRAM-SHA-256']).map(
      (name) => `<mechanism>${name}</mechanism>`,
    );
    const features = this.#authenticated
      ? `<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>` +
        (this.options.manages === false ? '' : `<sm xmlns='urn:xmpp:sm:3'/>`)
      : `<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${offered.join('')}</mechanisms>`;
    return `<stream:features xmlns:stream='http://etherx.jabber.org/streams'>${features}</stream:features>`;
  }

  #login(xml: string): string {
    const sasl = `xmlns='urn:ietf:params:xml:ns:xmpp-sasl'`;
    const text = Buffer.from(/>([^<]*)</.exec(xml)?.[1] ?? '', 'base64').toString();
    if (xml.startsWith('<auth')) {
      this.#clientFirst = text.slice(3);
      this.#nonce = `${/r=(.*)$/.exec(text)?.[1] ?? ''}${randomBytes(8).toString('hex')}`;
      const challenge = this.#challenge();
      return `<challenge ${sasl}>${Buffer.from(challenge).toString('base64')}</challenge>`;
    }
    const [proof, signature] = this.#keys(text);
    if (/p=(.*)$/.exec(text)?.[1] !== proof) return `<failure ${sasl}><not-authorized/></failure>`;
    this.#authenticated = true;
    this.logins += 1;
    const shown = this.options.signature === 'wrong' ? randomBytes(32).toString('base64') : signature;
    return `<success ${sasl}>${Buffer.from(`v=${shown}`).toString('base64')}</success>`;
  }

  #challenge(): string {
    return `r=${this.#nonce},s=${Buffer.from('salt').toString('base64')},i=4096`;
  }

  #keys(final: string): [proof: string, signature: string] {
    const salted = pbkdf2Sync(this.options.password ?? 'secret', 'salt', 4096, 32, 'sha256');
    const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const transcript = `${this.#clientFirst},${this.#challenge()},${final.replace(/,p=.*$/, '')}`;
    const key = hmac(salted, 'Client Key');
    const mask = hmac(createHash('sha256').update(key).digest(), transcript);
    const proof = Buffer.from(key.map((byte, index) => byte ^ (mask[index] ?? 0)));
    return [proof.toString('base64'), hmac(hmac(salted, 'Server Key'), transcript).toString('base64')];
  }

  #iq(xml: string): string {
    const id = /\bid="([^"]*)"/.exec(xml)?.[1] ?? '';
    const to = /\bto="([^"]*)"/.exec(xml)?.[1];
    const from = to === undefined ? '' : `from='${to}'`;
    const done = (payload: string) =>
      `<iq xmlns='jabber:client' type='result' id='${id}' ${from}>${payload}</iq>`;
    if (xml.includes('xmpp-bind')) {
      return done(`<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>me@test.example/desk</jid></bind>`);
    }
    if (xml.includes('disco#info')) {
      return done(
        `<query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:xmpp:mam:2'/></query>`,
      );
    }
    return /type="(get|set)"/.test(xml) ? done('') : '';
  }
}

/** What the handlers of a session were called with, in order. */
export interface Recorded {
  readonly events: [name: keyof InboundHandlers, value: unknown][];
  readonly saved: (string | null)[];
  readonly session: Session;
  /** The values one handler got. */
  of<T = unknown>(name: keyof InboundHandlers): T[];
  /** Resolves once the handler was called so many times. */
  until(name: keyof InboundHandlers, times?: number): Promise<void>;
}

/** Connects to the server as me@test.example and records everything. */
export function connectTo(server: RawServer, changes: Partial<ConnectOptions> = {}): Recorded {
  const events: Recorded['events'] = [];
  const saved: (string | null)[] = [];
  const waiting: { name: string; times: number; resolve: () => void }[] = [];
  const of = <T>(name: keyof InboundHandlers) =>
    events.filter(([kind]) => kind === name).map(([, value]) => value as T);
  const record = (name: keyof InboundHandlers) => (value: unknown) => {
    events.push([name, value]);
    for (const wait of waiting) if (wait.name === name && of(name).length >= wait.times) wait.resolve();
  };
  const names = [
    'onState',
    'onReady',
    'onLost',
    'onAcked',
    'onMessage',
    'onReceipt',
    'onBounce',
    'onHeld',
    'onInvitation',
    'onRosterChanged',
  ];
  const more = ['onAvatarChanged', 'onNickChanged', 'onFollowRequest', 'onFollowWithdrawn'];
  const entries = [...names, ...more].map((name) => [name, record(name as keyof InboundHandlers)]);
  const session = connect({
    address: 'me@test.example',
    password: 'secret',
    target: { domain: 'test.example', endpoint: server.url },
    resource: 'desk',
    mechanism: null,
    resume: null,
    saveResume: (state) => saved.push(state),
    handlers: { ...(Object.fromEntries(entries) as unknown as InboundHandlers), ...changes.handlers },
    log: () => undefined,
    ...Object.fromEntries(Object.entries(changes).filter(([name]) => name !== 'handlers')),
  });
  const until = (name: keyof InboundHandlers, times = 1) =>
    new Promise<void>((resolve) => {
      if (of(name).length >= times) resolve();
      else waiting.push({ name, times, resolve });
    });
  return { events, saved, session, of, until };
}
