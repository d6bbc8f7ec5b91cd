import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApplication } from '../../app.ts';
import { prepareProfile, readCommandLine, type Options } from '../../cli.ts';
import { createDispatch, describeBug } from '../../dispatch.ts';
import { createLog } from '../log-file.ts';
import { lockOrAsk, type ProfileLock } from '../profile-lock.ts';
import { alreadyOpen, startFailure } from '../startup.ts';
import { onceStopped, onSignals } from '../stopping.ts';
import { createPageFiles } from '../web/page-files.ts';
import { createRoutes } from '../web/routes.ts';
import { createBridgeSocket } from './bridge-socket.ts';
import { openWithSystem } from './open-url.ts';
import { createBrowserPorts } from './ports.ts';
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
  const fresh = await serve(options, folder, taken.lock, log);
  ready(fresh);
  const printed = fresh();
  process.stdout.write(`${readyLine(printed)}\n`);
  if (options.open && !(await openWithSystem(printed))) {
    process.stderr.write('No browser could be opened: open the address above in one.\n');
  }
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

/** Everything between the lock and the address. Gives what makes an address with a fresh token. */
async function serve(
  options: Options,
  folder: string,
  lock: ProfileLock,
  log: (line: string) => void,
): Promise<() => string> {
  // Before the application: a port that is taken is said before anything is opened.
  const bound = await bindPort(options.port);
  const closing: (() => unknown)[] = [() => lock.release()];
  const stop = onceStopped(
    async () => {
      for (const close of closing.reverse()) await close();
    },
    (code) => process.exit(code),
    log,
  );
  onSignals(() => stop());

  const ports = createBrowserPorts({ folder, built, log, quit: () => stop() });
  const { home, profile, hubPort } = options;
  const application = await startApplication(ports, { home, profile, hubPort, version });
  closing.push(() => application.close());

  const dispatch = createDispatch(application.handlers, log);
  const bridge = createBridgeSocket(dispatch, (open) => {
    // A page that has gone could not say that nothing is in view any more.
    if (open === 0) void dispatch('notifications.inView', { focused: false, conversationId: null });
  });
  application.onEvent((name, payload) => {
    bridge.send(name, payload);
  });
  const page = createPageFiles(fileURLToPath(new URL('../renderer/', built)));
  const routes = createRoutes((request) => application.serve(request), page, log);
  const server = serveOn(bound, routes, bridge);
  closing.push(() => server.close());
  return server.freshAddress;
}
