import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { NS } from '../namespaces.ts';
import { child, el, elements, parseXml, serialize, textEl, textOf } from '../xml.ts';
import type { XmlElement, XmlNode } from '../xml.ts';

type Test = (element: XmlElement) => boolean;

/** A client that does nothing by itself, so that a test decides what goes over the wire and when. */
export class RawClient {
  readonly socket: WebSocket;
  readonly received: XmlElement[] = [];
  /** Elements nobody has taken yet. */
  readonly #unread: XmlElement[] = [];
  readonly #waiting: { test: Test; resolve: (element: XmlElement) => void }[] = [];
  readonly closed: Promise<void>;
  jid = '';

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, 'xmpp', { headers });
    this.closed = new Promise((resolve) => this.socket.on('close', () => resolve()));
    this.socket.on('error', () => undefined); // a refused or killed connection also closes, which tests wait for
    this.socket.on('message', (data) => this.#take(parseXml((data as Buffer).toString())));
  }

  #take(element: XmlElement): void {
    this.received.push(element);
    const index = this.#waiting.findIndex(({ test }) => test(element));
    if (index < 0) this.#unread.push(element);
    else this.#waiting.splice(index, 1)[0]?.resolve(element);
  }

  /** The next element that passes the test, also if it came already; the ones before it stay unread. */
  next(test: Test, what = String(test)): Promise<XmlElement> {
    const index = this.#unread.findIndex(test);
    if (index >= 0) return Promise.resolve(this.#unread.splice(index, 1)[0] as XmlElement); // found just above
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () =>
          reject(
            new Error(
              `${this.jid} waited for ${what}; has ${this.#unread.map((e) => serialize(e)).join('\n')}`,
            ),
          ),
        8_000,
      );
      this.#waiting.push({ test, resolve: (element) => (clearTimeout(timer), resolve(element)) });
    });
  }

  named(name: string, ns?: string): Promise<XmlElement> {
    return this.next((e) => e.name === name && (ns === undefined || e.ns === ns), name);
  }

  /** The next message with that body. */
  body(text: string): Promise<XmlElement> {
    return this.next((e) => e.name === 'message' && textOf(child(e, 'body')) === text, `body ${text}`);
  }

  bodies(): string[] {
    return this.received.flatMap((e) => (e.name === 'message' ? elements(e, 'body') : [])).map(textOf);
  }

  raw(text: string): void {
    this.socket.send(text);
  }

  send(element: XmlElement): void {
    this.raw(serialize(element));
  }

  async open(): Promise<XmlElement> {
    if (this.socket.readyState === WebSocket.CONNECTING) {
      await new Promise((resolve, reject) => this.socket.once('open', resolve).once('close', reject));
    }
    this.send(el('open', NS.framing, { to: 'localhost', version: '1.0' }));
    return this.named('features');
  }

  /** Sends an IQ and waits for its answer, whatever that is. */
  async iq(type: 'get' | 'set', to: string | undefined, payload: XmlElement): Promise<XmlElement> {
    const id = randomBytes(6).toString('hex');
    this.send(el('iq', NS.client, { type, id, to }, [payload]));
    return this.next((e) => e.name === 'iq' && e.attrs.id === id, `answer to ${serialize(payload)}`);
  }

  message(to: string, body: string, extra: XmlNode[] = [], attrs: Record<string, string> = {}): void {
    const children = [...(body ? [textEl('body', NS.client, body)] : []), ...extra];
    this.send(
      el('message', NS.client, { to, type: 'chat', id: randomBytes(6).toString('hex'), ...attrs }, children),
    );
  }

  presence(attrs: Record<string, string> = {}, children: XmlNode[] = []): void {
    this.send(el('presence', NS.client, attrs, children));
  }

  async register(user: string, password: string): Promise<XmlElement> {
    const query = [textEl('username', NS.register, user), textEl('password', NS.register, password)];
    return this.iq('set', 'localhost', el('query', NS.register, {}, query));
  }

  /** SCRAM-SHA-256; resolves with `<success/>` or `<failure/>`. */
  async authenticate(user: string, password: string): Promise<XmlElement> {
    const nonce = randomBytes(12).toString('hex');
    const bare = `n=${user},r=${nonce}`;
    const mechanism = { mechanism: 'SCRAM-SHA-256' };
    this.send(textEl('auth', NS.sasl, Buffer.from(`n,,${bare}`).toString('base64'), mechanism));
    const challenge = Buffer.from(textOf(await this.named('challenge')), 'base64').toString();
    const [, full = '', salt = '', count = ''] = /^r=(.*),s=(.*),i=(\d+)$/.exec(challenge) ?? [];
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(count), 32, 'sha256');
    const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const withoutProof = `c=biws,r=${full}`;
    const signature = hmac(
      createHash('sha256').update(clientKey).digest(),
      `${bare},${challenge},${withoutProof}`,
    );
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64');
    this.send(textEl('response', NS.sasl, Buffer.from(`${withoutProof},p=${proof}`).toString('base64')));
    return this.next((e) => e.ns === NS.sasl, 'the outcome of the login');
  }

  async bind(resource: string): Promise<void> {
    await this.open();
    const answer = await this.iq(
      'set',
      undefined,
      el('bind', NS.bind, {}, [textEl('resource', NS.bind, resource)]),
    );
    this.jid = textOf(elements(elements(answer)[0] ?? answer)[0]);
  }

  /** Cuts the connection as a lost network would. */
  kill(): Promise<void> {
    this.socket.terminate();
    return this.closed;
  }
}

/** Registers (if needed), logs in and binds; with `online` sends presence and waits until it counts. */
export async function login(url: string, user: string, resource = 'one', online = true): Promise<RawClient> {
  const client = new RawClient(url);
  await client.open();
  await client.register(user, `secret of ${user}`);
  const outcome = await client.authenticate(user, `secret of ${user}`);
  if (outcome.name !== 'success') throw new Error(`The login failed: ${serialize(outcome)}`);
  await client.bind(resource);
  if (online) {
    client.presence();
    await client.iq('get', 'localhost', el('ping', NS.ping));
  }
  return client;
}

/** Puts somebody into a client's roster, which lets them in. */
export async function letIn(client: RawClient, ...people: string[]): Promise<void> {
  for (const jid of people)
    await client.iq('set', undefined, el('query', NS.roster, {}, [el('item', NS.roster, { jid })]));
}

/** Waits until everything a client sent before has been handled. */
export async function settled(client: RawClient): Promise<void> {
  await client.iq('get', 'localhost', el('ping', NS.ping));
}
