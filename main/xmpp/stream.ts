import { type Agent, Client } from 'stanza';
import type { IQ, Message, StreamError, StreamFeatures } from 'stanza/protocol/index.js';
import { PostcardError } from '../../contract/errors.ts';
import type { Capabilities } from './capabilities.ts';
import type { Channel } from './channel.ts';
import { Inbound } from './inbound.ts';
import { IqCalls, IqError } from './iq.ts';
import type { StreamLedger } from './ledger.ts';
import { Liveness } from './liveness.ts';
import { type Credentials, useLogin } from './login.ts';
import { useModules } from './modules/index.ts';
import type { IqPort } from './modules/iq-port.ts';
import { capabilities } from './modules/xep-0030-disco.ts';
import { hasArchive } from './archive.ts';
import type { RoomTable } from './room-presence.ts';
import { streamProblem } from './stream-errors.ts';
import { StanzaTransport } from './transport.ts';
import type { InboundHandlers } from './types.ts';

/** Login, resource and stream management must be through by then, in ms. Rate-limited servers are slow. */
const NEGOTIATION_TIMEOUT = 60_000;

type Push = Parameters<Inbound['onRosterPush']>[0];

export interface StreamOptions {
  readonly channel: Channel;
  readonly own: string;
  readonly domain: string;
  readonly resource: string;
  readonly credentials: Omit<Credentials, 'secure'>;
  readonly ledger: StreamLedger;
  readonly handlers: InboundHandlers;
  readonly capabilities: Capabilities;
  readonly rooms: RoomTable;
  log(line: string): void;
  onReady(ready: { resumed: boolean; mechanism: string; managed: boolean }): void;
  /** Exactly once, the last call. */
  onEnded(problem: PostcardError | null): void;
}

/** The library's outgoing queue, which its types leave out. */
interface Queues {
  outgoingDataQueue: { pause(): void; resume(): void };
}

/**
 * One connection: one channel, one client of the library, never used again after it ended. A reconnect goes the
 * same way as a start of the app, so that there is one way only.
 */
export class XmppStream implements IqPort {
  readonly own: string;
  readonly domain: string;
  readonly inbound: Inbound;
  /** What Inbound trusts; filled in once the account was asked. */
  readonly context: {
    own: string;
    domain: string;
    trustsStanzaIds: boolean;
    isRoom(address: string): boolean;
  };
  readonly #options: StreamOptions;
  readonly #client: Agent;
  readonly #iqs: IqCalls;
  readonly #transport: StanzaTransport;
  readonly #liveness: Liveness;
  readonly #timer: NodeJS.Timeout;
  /** Condition of the stream error that the server sent. */
  condition: string | null = null;
  #mechanism = '';
  #problem: PostcardError | null = null;
  #ready = false;
  #ended = false;
  #resuming = false;
  #offersManagement = false;

