import { PostcardError } from '../../contract/errors.ts';
import { AccountCalls } from './account-calls.ts';
import { Backoff } from './backoff.ts';
import { openChannel, type Route } from './discovery.ts';
import { stateMessage } from './modules/xep-0085-chat-states.ts';
import { displayedMessage } from './modules/xep-0333-displayed.ts';
import { StreamLedger } from './ledger.ts';
import { Outflow } from './outflow.ts';
import { XmppStream } from './stream.ts';
import type { ChatState, ConnectionStatus, ConnectOptions, OutboundMessage, Session } from './types.ts';

/** Trying again by itself can't help with these; somebody has to do something first. */
const final = new Set([
  'wrong-password',
  'server-refused',
  'mechanism-downgraded',
  'connection-insecure',
  'address-invalid',
]);

/**
 * Starts a connection that keeps itself up. Never throws: failures come as `onState`. At a first sign-in, the
 * first `problem` is the answer; later it tries again by itself unless `retryAt` stays null.
 */
export function connect(options: ConnectOptions): Session {
  const session = new ReconnectingSession(options);
  session.start();
  return session;
}

class ReconnectingSession extends AccountCalls implements Session {
  readonly #options: ConnectOptions;
  readonly #ledger: StreamLedger;
  readonly #outflow = new Outflow();
  readonly #backoff = new Backoff();
  readonly #route: Route = { last: null };
  #mechanism: string | null;
  #status: ConnectionStatus = { state: 'offline', problem: null, retryAt: null };
  #stream: XmppStream | null = null;
  #opening: AbortController | null = null;
  #timer: NodeJS.Timeout | null = null;
  #active = true;
  #managed = false;
  /** No handler is called any more. */
  #closed = false;
  #onGone: (() => void) | null = null;

