import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { projectRoot, temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { startProcess, type StartedProcess } from './processes.ts';
import { until } from './wait.ts';

export const serverKinds = ['hub', 'prosody', 'ejabberd'] as const;
export type ServerKind = (typeof serverKinds)[number];

export interface ServerOptions {
  /** bytes; the servers' own default without it. Not for the hub. */
  readonly uploadLimit?: number;
  /** Seconds a lost stream can be resumed; 0: never. Not for the hub. */
  readonly resume?: number;
  /** Whom it names for reports of abuse, a URI; nobody without it. The hub always names its own queue. */
  readonly abuse?: string;
}

/** A server that runs on 127.0.0.1, with the domain `localhost`. */
export interface TestServer {
  readonly kind: ServerKind;
  readonly domain: 'localhost';
  readonly webSocket: string;
  /** Ports of its doors; the hub has the WebSocket alone. */
  readonly ports: {
    readonly webSocket: number;
    readonly startTls: number | null;
    readonly directTls: number | null;
  };
  /** The file with its own certificate, to be trusted; null without TLS. */
  readonly certificate: string | null;
  /** Where it keeps everything. */
  readonly folder: string;
  /** Ends it as `how` says and waits for the end; its state stays. */
  stop(how?: 'cleanly' | 'killed'): Promise<void>;
  /** Starts it again with the same state on the same ports. */
  start(): Promise<void>;
}

const runScript = join(projectRoot, 'scripts', 'servers', 'run.sh');
const installScript = join(projectRoot, 'scripts', 'servers', 'install.sh');

/** Debian's own: the modules of its packages are not seen by another Python that may come first on PATH. */
export const python = '/usr/bin/python3';
let slixmpp: boolean | null = null;
const hasSlixmpp = () =>
  (slixmpp ??= spawnSync(python, ['-c', 'import slixmpp, aiohttp'], { stdio: 'ignore' }).status === 0);

/** Why the integration cases can't run against this server here; null when they can. */
export function missing(kind: ServerKind): string | null {
  if (kind === 'hub') return null;
  if (process.platform !== 'linux') return `${kind} is run on Linux only`;
  const program = { ejabberd: 'ejabberdctl', prosody: 'prosody' }[kind];
  const found = ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) =>
    existsSync(join(folder, program)),
  );
  const absent = found ? (hasSlixmpp() ? null : 'python3-slixmpp') : kind;
  return absent && `${absent} is not installed (scripts/servers/install.sh does it, as root on Debian)`;
}

const installsItself = () =>
  process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** Installs what is missing where that can be done; else says what will be skipped, and why. */
export function prepareServers(): void {
  const reasons = () => serverKinds.map(missing).filter((reason) => reason !== null);
  if (reasons().length > 0 && installsItself())
    spawnSync(installScript, { stdio: ['ignore', 'ignore', 'inherit'] });
  slixmpp = null;
  for (const kind of serverKinds) {
    const reason = missing(kind);
    if (reason !== null) console.error(`Skipped: the integration cases against ${kind}: ${reason}`);
  }
}

interface Door {
  readonly ports: TestServer['ports'];
  readonly launch: () => Promise<StartedProcess>;
  /** The server's own process, where a script stands before it. */
  readonly pid: (started: StartedProcess) => number;
  readonly certificate: string | null;
  readonly folder: string;
}

async function realServer(kind: 'prosody' | 'ejabberd', options: ServerOptions): Promise<Door> {
  const state = temporaryFolder(kind);
  const base = await freePort(2, 3);
  const args = [kind, state, String(base), '--with-stdin', 'yes'];
  if (options.uploadLimit !== undefined) args.push('--upload-limit', String(options.uploadLimit));
  if (options.abuse !== undefined) args.push('--abuse', options.abuse);
  if (options.resume !== undefined) args.push('--resume', String(options.resume));
  return {
    ports: { webSocket: base, startTls: base + 2, directTls: base + 3 },
    launch: () => startProcess(runScript, args, /^ready /),
    pid: () => Number(readFileSync(join(state, 'pid'), 'utf8')),
    certificate: join(state, 'cert.pem'),
    folder: state,
  };
}

async function hub(): Promise<Door> {
  const home = temporaryFolder('hub');
  const port = await freePort();
  const program = join(projectRoot, 'main', 'hosts', 'hub', 'index.ts');
  return {
    ports: { webSocket: port, startTls: null, directTls: null },
    launch: () =>
      startProcess(process.execPath, [program, '--port', String(port), '--home', home], /^Hub is ready: /),
    pid: (started) => started.child.pid ?? 0,
    certificate: null,
    folder: home,
  };
}

/** Starts a server on free ports with a fresh state. The caller stops it. */
export async function startServer(kind: ServerKind, options: ServerOptions = {}): Promise<TestServer> {
  const door = kind === 'hub' ? await hub() : await realServer(kind, options);
  let running: StartedProcess | null = await door.launch();
  return {
    kind,
    domain: 'localhost',
    webSocket: `ws://127.0.0.1:${door.ports.webSocket}/xmpp-websocket`,
    ports: door.ports,
    certificate: door.certificate,
    folder: door.folder,
    async stop(how = 'cleanly') {
      const stopping = running;
      running = null;
      if (stopping === null) return;
      if (how === 'killed') {
        process.kill(door.pid(stopping), 'SIGKILL');
        await stopping.ended;
      } else await stopping.end();
    },
    async start() {
      if (running !== null) throw new Error(`${kind} runs already`);
      // Its ports may be held for a moment by what was killed.
      running = await until(() => door.launch().catch(retryWhenPortIsTaken), {
        what: `${kind} to start again`,
      });
    },
  };
}

function retryWhenPortIsTaken(error: unknown): null {
  if (error instanceof Error && /port \d+ is taken|EADDRINUSE|another server is using/.test(error.message))
    return null;
  throw error;
}

const ownAuthorities = getCACertificates('default');

/** Makes this process trust these servers' certificates, and no other server's of an earlier call. */
export function trust(...servers: readonly { readonly certificate: string | null }[]): void {
  const own = servers.flatMap(({ certificate }) =>
    certificate === null ? [] : [readFileSync(certificate, 'utf8')],
  );
  setDefaultCACertificates([...ownAuthorities, ...own]);
}
