import { randomBytes } from 'node:crypto';
import type { Connection } from '../../contract/accounts.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Events } from '../events.ts';
import { readState, writeState, type WritableDb } from '../store/index.ts';
import {
  connect,
  type ConnectionStatus,
  type InboundHandlers,
  type ServerTarget,
  type Session,
} from '../xmpp/index.ts';

/** What the other features want to hear of the stream; all synchronous (see InboundHandlers). */
export type StreamListener = Partial<Omit<InboundHandlers, 'onState'>>;

export interface AccountConnection {
  /** Throws `offline` while there is no stream to write to. */
  online(): Session;
  isReady(): boolean;
  /** The session whatever its state; null before the first connection and while the hub is away. */
  session(): Session | null;
  listen(listener: StreamListener): void;
  /** From now on nothing counts that these addresses send, but for messages, which their receiver judges. */
  ignore(isIgnored: (address: string) => boolean): void;
  start(): void;
  /** The server's address changed (the hub moved), or it came back. */
  retarget(target: ServerTarget | null): void;
  /** Another password, after the server refused the one before. */
  usePassword(password: string): Promise<void>;
  /** Resolves when the first attempt signed in; rejects with what it failed with. */
  firstAttempt(): Promise<void>;
  setCatchingUp(share: number | null): void;
  wake(): void;
  /** `resumable`: the next start continues this stream. Otherwise it ends for good. */
  close(o: { resumable: boolean }): Promise<void>;
  readonly handlers: Pick<Handlers, 'connection.state' | 'connection.retry'>;
}

const OFFLINE: ConnectionStatus = { state: 'offline', problem: null, retryAt: null };
/** Problems after which the library does not try again by itself. */
const isFinal = (status: ConnectionStatus) => status.problem !== null && status.retryAt === null;