  constructor(options: ConnectOptions) {
    super(options.address, options.target.domain);
    this.#options = options;
    this.#mechanism = options.mechanism;
    this.#ledger = new StreamLedger({
      saveResume: (state) => {
        if (!this.#closed) options.saveResume(state);
      },
      onAcked: (id) => this.#acked(id),
      onLost: () => this.#lost(),
      onFault: (error) => this.#stream?.fail(asProblem(error)),
      log: (line) => options.log(line),
    });
    if (options.resume !== null) this.#ledger.load(options.resume, options.address);
    this.#outflow.hold(this.#ledger.heldIds);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  start(): void {
    if (this.#closed || this.#opening !== null || this.#stream !== null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const opening = new AbortController();
    this.#opening = opening;
    this.#tell({ state: 'connecting', problem: this.#status.problem, retryAt: null });
    openChannel(this.#options.target, this.#route, opening.signal).then(
      (channel) => {
        this.#opening = null;
        if (this.#closed) return channel.destroy();
        this.#options.log(`connected to ${channel.label}`);
        this.#run(channel);
      },
      (error: unknown) => {
        this.#opening = null;
        this.#gone(asProblem(error));
      },
    );
  }

  #run(channel: Awaited<ReturnType<typeof openChannel>>): void {
    const { address, password, target, resource, handlers } = this.#options;
    const username = address.slice(0, address.lastIndexOf('@'));
    this.#stream = new XmppStream({
      channel,
      own: address,
      domain: target.domain,
      resource,
      credentials: { username, password: this.changedPassword ?? password, pinned: this.#mechanism },
      ledger: this.#ledger,
      handlers,
      capabilities: this.capabilities,
      rooms: this.roomTable,
      log: (line) => this.#options.log(line),
      onReady: (ready) => this.#ready(ready),
      onEnded: (problem) => this.#ended(problem),
    });
    this.#stream.start();
  }

  #ready({ resumed, mechanism, managed }: { resumed: boolean; mechanism: string; managed: boolean }): void {
    const stream = this.#stream;
    if (stream === null || this.#closed) return;
    this.#backoff.reset();
    this.#managed = managed;
    this.#mechanism = mechanism;
    if (!resumed) this.roomTable.clear();
    this.attach(stream);
    this.#tell({ state: 'connected', problem: null, retryAt: null });
    // A saved state older than the stream (power cut): the server has messages that are not known as held here.
    const known = resumed && !this.#ledger.stale;
    this.#options.handlers.onReady({ resumed: known, held: this.#outflow.ids(), mechanism });
    this.#pump();
    if (!this.#active) stream.setActive(false);
  }

  #ended(problem: PostcardError | null): void {
    this.#stream = null;
    this.attach(null);
    // Where the stream can't be resumed, nothing will say any more what arrived; else the ledger keeps it.
    if (!this.#ledger.resumable) {
      this.#ledger.abandon();
      this.#lost();
    }
    this.#managed = false;
    this.#gone(problem ?? new PostcardError('server-unreachable', { reason: 'closed' }));
  }

  #gone(problem: PostcardError): void {
    if (this.#closed) return this.#onGone?.();
    this.#options.log(`offline: ${problem.code}`);
    if (final.has(problem.code)) return this.#tell({ state: 'offline', problem, retryAt: null });
    const wait = this.#backoff.next();
    this.#timer = setTimeout(() => this.start(), wait);
    this.#tell({ state: 'offline', problem, retryAt: Date.now() + wait });
  }

  #tell(status: ConnectionStatus): void {
    this.#status = status;
    if (!this.#closed) this.#options.handlers.onState(status);
  }

  #acked(stanzaId: string): void {
    const id = this.#outflow.completedBy(stanzaId);
    if (id !== null && !this.#closed) this.#options.handlers.onAcked(id);
    this.#outflow.acked(stanzaId);
    this.#pump();
  }

  #lost(): void {
    const ids = this.#outflow.drop();
    if (ids.length > 0 && !this.#closed) this.#options.handlers.onLost(ids);
  }

  send(message: OutboundMessage): void {
    if (this.#closed || this.#stream?.isReady !== true) throw new PostcardError('offline');
    this.#outflow.add(message);
    this.#pump();
  }

  #pump(): void {
    const stream = this.#stream;
    if (stream?.isReady !== true) return;
    let sent = false;
    this.#outflow.pump((stanza) => {
      stream.sendMessage(stanza);
      sent = true;
    });
    if (sent && !this.#managed) this.#confirm(stream);
  }

  /** Without stream management: a pong says that what was sent before the ping was read (XEP-0199). */
  #confirm(stream: XmppStream): void {
    const before = this.#outflow.openStanzas();
    const done = () => {
      if (this.#stream === stream) for (const id of before) this.#acked(id);
    };
    stream.ping().then(done, (error: unknown) => {
      if (error instanceof PostcardError && error.code === 'offline') return;
      this.#options.log('no pong');
      stream.fail(asProblem(error));
    });
  }

  sendReceipt(to: string, id: string): void {
    if (this.#stream?.isReady !== true) return;
    const receipt = { type: 'received' as const, id };
    this.#stream.sendMessage({ to, type: 'chat', receipt, processingHints: { store: true } });
  }

  sendDisplayed(to: string, id: string): void {
    if (this.#closed || this.#stream?.isReady !== true) throw new PostcardError('offline');
    this.#stream.sendMessage(displayedMessage(to, id));
  }

  sendChatState(to: string, state: ChatState): void {
    if (this.#stream?.isReady === true) this.#stream.sendMessage(stateMessage(to, state));
  }

  setActive(active: boolean): void {
    if (active === this.#active) return;
    this.#active = active;
    if (this.#stream?.isReady) this.#stream.setActive(active);
  }

  retryNow(): void {
    if (this.#stream !== null) return this.#stream.probe();
    this.#backoff.reset();
    this.start();
  }

  async close({ keepResumable = false } = {}): Promise<void> {
    if (this.#closed) return;
    const stream = this.#stream;
    const gone = new Promise<void>((resolve) => (this.#onGone = resolve));
    const idle = stream === null && this.#opening === null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // What comes in from now on is not stored, so it must not count as handled either.
    this.#ledger.detach();
    // Only for messages that may not have got there. A stream that is merely cut can lose what is sent to it in the
    // same moment (ejabberd 24.12, one in fifty), and looks present for minutes; one that was ended does neither.
    const leave = keepResumable && (this.#ledger.heldIds.length > 0 || stream?.isReady !== true);
    if (!leave) this.#options.saveResume(null);
    this.#closed = true;
    this.#opening?.abort();
    if (leave) stream?.fail(new PostcardError('offline'));
    else stream?.close();
    if (!idle) await gone;
    this.#status = { state: 'offline', problem: null, retryAt: null };
  }
}

function asProblem(error: unknown): PostcardError {
  if (error instanceof PostcardError) return error;
  return new PostcardError('internal', {}, { cause: error });
}
