import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureFolder } from './folder.ts';
import { takeLock } from './host-lock.ts';
import { watchHub } from './hub-watch.ts';
import type { HostLock } from './host-lock.ts';
import type { Hub, HubOptions } from './index.ts';

export interface JoinOptions {
  /** The home folder; everything of the hub is in its folder `hub`. */
  home: string;
  /** The port asked for with --hub-port; 0 or undefined for any. */
  preferredPort?: number | undefined;
  /** Starts the hub here, in whatever way suits this process. It may have `onExit`, as HubInWorker does. */
  host: (options: HubOptions) => Promise<Hub & { onExit?(callback: (reason: string) => void): void }>;
  log?: (line: string) => void;
}

/** This process's part in the hub of its home. */
export interface HubMembership {
  /** Where the hub is; null while none is known, as during a takeover. */
  url(): string | null;
  /** Hears of every new address (and of null); returns a function that stops that. */
  onChange(callback: (url: string | null) => void): () => void;
  hosting(): boolean;
  close(): Promise<void>;
}

/** Somebody's time as host, wrapped since a promise in a promise would be waited for. */
interface Tenure {
  ended: Promise<void>;
}

interface Announcement {
  port: number;
  pid: number;
  startedAt: number;
}

/**
 * Joins the hub of a home: hosts it, or finds the process that does and takes over when that one ends.
 * Resolves when the address is known.
 * @throws with code EADDRINUSE when the port asked for belongs to another program, or what `host` throws
 */
export async function joinHub(options: JoinOptions): Promise<HubMembership> {
  const member = new Member(options);
  await member.start();
  return member;
}

class Member implements HubMembership {
  readonly #options: JoinOptions;
  readonly #folder: string;
  readonly #homeId: string;
  readonly #log: (line: string) => void;
  readonly #listeners = new Set<(url: string | null) => void>();
  readonly #stop = new AbortController();
  #url: string | null = null;
  #lock: HostLock | null = null;
  #hub: Hub | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(options: JoinOptions) {
    this.#options = options;
    this.#log = options.log ?? (() => undefined);
    this.#folder = join(options.home, 'hub');
    ensureFolder(this.#folder);
    this.#homeId = readHomeId(this.#folder);
  }

  url(): string | null {
    return this.#url;
  }

  hosting(): boolean {
    return this.#hub !== null;
  }

  onChange(callback: (url: string | null) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#hub?.close();
    this.#hub = null;
    this.#lock?.release();
    this.#lock = null;
  }

  /** Settles once the hub is known; what follows runs in the background until close(). */
  async start(): Promise<void> {
    const preferred = this.#options.preferredPort ?? 0;
    const before = readAnnouncement(this.#folder)?.port ?? 0;
    // Somebody who asks for a port gets that one or an error; afterwards staying where the others look counts more.
    const first = preferred ? [preferred] : [before, 0];
    const found = await this.#settle(first);
    this.#running = this.#follow(found, [before, preferred, 0]);
  }

  /** Hosts the hub or finds it; gives back what to wait for until that has ended. */
  async #settle(ports: number[]): Promise<Tenure> {
    for (;;) {
      if (this.#stop.signal.aborted) return { ended: Promise.resolve() };
      this.#lock ??= takeLock(join(this.#folder, 'host.lock'));
      if (this.#lock) return this.#host(ports);
      const known = readAnnouncement(this.#folder);
      const watch = known && (await watchHub(known.port, this.#homeId, this.#stop.signal));
      if (known && watch) {
        this.#announceHere(`ws://127.0.0.1:${known.port}/xmpp-websocket`);
        return watch;
      }
      // The one with the lock is still starting.
      await wait(50, undefined, { ref: true });
    }
  }

  async #follow(first: Tenure, ports: number[]): Promise<void> {
    let tenure = first;
    for (;;) {
      await tenure.ended;
      if (this.#stop.signal.aborted) return;
      this.#announceHere(null);
      const before = readAnnouncement(this.#folder)?.port ?? 0;
      try {
        tenure = await this.#settle([before, ...ports.slice(1)]);
      } catch (error) {
        this.#log(
          `The hub could not be taken over: ${error instanceof Error ? error.message : String(error)}`,
        );
        tenure = { ended: wait(1_000) };
      }
    }
  }

  /** Starts the hub on the first port that is free. @throws what the last attempt threw */
  async #host(ports: number[]): Promise<Tenure> {
    const candidates = [...new Set(ports.filter((port) => port !== 0))];
    if (ports.includes(0)) candidates.push(0);
    for (const [i, port] of candidates.entries()) {
      try {
        return this.#hosting(await this.#options.host(this.#hubOptions(port)));
      } catch (error) {
        const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
        if (busy && i < candidates.length - 1) continue;
        this.#lock?.release();
        this.#lock = null;
        throw error;
      }
    }
    throw new Error('No port to try');
  }

  #hubOptions(port: number): HubOptions {
    return { folder: this.#folder, port, homeId: this.#homeId, log: this.#log };
  }

  #hosting(hub: Hub & { onExit?(callback: (reason: string) => void): void }): Tenure {
    this.#hub = hub;
    writeAnnouncement(this.#folder, { port: hub.port, pid: process.pid, startedAt: Date.now() });
    this.#announceHere(hub.url);
    const ended = new Promise<void>((resolve) => {
      // Who quits while the hub still starts has asked for the end already; no event follows.
      if (this.#stop.signal.aborted) resolve();
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true });
      hub.onExit?.((reason) => {
        this.#log(`The hub ended: ${reason}`);
        this.#hub = null;
        resolve();
      });
    });
    return { ended };
  }

  #announceHere(url: string | null): void {
    if (url === this.#url) return;
    this.#url = url;
    for (const listener of this.#listeners) listener(url);
  }
}

/** The home's own id, made once, whoever comes first. */
function readHomeId(folder: string): string {
  const file = join(folder, 'id');
  const own = `${file}.${randomUUID()}`;
  writeFileSync(own, randomUUID(), { mode: 0o600, flush: true });
  try {
    // A link appears whole or not at all, and only if there is none yet.
    linkSync(own, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(own, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

function readAnnouncement(folder: string): Announcement | null {
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, 'hub.json'), 'utf8'));
    const valid =
      typeof value === 'object' && value !== null && 'port' in value && Number.isInteger(value.port);
    return valid ? (value as Announcement) : null; // only the port is relied on
  } catch (error) {
    // Missing at first; a damaged one is as good as none, and the next host writes it anew.
    if (
      error instanceof SyntaxError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    )
      return null;
    throw error;
  }
}

function writeAnnouncement(folder: string, announcement: Announcement): void {
  const file = join(folder, 'hub.json');
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(announcement), { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
}