  constructor(options: StreamOptions) {
    this.#options = options;
    this.own = options.own;
    this.domain = options.domain;
    this.context = {
      own: options.own,
      domain: options.domain,
      trustsStanzaIds: options.ledger.archives,
      isRoom: (address) => options.rooms.get(address) !== undefined,
    };
    this.inbound = new Inbound(
      this.context,
      options.handlers,
      (line) => options.log(line),
      options.capabilities,
      options.rooms,
    );
    this.#client = this.#createClient();
    this.#iqs = new IqCalls(this.#client, options.own);
    this.#transport = new StanzaTransport(this.#client, options.channel, {
      onTraffic: () => this.#liveness.alive(),
      onStreamError: (error) => this.#streamError(error),
      onViolation: (error) => this.#violated(error.message),
      onClosed: (problem) => (this.#problem ??= problem),
    });
    this.#liveness = new Liveness({
      probe: () => this.#probe(),
      unsent: () => this.#transport.unsent() + this.#transport.sentSinceTraffic,
      dead: () => this.fail(new PostcardError('server-unreachable', { reason: 'silent' })),
    });
    this.#timer = setTimeout(() => this.fail(new PostcardError('no-answer')), NEGOTIATION_TIMEOUT);
  }

  start(): void {
    this.#wireLogin();
    this.#wireLedger();
    this.#wireStanzas();
    this.#client.on('--transport-disconnected', () => this.#iqs.end());
    this.#client.on('disconnected', () => this.#end());
    this.#client.transport = this.#transport;
    this.#transport.connect();
  }

  get isReady(): boolean {
    return this.#ready && !this.#ended;
  }

  send(iq: IQ, timeout?: number): ReturnType<IqCalls['send']> {
    if (this.#ended) return Promise.reject(new PostcardError('offline'));
    return this.#iqs.send(iq, timeout);
  }

  sendMessage(message: Message): void {
    void this.#client.send('message', message);
  }

  sendPresence(presence: {
    to?: string;
    type?: string;
    priority?: number;
    legacyCapabilities?: object;
    muc?: object;
  }): void {
    // The library's presence type names each XEP's payload; these are the few that are sent here.
    void this.#client.send('presence', presence as never);
  }

  /** What the presence to a room says as well, so that others there know what this app can do. */
  get announced(): { legacyCapabilities: object } {
    return { legacyCapabilities: capabilities(this.#client) };
  }

  setActive(active: boolean): void {
    // The library's own markActive writes a field (`type`) that its definition does not know.
    void this.#client.send('csi', { state: active ? 'active' : 'inactive' } as never);
  }

  /** Resolves once the server has read everything before it (XEP-0199); an error is an answer too. */
  async ping(): Promise<void> {
    try {
      await this.send({ type: 'get', to: this.domain, ping: true } as unknown as IQ);
    } catch (error) {
      if (!(error instanceof IqError)) throw error;
    }
  }

  /** Asks for a sign of life now. */
  probe(): void {
    this.#liveness.check();
  }

  /** Drops the connection; the session may be resumed. */
  fail(problem: PostcardError): void {
    this.#problem ??= problem;
    this.#transport.disconnect(false);
  }

  /** Ends the stream cleanly: there is nothing to resume afterwards. */
  close(): void {
    this.#problem ??= new PostcardError('offline');
    this.#transport.disconnect(true);
  }

  #createClient(): Agent {
    const { own, domain, resource } = this.#options;
    const client = new Client({
      jid: own,
      server: domain,
      resource,
      autoReconnect: false,
      transports: {},
      transportPreferenceOrder: [],
      timeout: NEGOTIATION_TIMEOUT / 1000,
    }) as unknown as Agent; // `createClient` does this cast too, after loading plugins that are not wanted here
    useModules(client);
    return client;
  }

  #wireLogin(): void {
    const { credentials, channel } = this.#options;
    useLogin(
      this.#client,
      { ...credentials, secure: channel.secure },
      {
        onMechanism: (name) => (this.#mechanism = name),
        onProblem: (problem) => {
          this.#problem = problem;
          this.#transport.disconnect(true);
        },
      },
    );
    this.#client.on('features', (features: StreamFeatures) => {
      this.#offersManagement = Boolean((features as { streamManagement?: unknown }).streamManagement);
    });
  }

  #wireLedger(): void {
    const { ledger } = this.#options;
    const client = this.#client;
    // The ledger has every member that the library's Client and plugins use of their own stream management.
    client.sm = ledger as unknown as Agent['sm'];
    const queue = (client as unknown as Queues).outgoingDataQueue;
    this.#resuming = ledger.resumable;
    ledger.attach({
      send: (sm) => void client.send('sm', sm as never),
      bound: (jid) => (client.jid = jid),
      resend: (stanzas) => {
        queue.pause();
        const raw = client as unknown as {
          send(kind: string, stanza: object, replay: boolean): Promise<void>;
        };
        for (const [kind, stanza] of stanzas) void raw.send(kind, stanza, true);
        queue.resume();
      },
    });
    client.on('sm', (sm) => {
      // Before what was missed is read: it comes right behind.
      if (sm.type === 'resumed') this.inbound.resumed();
      if (sm.type === 'enabled') setImmediate(() => this.#becomeReady(false));
      // Refused outright (not a refused resume, after which it is enabled anew): go on without.
      if (sm.type === 'failed' && !this.#resuming) setImmediate(() => this.#becomeReady(false));
      if (sm.type === 'failed') this.#resuming = false;
    });
    client.on('stream:management:resumed' as never, () => this.#becomeReady(true));
    client.on('session:started', () => {
      if (this.#offersManagement) return;
      void ledger.failed({}).then(() => this.#becomeReady(false));
    });
  }

  #wireStanzas(): void {
    const guard =
      <T>(handle: (stanza: T) => void) =>
      (stanza: T) => {
        if (!this.#ended && this.#problem === null) this.#guarded(() => handle(stanza));
      };
    const client = this.#client;
    client.on(
      'message',
      guard((stanza) => this.inbound.onMessage(stanza)),
    );
    client.on(
      'presence',
      guard((stanza) => this.inbound.onPresence(stanza)),
    );
    const pushes = {
      roster: (iq: Push) => this.inbound.onRosterPush(iq),
      blockList: (iq: Push) => this.inbound.onBlockPush(iq),
      privacy: (iq: Push) => this.inbound.onPrivacyPush(iq),
    };
    for (const [name, take] of Object.entries(pushes)) {
      client.on(`iq:set:${name}` as never, (iq: never) => {
        guard((push: Push) => {
          if (take(push)) client.sendIQResult(push);
          else client.sendIQError(push, { error: { condition: 'service-unavailable', type: 'cancel' } });
        })(iq);
      });
    }
  }

  /** What a handler could not store must not count as handled: the connection is dropped and told it again. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#options.ledger.halt();
      this.#options.log(`a handler failed: ${error instanceof Error ? error.message : 'unknown'}`);
      this.fail(error instanceof PostcardError ? error : new PostcardError('internal', {}, { cause: error }));
    }
  }

  #becomeReady(resumed: boolean): void {
    if (this.#ready || this.#ended) return;
    this.#ready = true;
    clearTimeout(this.#timer);
    this.#liveness.start();
    void this.#prepare(resumed).catch((error: unknown) => {
      this.fail(error instanceof PostcardError ? error : new PostcardError('internal', {}, { cause: error }));
    });
  }

  async #prepare(resumed: boolean): Promise<void> {
    const { ledger, onReady } = this.#options;
    const managed = ledger.started;
    // What comes before this is known can't be told apart by archive ids, only by its own.
    const asked = hasArchive(this).then((archives) => {
      this.context.trustsStanzaIds = archives;
      ledger.archives = archives;
    });
    if (!resumed) {
      const carbons = this.send({ type: 'set', carbons: { action: 'enable' } } as unknown as IQ);
      await Promise.all([asked, carbons.catch((error: unknown) => this.#unlessOffline(error))]);
    }
    if (this.#ended) return;
    this.#guarded(() => onReady({ resumed, mechanism: this.#mechanism, managed }));
    // RFC 6121 section 4.2: now messages flow, also those stored for me.
    if (!resumed && !this.#ended) {
      this.sendPresence({ priority: 0, ...this.announced });
    }
    await asked;
  }

  /** A server without carbons still delivers messages. */
  #unlessOffline(error: unknown): void {
    if (error instanceof PostcardError && error.code === 'offline') throw error;
    this.#options.log('carbons are not available');
  }

  #probe(): void {
    const { ledger } = this.#options;
    if (ledger.started) return ledger.request();
    // Only the traffic of the answer counts: without it, Liveness ends the connection.
    this.ping().catch(() => this.#options.log('no pong'));
  }

  #streamError(error: StreamError): void {
    const condition = error.condition ?? 'undefined-condition';
    this.condition = condition;
    this.#options.log(`stream error: ${condition}`);
    this.#problem ??= streamProblem(condition);
  }

  #violated(what: string): void {
    this.#options.log(`the stream broke the rules: ${what}`);
    this.#problem ??= new PostcardError('server-error', { condition: 'invalid-xml' });
    // Resuming would bring the same stanza again, and again.
    this.#guarded(() => this.#options.ledger.abandon());
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#liveness.stop();
    this.#iqs.end();
    this.#options.ledger.detach();
    this.#options.onEnded(this.#problem);
  }
}