export function createConnection(o: {
  address: string;
  password: string | null;
  target: ServerTarget | null;
  db: WritableDb;
  events: Events;
  log(line: string): void;
}): AccountConnection {
  const { db } = o;
  const listeners: StreamListener[] = [];
  let ignored: (address: string) => boolean = () => false;
  let { password, target } = o;
  let session: Session | null = null;
  let status: ConnectionStatus = OFFLINE;
  let ready = false;
  let catchingUp: number | null = null;
  let settle: { resolve(): void; reject(error: unknown): void } | null = null;
  let generation = 0;
  /** The end of every session before the present one: two at once would throw each other out. */
  let ended: Promise<void> = Promise.resolve();

  const tell = () => o.events.emit('connection.changed', describe());
  const describe = (): Connection => ({
    state: status.state,
    problem: status.problem && { code: status.problem.code, detail: status.problem.detail },
    retryAt: status.retryAt,
    catchingUp,
  });
  const setStatus = (next: ConnectionStatus) => {
    status = next;
    if (next.state !== 'connected') ready = false;
    if (next.problem && settle) {
      settle.reject(next.problem);
      settle = null;
    }
    tell();
  };
  const each = (call: (listener: StreamListener) => void) => listeners.forEach(call);

  /** A session that has been replaced may still report its end: only the newest one counts. */
  const handlersFor = (mine: number): InboundHandlers => {
    const current = () => mine === generation;
    return {
      onState: (next) => current() && setStatus(next),
      onReady: (r) => {
        if (!current()) return;
        ready = true;
        writeState(db, 'sasl-mechanism', r.mechanism);
        settle?.resolve();
        settle = null;
        each((l) => l.onReady?.(r));
      },
      onLost: (ids) => current() && each((l) => l.onLost?.(ids)),
      onAcked: (id) => each((l) => l.onAcked?.(id)),
      onMessage: (m) => each((l) => l.onMessage?.(m)),
      onReceipt: (r) => ignored(r.from) || each((l) => l.onReceipt?.(r)),
      onDisplayed: (d) => (!d.outgoing && ignored(d.peer)) || each((l) => l.onDisplayed?.(d)),
      onChatState: (c) => ignored(c.from) || each((l) => l.onChatState?.(c)),
      // XEP-0191 section 3.3: what my own server answers when I write to somebody I blocked.
      onBounce: (b) => (ignored(b.from) && b.condition !== 'not-acceptable') || each((l) => l.onBounce?.(b)),
      onRosterChanged: (items) => each((l) => l.onRosterChanged?.(items)),
      onAvatarChanged: (a) => ignored(a.address) || each((l) => l.onAvatarChanged?.(a)),
      onNickChanged: (n) => ignored(n.address) || each((l) => l.onNickChanged?.(n)),
      onHeld: (h) => each((l) => l.onHeld?.(h)),
      onInvitation: (i) => each((l) => l.onInvitation?.(i)),
      onFollowRequest: (r) => ignored(r.address) || each((l) => l.onFollowRequest?.(r)),
      onReadPosition: (p) => each((l) => l.onReadPosition?.(p)),
      onPacksChanged: () => each((l) => l.onPacksChanged?.()),
      onPrivateItem: (i) => each((l) => l.onPrivateItem?.(i)),
      onBlockPush: (p) => each((l) => l.onBlockPush?.(p)),
      onPrivacyPush: (list) => each((l) => l.onPrivacyPush?.(list)),
      // What a room says of itself and of who is in it; somebody ignored is in it all the same.
      onOccupant: (c) => each((l) => l.onOccupant?.(c)),
      onOccupantGone: (c) => each((l) => l.onOccupantGone?.(c)),
      onLeft: (c) => each((l) => l.onLeft?.(c)),
      onRoomConfigured: (c) => each((l) => l.onRoomConfigured?.(c)),
      onAffiliation: (c) => each((l) => l.onAffiliation?.(c)),
      onSeen: (c) => each((l) => l.onSeen?.(c)),
      onSubject: (c) => each((l) => l.onSubject?.(c)),
      onBookmark: (c) => each((l) => l.onBookmark?.(c)),
      onDeclined: (c) => ignored(c.address) || each((l) => l.onDeclined?.(c)),
      onFollowWithdrawn: (r) => ignored(r.address) || each((l) => l.onFollowWithdrawn?.(r)),
    };
  };
  const open = () => {
    if (password === null) return setStatus({ ...OFFLINE, problem: new PostcardError('secret-unavailable') });
    // The hub is being looked for; `retarget` tells when it is found, or that it isn't.
    if (!target) return setStatus({ state: 'connecting', problem: null, retryAt: null });
    generation += 1;
    session = connect({
      address: o.address,
      password,
      target,
      resource: resourceOf(db),
      mechanism: readState(db, 'sasl-mechanism'),
      resume: readState(db, 'stream-resume'),
      saveResume: (state) => writeState(db, 'stream-resume', state),
      handlers: handlersFor(generation),
      log: o.log,
    });
  };
  const end = (resumable: boolean): Promise<void> => {
    const old = session;
    session = null;
    ready = false;
    generation += 1;
    ended = Promise.all([ended, old?.close({ keepResumable: resumable })]).then(() => undefined);
    return ended;
  };
  const reopen = async () => {
    const done = end(true);
    const mine = generation;
    setStatus({ state: 'connecting', problem: null, retryAt: null });
    await done;
    // Moved once more, or closed, while the old one was ending.
    if (mine === generation) open();
  };

  return {
    online: () => {
      if (!session || !ready) throw new PostcardError('offline');
      return session;
    },
    isReady: () => session !== null && ready,
    session: () => session,
    listen: (listener) => void listeners.push(listener),
    ignore: (isIgnored) => void (ignored = isIgnored),
    start: open,
    retarget: (next) => {
      const same = next && target && next.endpoint === target.endpoint && next.domain === target.domain;
      target = next;
      if (!next) {
        // An open stream notices by itself that its server went away, and tells why.
        if (!session) setStatus({ ...OFFLINE, problem: new PostcardError('hub-unavailable') });
        return;
      }
      if (same && session) session.retryNow();
      else void reopen().catch((error: unknown) => o.log(`reconnecting failed: ${String(error)}`));
    },
    usePassword: async (next) => {
      password = next;
      const result = new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
      await reopen();
      await result;
    },
    firstAttempt: () => {
      if (ready) return Promise.resolve();
      if (status.problem) return Promise.reject(status.problem);
      return new Promise<void>((resolve, reject) => (settle = { resolve, reject }));
    },
    setCatchingUp: (share) => {
      if (catchingUp === share) return;
      catchingUp = share;
      tell();
    },
    wake: () => session?.retryNow(),
    close: ({ resumable }) => end(resumable),
    handlers: {
      'connection.state': describe,
      'connection.retry': () => {
        if (!session || isFinal(status))
          void reopen().catch((error: unknown) => o.log(`retry: ${String(error)}`));
        else session.retryNow();
      },
    },
  };
}

/** One resource for the life of this profile: the server then knows a reconnect from a second device. */
function resourceOf(db: WritableDb): string {
  const known = readState(db, 'resource');
  if (known !== null) return known;
  const made = `postcard-${randomBytes(4).toString('hex')}`;
  writeState(db, 'resource', made);
  return made;
}
