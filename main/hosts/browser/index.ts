import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareProfile, readCommandLine, type Options } from '../../cli.ts';
import { describeBug } from '../../describe-bug.ts';
import { createLog } from '../log-file.ts';
import { lockOrAsk, type ProfileLock } from '../profile-lock.ts';
import { alreadyOpen, startFailure } from '../startup.ts';
import { onceStopped, onSignals } from '../stopping.ts';
import { createPageFiles } from '../web/page-files.ts';
import { createRoutes } from '../web/routes.ts';
import type { Core } from './core.ts';
import { openWithSystem } from './open-url.ts';
import { bindPort, serveOn } from './server.ts';

const built = new URL('./', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('../../package.json', built), 'utf8')) as {
  version: string;
};

let options: Options | null = null;
try {
  const line = readCommandLine('start', process.argv.slice(2), version);
  if ('print' in line) process.stdout.write(`${line.print}\n`);
  else await run((options = line.run));
} catch (error) {
  const { text, code } = startFailure(error, options);
  process.stderr.write(`${text}\n`);
  process.exit(code);
}

async function run(options: Options): Promise<void> {
  const folder = prepareProfile(options.home, options.profile);
  const log = createLog(join(folder, 'postcard.log'));
  let ready: (address: () => string) => void = () => undefined;
  const address = new Promise<() => string>((resolve) => (ready = resolve));
  const taken = await lockOrAsk(folder, async () => readyLine((await address)()));
  if ('answer' in taken) {
    process.stdout.write(`${taken.answer ?? alreadyOpen}\n`);
    await openAnswer(options, taken.answer);
    return;
  }
  process.on('uncaughtException', (error) => {
    log(`uncaught: ${describeBug(error)}`);
  });
  process.on('unhandledRejection', (reason) => {
    log(`unhandled: ${describeBug(reason)}`);
  });
  const door = await openDoor(options, folder, taken.lock, log);
  // What was asked for and can't be had is said before anything is promised.
  if (options.hubPort !== null) await door.core();
  ready(door.freshAddress);
  const printed = door.freshAddress();
  process.stdout.write(`${readyLine(printed)}\n`);
  const [opened] = await Promise.all([options.open ? openWithSystem(printed) : true, door.core()]);
  if (!opened) process.stderr.write('No browser could be opened: open the address above in one.\n');
}

/** The one line that tests and people wait for. A declaration, since the start above runs before what follows. */
function readyLine(address: string): string {
  return `Postcard is ready: ${address}`;
}

/** A second start opens the browser as the first one did. */
async function openAnswer(options: Options, answer: string | null): Promise<void> {
  const address = answer?.replace(readyLine(''), '');
  if (options.open && address !== undefined) await openWithSystem(address);
}

interface Door {
  /** An address with a fresh token. */
  freshAddress(): string;
  /** Loads the core, once. Rejects with what keeps it from starting. */
  core(): Promise<Core>;
}

/**
 * Everything between the lock and the address. The page is served from here on; what it asks of the core waits for
 * it: loading the core takes longer than all this, and a browser needs that time to open the page.
 */
async function openDoor(
  options: Options,
  folder: string,
  lock: ProfileLock,
  log: (line: string) => void,
): Promise<Door> {
  // Before the application: a port that is taken is said before anything is opened.
  const bound = await bindPort(options.port);
  const { promise: opened, resolve, reject } = Promise.withResolvers<Core>();
  const closing: (() => unknown)[] = [() => lock.release()];
  const stop = onceStopped(
    async () => {
      for (const close of closing.reverse()) await close();
    },
    (code) => process.exit(code),
    log,
  );
  onSignals(() => stop());

  const page = createPageFiles(fileURLToPath(new URL('../renderer/', built)));
  const routes = createRoutes(async (request) => (await opened).serve(request), page, log);
  const server = serveOn(bound, routes, (request, socket, head) => {
    opened.then(
      ({ bridge }) => bridge.upgrade(request, socket, head),
      () => socket.destroy(),
    );
  });
  closing.push(() => server.close());
  const load = async () => {
    // Also when it is stopped while it is being opened; what keeps it from opening has been told then.
    closing.splice(1, 0, () =>
      opened.then(
        (core) => core.close(),
        () => undefined,
      ),
    );
    const { openCore } = await import('./core.ts');
    return openCore({ options, folder, built, version, log, quit: () => stop() });
  };
  let loading = false;
  return {
    freshAddress: server.freshAddress,
    core: () => {
      if (!loading) void load().then(resolve, reject);
      loading = true;
      return opened;
    },
  };
}
