import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppState } from '../contract/app.ts';
import { PostcardError } from '../contract/errors.ts';
import { methodNames, type Handlers } from '../contract/index.ts';
import { openAccount } from './account.ts';
import { createEvents, type EventListener } from './events.ts';
import { createAccounts } from './features/accounts.ts';
import { createHubAccess } from './features/hub-access.ts';
import { openIncomingFiles } from './features/incoming-files.ts';
import { asPostcardError } from './features/media-errors.ts';
import type { AccountHandlers } from './features/open-account.ts';
import { createSettings } from './features/settings.ts';
import { joinHub } from './hub/election.ts';
import { startHubInWorker } from './hub/in-worker.ts';
import type { Ports } from './ports.ts';

/** The core of one profile, as the hosts see it. */
export interface Application {
  readonly handlers: Handlers;
  onEvent(listener: EventListener): () => void;
  /** `GET /media/*` and `POST /staged`: the same in both hosts. */
  serve(request: Request): Promise<Response>;
  /** After sleep, or when the network changed. */
  wake(): void;
  close(): Promise<void>;
}

export interface ApplicationOptions {
  /** Where all data lives. */
  readonly home: string;
  readonly profile: string;
  /** Null: the one of last time, or any. */
  readonly hubPort: number | null;
  readonly version: string;
}

/** Builds everything, in order; the only place, with `account.ts`, that constructs. */
export async function startApplication(ports: Ports, options: ApplicationOptions): Promise<Application> {
  const folder = join(options.home, 'profiles', options.profile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const events = createEvents();
  const files = await openIncomingFiles(join(folder, 'uploads'));
  let problem: AppState['problem'] = null;

  const settings = createSettings({
    file: ports.settings,
    events,
    mediaBytes: async () => (await accounts.current()?.mediaBytes()) ?? 0,
  });
  const hub = createHubAccess({
    join: () =>
      joinHub({
        home: options.home,
        preferredPort: options.hubPort ?? undefined,
        host: (hubOptions) => startHubInWorker(hubOptions, ports.workerFile('hub-worker')),
        log: ports.log,
      }),
    moved: (url) => accounts.current()?.hubMoved(url),
    log: ports.log,
  });
  const changed = () => events.emit('app.changed', describe());
  const accounts = createAccounts({
    ports,
    accountsFolder: join(folder, 'accounts'),
    open: (what) =>
      openAccount({
        ...what,
        accountsFolder: join(folder, 'accounts'),
        ports,
        events,
        settings,
        files,
        hubUrl: hub.url,
        changed,
      }),
    hub: hub.join,
    lookForHub: hub.lookFor,
    changed,
  });
  const describe = (): AppState => ({
    phase: problem ? 'blocked' : accounts.current() ? 'ready' : 'welcome',
    account: accounts.current()?.describe() ?? null,
    problem,
    version: options.version,
    profile: options.profile,
    platform: ports.platform,
    notifications: ports.notificationsShownBy,
    secrets: ports.secrets.kind,
    background: ports.canRunInBackground,
  });

  // A port that was asked for and is taken by another program is said at once, not at the first sign-in.
  if (options.hubPort !== null) await hub.join();
  const restore = async () => {
    try {
      await accounts.restore();
      problem = null;
    } catch (error) {
      const known = asPostcardError(error);
      if (!known) throw error;
      problem = { code: known.code, detail: known.detail };
    }
  };
  await restore();
  let retrying: Promise<void> | null = null;
  /** Two windows may ask at once: the account is opened once. */
  const retry = async () => {
    if (problem) await (retrying ??= restore().finally(() => (retrying = null)));
    changed();
    return describe();
  };

  const signedIn = () => {
    const account = accounts.current();
    if (!account) throw new PostcardError('not-signed-in');
    return account;
  };
  return {
    handlers: {
      ...delegated(() => signedIn().handlers),
      ...accounts.handlers,
      ...settings.handlers,
      'app.state': describe,
      'app.retry': retry,
      'app.quit': () => ports.quit(),
      'app.openExternal': ({ url }) => ports.openExternal(url),
    },
    onEvent: events.listen,
    serve: async (request) => {
      const { pathname } = new URL(request.url);
      if (pathname === '/staged' && request.method === 'POST') return files.receive(request);
      const account = accounts.current();
      if (!account || request.method !== 'GET') return new Response(null, { status: account ? 405 : 404 });
      return account.serve(request);
    },
    wake: () => accounts.current()?.connection.wake(),
    close: async () => {
      await accounts.close();
      await hub.close();
    },
  };
}

/** Account methods, each looked up when it is called: the account comes and goes, the contract stays. */
function delegated(current: () => AccountHandlers): AccountHandlers {
  const entries = methodNames.map((name) => [
    name,
    (params: unknown) => {
      // Names of other handlers are written over by theirs; what is left is AccountHandlers, each with its params.
      const handler = current()[name as keyof AccountHandlers] as (params: unknown) => unknown;
      return handler(params);
    },
  ]);
  // Object.fromEntries loses the names' types.
  return Object.fromEntries(entries) as AccountHandlers;
}
