import { createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { JXT } from 'stanza';
import { WebSocketServer, type WebSocket } from 'ws';
import { until } from './wait.ts';

type Element = ReturnType<typeof JXT.parse>;

/** A stanza that the client sent. */
export interface Asked {
  readonly name: string;
  readonly type: string | undefined;
  readonly id: string;
  /** The first child's namespace. */
  readonly payload: string | undefined;
  readonly xml: string;
  readonly element: Element;
}

/** Gives what goes inside the `<iq type='result'>`, or null for the server's own answer. It may `push` before. */
export type Answer = (asked: Asked) => string | null;

/**
 * An XMPP server over WebSocket that lets anybody in with the right password and then says whatever the test wants,
 * forged stanzas included: real servers would never pass those on. The one connected client is `me@localhost`.
 */
export class RogueServer {
  readonly url: string;
  readonly received: Asked[] = [];
  readonly #server: WebSocketServer;
  readonly #password: string;
  readonly #answer: Answer;
  #socket: WebSocket | null = null;
  #online = false;
  resource = '';

  private constructor(server: WebSocketServer, password: string, answer: Answer) {
    this.#server = server;
    this.#password = password;
    this.#answer = answer;
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port for the rogue server');
    this.url = `ws://127.0.0.1:${address.port}/xmpp-websocket`;
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(password: string, answer: Answer = () => null): Promise<RogueServer> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'xmpp' });
    await new Promise<void>((resolve) => server.once('listening', () => resolve()));
    return new RogueServer(server, password, answer);
  }

  /** The client's full address. */
  get client(): string {
    return `me@localhost/${this.resource}`;
  }

  /** Sends XML as it is. */
  push(xml: string): void {
    if (this.#socket === null) throw new Error('Nobody is connected');
    this.#socket.send(xml);
  }

  async online(): Promise<void> {
    await until(() => this.#online, { what: 'a client of the rogue server' });
  }

  /** Drops the connection as a network does. */
  cut(): void {
    this.#socket?.terminate();
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: WebSocket): void {
    this.#socket = socket;
    let login: Scram | null = null;
    let authenticated = false;
    socket.on('message', (data: Buffer) => {
      const xml = data.toString('utf8');
      const element = JXT.parse(xml);
      const name = element.name;
      if (name === 'open') return this.#open(authenticated);
      if (name === 'auth' || name === 'response') {
        login ??= new Scram(this.#password);
        const step = login.answer(textOf(element));
        authenticated = step.done;
        const tag = step.done ? 'success' : 'challenge';
        return this.push(`<${tag} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${base64(step.text)}</${tag}>`);
      }
      if (name === 'iq' || name === 'message' || name === 'presence') this.#stanza(element, xml);
    });
  }

  #open(authenticated: boolean): void {
    const features = authenticated
      ? "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
      : "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-256</mechanism></mechanisms>";
    this.push(
      "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='localhost' version='1.0' xml:lang='en' " +
        `id='${randomBytes(8).toString('hex')}'/>`,
    );
    this.push(
      `<stream:features xmlns:stream='http://etherx.jabber.org/streams'>${features}</stream:features>`,
    );
  }

  #stanza(element: Element, xml: string): void {
    const asked: Asked = {
      name: element.name,
      type: element.attributes['type'],
      id: element.attributes['id'] ?? '',
      payload: element.children.find((child) => typeof child !== 'string')?.getNamespace(),
      xml,
      element,
    };
    this.received.push(asked);
    if (asked.name === 'presence') this.#online = true;
    if (asked.name === 'iq' && (asked.type === 'get' || asked.type === 'set')) this.#reply(asked);
  }

  #reply(asked: Asked): void {
    const to = asked.element.attributes['to'];
    const from = to === undefined ? '' : ` from='${to}'`;
    const inner = this.#answer(asked) ?? this.#ownAnswer(asked);
    this.push(
      inner === null
        ? `<iq xmlns='jabber:client' type='error' id='${asked.id}'${from}><error type='cancel'>` +
            "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        : `<iq xmlns='jabber:client' type='result' id='${asked.id}'${from}>${inner}</iq>`,
    );
  }

  #ownAnswer(asked: Asked): string | null {
    switch (asked.payload) {
      case 'urn:ietf:params:xml:ns:xmpp-bind':
        this.resource = asked.element.getChild('bind')?.getChild('resource')?.getText() || 'here';
        return `<bind xmlns='${asked.payload}'><jid>${this.client}</jid></bind>`;
      case 'jabber:iq:roster':
        return `<query xmlns='${asked.payload}'><item jid='friend@localhost' name='Friend' subscription='both'/></query>`;
      case 'http://jabber.org/protocol/disco#info':
        return (
          `<query xmlns='${asked.payload}'><identity category='server' type='im'/>` +
          "<feature var='urn:xmpp:mam:2'/><feature var='urn:xmpp:carbons:2'/></query>"
        );
      case 'http://jabber.org/protocol/disco#items':
        return `<query xmlns='${asked.payload}'/>`;
      case 'urn:xmpp:mam:2':
        return "<fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'/></fin>";
      default:
        return asked.type === 'set' || asked.payload === 'urn:xmpp:ping' ? '' : null;
    }
  }
}

const textOf = (element: Element): string => Buffer.from(element.getText(), 'base64').toString('utf8');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The server's side of SCRAM-SHA-256 (RFC 5802, 7677). It lets wrong proofs pass: the tests know the password. */
class Scram {
  readonly #password: string;
  #clientFirst = '';
  #serverFirst = '';

  constructor(password: string) {
    this.#password = password;
  }

  answer(text: string): { text: string; done: boolean } {
    if (this.#clientFirst === '') {
      this.#clientFirst = text.replace(/^[^,]*,[^,]*,/, '');
      const nonce = (/r=([^,]*)/.exec(text)?.[1] ?? '') + randomBytes(12).toString('base64url');
      this.#serverFirst = `r=${nonce},s=${randomBytes(16).toString('base64')},i=4096`;
      return { text: this.#serverFirst, done: false };
    }
    const salt = Buffer.from(/s=([^,]*)/.exec(this.#serverFirst)?.[1] ?? '', 'base64');
    const salted = pbkdf2Sync(this.#password, salt, 4096, 32, 'sha256');
    const serverKey = hmac(salted, 'Server Key');
    const authMessage = `${this.#clientFirst},${this.#serverFirst},${text.replace(/,p=[^,]*$/, '')}`;
    return { text: `v=${hmac(serverKey, authMessage).toString('base64')}`, done: true };
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
