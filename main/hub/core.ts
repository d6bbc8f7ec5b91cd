import { randomUUID } from 'node:crypto';
import { HeldDeliveries } from './delivery.ts';
import { DOMAIN } from './jid.ts';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { broadcastUnavailable } from './presence.ts';
import { deliverOffline } from './offline.ts';
import { RoomMutes } from './rooms/mutes.ts';
import { RoomRegistry } from './rooms/registry.ts';
import { saveStream } from './store/streams.ts';
import { Turn } from './turn.ts';
import { el } from './xml.ts';
import type { Db } from './store/database.ts';
import type { HubModule, IqHandler } from './module.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

export interface CoreOptions {
  db: Db;
  folder: string;
  modules: readonly HubModule[];
  log: (line: string) => void;
}

type IqCallback = (reply: XmlElement) => void;

/** What every part of the hub shares: the database, the sessions, the turn and the modules. */
export class HubCore {
  readonly db: Db;
  readonly folder: string;
  readonly modules: readonly HubModule[];
  readonly log: (line: string) => void;
  readonly turn: Turn;
  readonly held = new HeldDeliveries();
  readonly rooms: RoomRegistry;
  readonly mutes = new RoomMutes(this);
  /** Where uploads are served, without a slash at the end; known once the hub listens. */
  httpBase = '';
  /** Called when an account was made, inside the turn that made it. */
  onRegistered: (user: string) => void = () => undefined;
  readonly #sessions = new Map<string, Map<string, Session>>();
  readonly #streams = new Map<string, Session>();
  readonly #asked = new Map<string, IqCallback>();
  readonly #handlers = new Map<string, IqHandler>();

  constructor(options: CoreOptions) {
    this.db = options.db;
    this.rooms = new RoomRegistry(this.db);
    this.folder = options.folder;
    this.modules = options.modules;
    this.log = options.log;
    this.turn = new Turn(this.db, (error) => this.#abandonAll(error));
    for (const handler of this.modules.flatMap((module) => module.iq ?? [])) {
      for (const type of handler.type === 'both' ? ['get', 'set'] : [handler.type]) {
        this.#handlers.set(`${handler.at} ${type} ${handler.ns} ${handler.name}`, handler);
      }
    }
  }

  findHandler(at: string, type: string, payload: XmlElement): IqHandler | undefined {
    return this.#handlers.get(`${at} ${type} ${payload.ns} ${payload.name}`);
  }

  /** The bound resources of an account, those that wait to be resumed included. */
  sessionsOf(user: string): Session[] {
    return [...(this.#sessions.get(user)?.values() ?? [])];
  }

  findSession(user: string, resource: string): Session | undefined {
    return this.#sessions.get(user)?.get(resource);
  }

  /** Binds a session; whoever had the resource before is put out (RFC 6120 §7.7.2.2). */
  addSession(session: Session): void {
    const old = this.findSession(session.user, session.resource);
    if (old) this.endSession(old, 'conflict');
    const all = this.#sessions.get(session.user) ?? new Map<string, Session>();
    this.#sessions.set(session.user, all.set(session.resource, session));
  }

  registerStream(session: Session): void {
    if (session.stream?.resumable) this.#streams.set(session.stream.id, session);
  }

  findStream(id: string): Session | undefined {
    return this.#streams.get(id);
  }

  /** The connection was lost: keeps a resumable session for a while, ends any other. */
  detachSession(session: Session): void {
    if (session.ended) return;
    if (!session.stream?.resumable) {
      this.endSession(session, null);
      return;
    }
    session.detach();
    session.expiry = setTimeout(
      () => this.turn.run(() => this.endSession(session, null)),
      LIMITS.resumeSeconds * 1000,
    ).unref();
  }

  /** Ends a session for good; with a condition its connection is told why. */
  endSession(session: Session, condition: string | null): void {
    if (session.ended) return;
    if (condition) session.link?.end(condition);
    this.#forget(session);
    broadcastUnavailable(this, session);
    session.release();
    const heir = this.sessionsOf(session.user).find((other) => other.takesMessages);
    if (heir) deliverOffline(this, heir);
  }

  #forget(session: Session): void {
    const all = this.#sessions.get(session.user);
    if (all?.get(session.resource) === session) all.delete(session.resource);
    if (all?.size === 0) this.#sessions.delete(session.user);
    if (!session.stream) return;
    this.#streams.delete(session.stream.id);
    this.rememberStream(session);
  }

  /** Has a stream's new count written with this turn, if the turn writes anything of the session at all. */
  touchStream(session: Session): void {
    if (session.stream?.resumable)
      this.turn.beforeCommit(session.stream.id, () => this.rememberStream(session));
  }

  /** Writes down how far a stream got, so that a refused resumption can still say it (XEP-0198 §5). */
  rememberStream(session: Session): void {
    const { stream, user } = session;
    if (stream?.resumable) saveStream(this.db, stream.id, user, stream.handled);
  }

  /** Asks a client something; the answer (or its error) comes to `callback`, once. */
  ask(session: Session, payload: XmlElement, callback: IqCallback): void {
    const id = `hub-${randomUUID()}`;
    const key = `${session.jid} ${id}`;
    this.#asked.set(key, callback);
    setTimeout(() => this.#asked.delete(key), 60_000).unref();
    session.send(el('iq', NS.client, { type: 'get', id, from: DOMAIN, to: session.jid }, [payload]));
  }

  /** Hands an answer to whoever asked; answers nobody waits for are dropped. */
  answer(session: Session, reply: XmlElement): void {
    const key = `${session.jid} ${reply.attrs.id ?? ''}`;
    const callback = this.#asked.get(key);
    this.#asked.delete(key);
    callback?.(reply);
  }

  /** Ends everything at the end of the process; what is undelivered goes to offline storage. */
  endAll(): void {
    this.turn.run(() => {
      for (const sessions of [...this.#sessions.values()]) {
        for (const session of [...sessions.values()]) {
          session.link?.end('system-shutdown');
          this.rememberStream(session);
          session.release();
        }
      }
      this.#sessions.clear();
    });
    this.turn.settle();
  }

  /** A turn could not be written: as after a crash, only what is on disk counts, and everybody starts anew. */
  #abandonAll(error: unknown): void {
    this.log(
      `A transaction failed, all connections end: ${error instanceof Error ? error.message : String(error)}`,
    );
    for (const sessions of [...this.#sessions.values()]) {
      for (const session of sessions.values()) {
        session.ended = true;
        if (session.expiry) clearTimeout(session.expiry);
        session.link?.end('internal-server-error');
      }
    }
    this.#sessions.clear();
    this.#streams.clear();
    this.rooms.clear();
    this.mutes.tryLater();
  }
}
