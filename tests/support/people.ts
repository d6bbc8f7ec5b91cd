import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { EventName, MethodName, Params, Payload, Result } from '../../contract/index.ts';
import type { Message } from '../../contract/messages.ts';
import type { MessageRequest } from '../../contract/requests.ts';
import type { Quality } from '../../contract/photos.ts';
import { PostcardError, type Outcome } from '../../contract/errors.ts';
import { startApplication, type Application } from '../../main/app.ts';
import { createDispatch, type Dispatch } from '../../main/dispatch.ts';
import { createLog } from '../../main/hosts/log-file.ts';
import { createSecrets } from '../../main/hosts/secrets-file.ts';
import { createSettingsFile } from '../../main/hosts/settings-file.ts';
import type { NativeNotification, Ports, WorkerName } from '../../main/ports.ts';
import { projectRoot, temporaryFolder } from './folders.ts';
import type { TestServer } from './servers.ts';
import { until } from './wait.ts';

export const password = 'secret-1';

/** Which door of a server is used; the hub has the WebSocket alone. */
export type DoorName = 'webSocket' | 'startTls' | 'directTls';

/** The address of one door of a server, as somebody would type it. `port`: a cable's, instead of the server's own. */
export function doorOf(server: TestServer, door: DoorName, port = server.ports[door]): string {
  if (port === null) throw new Error(`${server.kind} has no ${door}`);
  const path = door === 'webSocket' ? '/xmpp-websocket' : '';
  return `${{ webSocket: 'ws', startTls: 'xmpp', directTls: 'xmpps' }[door]}://127.0.0.1:${port}${path}`;
}

/** Somebody with our app or another one. */
interface Acquaintance {
  ownAddress(): Promise<string>;
  letIn(...addresses: string[]): Promise<void>;
}

/** People who know each other: each has let all the others in. */
export async function acquainted(...people: readonly Acquaintance[]): Promise<void> {
  const addresses = await Promise.all(people.map((person) => person.ownAddress()));
  for (const [at, person] of people.entries())
    await person.letIn(...addresses.filter((_, other) => other !== at));
}

const workerSources: Record<WorkerName, string> = {
  'hub-worker': 'main/hub/worker.ts',
  'image-worker': 'main/media/worker.ts',
};

/** Somebody who uses Postcard: the real core in this process, driven through dispatch as a window drives it. */
export class Person {
  readonly home: string;
  readonly profile: string;
  readonly notifications: NativeNotification[] = [];
  badge = 0;
  #application: Application | null = null;
  #dispatch: Dispatch | null = null;
  #events: { name: EventName; payload: unknown }[] = [];

  private constructor(home: string, profile: string) {
    this.home = home;
    this.profile = profile;
  }

  /** Opens the app on this home: a new one, or one that is there. */
  static async start(options: { home?: string; profile?: string } = {}): Promise<Person> {
    const person = new Person(options.home ?? temporaryFolder('home'), options.profile ?? 'default');
    await person.open();
    return person;
  }

  /** A new account on this server, signed in and connected through this door. */
  static async create(server: TestServer, username: string, at?: string): Promise<Person> {
    const person = await Person.start();
    const typed = at ?? server.webSocket;
    const form = await person.call('accounts.create', {
      username: `${username}@${server.domain}`,
      password,
      displayName: username,
      server: typed,
      picture: null,
      form: null,
    });
    if (form !== null) throw new Error(`${server.kind} asks for a form: ${JSON.stringify(form)}`);
    await person.connected();
    return person;
  }

  /** A fresh profile that signs in to an account that exists. */
  static async signIn(server: TestServer, username: string, at = server.webSocket): Promise<Person> {
    const person = await Person.start();
    await person.call('accounts.signIn', { username: `${username}@${server.domain}`, password, server: at });
    await person.connected();
    return person;
  }

  async open(): Promise<void> {
    const folder = join(this.home, 'profiles', this.profile);
    mkdirSync(folder, { recursive: true });
    const ports = this.#ports(folder);
    const application = await startApplication(ports, {
      home: this.home,
      profile: this.profile,
      hubPort: null,
      version: '0.0.0-test',
    });
    application.onEvent((name, payload) => this.#events.push({ name, payload }));
    this.#application = application;
    this.#dispatch = createDispatch(application.handlers, ports.log);
  }

  /** The end of this profile's log, in one line: for the message of a test that failed. */
  logTail(lines = 8): string {
    const file = join(this.home, 'profiles', this.profile, 'postcard.log');
    if (!existsSync(file)) return 'no log';
    return readFileSync(file, 'utf8').trim().split('\n').slice(-lines).join(' | ');
  }

  async close(): Promise<void> {
    await this.#application?.close();
    this.#application = null;
    this.#dispatch = null;
  }

  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  #ports(folder: string): Ports {
    return {
      platform: 'linux',
      notificationsShownBy: 'native',
      canRunInBackground: false,
      chooseFolder: null,
      notify: (notification) => void this.notifications.push(notification),
      dismiss: () => undefined,
      setBadge: (count) => void (this.badge = count),
      openExternal: async () => undefined,
      secrets: createSecrets(join(folder, 'secrets.json'), null),
      settings: createSettingsFile(join(folder, 'settings.json')),
      focusWindow: () => undefined,
      quit: () => undefined,
      log: createLog(join(folder, 'postcard.log')),
      startProcess: null,
      workerFile: (name) => pathToFileURL(join(projectRoot, workerSources[name])),
    };
  }

  /** What a window gets for a call, failures included. */
  async outcome<N extends MethodName>(name: N, params: Params<N>): Promise<Outcome<Result<N>>> {
    if (this.#dispatch === null) throw new Error('The app is closed');
    // dispatch is typed for what comes from a window: anything.
    return (await this.#dispatch(name, params)) as Outcome<Result<N>>;
  }

  /** The result of a call; throws PostcardError with its code when it fails. */
  async call<N extends MethodName>(name: N, params: Params<N>): Promise<Result<N>> {
    const outcome = await this.outcome(name, params);
    if (outcome.ok) return outcome.value;
    throw new PostcardError(outcome.code, outcome.detail);
  }

  /** The payloads of an event so far, since the app was made. */
  events<N extends EventName>(name: N): Payload<N>[] {
    // Recorded under its name, so with its payload.
    return this.#events.filter((event) => event.name === name).map((event) => event.payload as Payload<N>);
  }

  /** Their own bare address. */
  async ownAddress(): Promise<string> {
    const { account } = await this.call('app.state', {});
    if (account === null) throw new Error('Nobody is signed in');
    return account.address;
  }

  async connected(timeout = 30_000): Promise<void> {
    const isUp = async () => (await this.call('connection.state', {})).state === 'connected';
    await until(isUp, { timeout, what: `${this.profile} to be connected` });
  }

  /** The conversation with somebody; made when there is none. */
  async conversationWith(address: string): Promise<ConversationId> {
    return (await this.call('conversations.start', { address })).id;
  }

  /** All messages with somebody, oldest first. */
  async messagesWith(address: string): Promise<Message[]> {
    const conversationId = await this.conversationWith(address);
    const all: Message[] = [];
    let page = await this.call('messages.page', { conversationId, at: { kind: 'newest' }, limit: 200 });
    all.unshift(...page.items);
    for (let first = page.items[0]; page.hasOlder && first !== undefined; first = page.items[0]) {
      const at = { kind: 'before', position: first.position } as const;
      page = await this.call('messages.page', { conversationId, at, limit: 200 });
      all.unshift(...page.items);
    }
    return all;
  }

  /** Lets somebody in before they write, as accepting their request does; the server knows when this resolves. */
  async letIn(...addresses: string[]): Promise<void> {
    for (const address of addresses) await this.call('requests.accept', { address });
    // Answered after the roster was written: a server works through one stream in order.
    await this.call('people.find', { query: 'nobody' });
  }

  /** The request of somebody, once it is there. */
  async request(
    address: string,
    fits: (request: MessageRequest) => boolean = () => true,
  ): Promise<MessageRequest> {
    const list = () => this.call('requests.list', { before: null, limit: 200 });
    const one = async () => (await list()).items.find((r) => r.address === address && fits(r));
    return until(one, { what: `a request of ${address}` });
  }

  async textsWith(address: string): Promise<string[]> {
    return (await this.messagesWith(address)).map(({ text }) => text);
  }

  /** How many of the own messages the server has not got yet. */
  async textsOnTheWay(address: string): Promise<number> {
    return (await this.messagesWith(address)).filter(({ state }) => state === 'sending').length;
  }

  async write(address: string, text: string): Promise<Message> {
    const conversationId = await this.conversationWith(address);
    return this.call('messages.send', { conversationId, text, anyway: true });
  }

  /** Attaches a file with a caption, as the photo dialog does, and sends it. */
  async sendPhoto(
    address: string,
    path: string,
    caption = '',
    quality: Quality = 'standard',
  ): Promise<Message> {
    const conversationId = await this.conversationWith(address);
    const { id } = await this.call('photos.stage', { conversationId, source: { kind: 'path', path } });
    await this.call('photos.setCaption', { id, caption });
    const sent = await this.call('photos.send', {
      conversationId,
      quality,
      metadata: 'credit',
      anyway: true,
    });
    const message = sent[0];
    if (message === undefined) throw new Error('Nothing was sent');
    return message;
  }

  /** Waits for a message from or to somebody that fits. */
  async message(
    address: string,
    fits: (message: Message) => boolean,
    options: { timeout?: number; what?: string } = {},
  ): Promise<Message> {
    return until(async () => (await this.messagesWith(address)).find(fits), {
      what: `a message with ${address} that fits`,
      ...options,
    });
  }

  /** Waits until a message of one's own has left: the server has it. */
  async sent(address: string, id: MessageId, timeout = 30_000): Promise<Message> {
    const left = ['sent', 'delivered', 'read', 'failed'];
    const what = `message ${id} to be sent`;
    return this.message(address, (m) => m.id === id && left.includes(m.state), { timeout, what });
  }

  /** A picture's bytes as a window gets them, from `/media/…`. */
  async media(path: string): Promise<Buffer> {
    if (this.#application === null) throw new Error('The app is closed');
    const answer = await this.#application.serve(new Request(`http://127.0.0.1${path}`));
    if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  }
}
