import { app, nativeTheme, powerMonitor } from 'electron';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startApplication, type Application } from '../../app.ts';
import { prepareProfile, readCommandLine, type Options } from '../../cli.ts';
import { createDispatch } from '../../dispatch.ts';
import { createLog } from '../log-file.ts';
import { lockOrAsk, type ProfileLock } from '../profile-lock.ts';
import { alreadyOpen, startFailure } from '../startup.ts';
import { onceStopped, onSignals } from '../stopping.ts';
import { createPageFiles } from '../web/page-files.ts';
import { createRoutes } from '../web/routes.ts';
import { answerCalls, sendEvent } from './bridge-ipc.ts';
import { withDevServer } from './dev-server.ts';
import { askWhereToSave } from './downloads.ts';
import { lockDown } from './lockdown.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { isPageUrl, registerPageScheme, servePage } from './page-protocol.ts';
import { createElectronPorts } from './ports.ts';
import { createStoredSettings } from './settings.ts';
import { createSpelling } from './spelling.ts';
import { createTray, hasTray } from './tray.ts';
import { reportUncaught } from './trouble.ts';

const built = new URL('./', import.meta.url);
type Log = (line: string) => void;

// Everything up to `ready` happens in this first turn: `ready` waits for this module, so nothing here may await it.
registerPageScheme();
app.setName('Postcard');
app.setAppUserModelId('org.postcard.desktop');

let options: Options | null = null;
try {
  const line = readCommandLine('start', process.argv.slice(1), app.getVersion(), 'ignore');
  if ('print' in line) print(line.print);
  else begin((options = line.run));
} catch (error) {
  fail(error);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`, () => app.exit(0));
}

function fail(error: unknown): void {
  const { text, code } = startFailure(error, options);
  process.stderr.write(`${text}\n`, () => app.exit(code));
}

function begin(run: Options): void {
  const folder = prepareProfile(run.home, run.profile);
  // Chromium's own files of this profile: two of them never share any.
  app.setPath('userData', join(folder, 'electron'));
  const logFile = join(folder, 'postcard.log');
  const log = createLog(logFile);
  reportUncaught(log, logFile);
  start(run, folder, log).catch(fail);
}

async function start(run: Options, folder: string, log: Log): Promise<void> {
  let window: MainWindow | null = null;
  const raise = () => window?.raise();
  const taken = await lockOrAsk(folder, () => {
    raise();
    return Promise.resolve(null);
  });
  if ('answer' in taken) {
    // The browser host has it: its address is what can be opened. Else a window has been raised.
    print(taken.answer ?? alreadyOpen);
    return;
  }
  await app.whenReady();
  window = await open(run, folder, taken.lock, log);
}

/** Everything between the lock and the window. */
async function open(run: Options, folder: string, lock: ProfileLock, log: Log): Promise<MainWindow> {
  const session = lockDown(log);
  const settings = createStoredSettings(folder);
  const tray = await hasTray();
  let application: Application | null = null;
  stopCleanly(() => application, lock, log);

  const window = createMainWindow({
    built: fileURLToPath(new URL('../', built)),
    settings,
    spelling: createSpelling(session, settings),
    log,
    staysInBackground: () => tray && background,
    hidden: () => void dispatch?.('notifications.inView', { focused: false, conversationId: null }),
  });
  const icon = tray ? createTray({ open: window.raise, quit: () => app.quit() }) : null;
  const ports = createElectronPorts({
    folder,
    built,
    settings,
    tray,
    raise: window.raise,
    unreadChanged: (count) => {
      app.setBadgeCount(count);
      icon?.setUnread(count);
    },
    log,
  });
  let background = true;
  let dispatch: ReturnType<typeof createDispatch> | null = null;
  const { home, profile, hubPort } = run;
  const core = await startApplication(ports, { home, profile, hubPort, version: app.getVersion() });
  application = core;
  dispatch = createDispatch(core.handlers, log);
  const follow = async () => {
    const current = await core.handlers['settings.get']({});
    background = current.background;
    nativeTheme.themeSource = current.theme;
  };
  core.onEvent((name, payload) => {
    if (name === 'settings.changed') void follow();
    sendEvent(name, payload);
  });
  await follow();
  answerCalls(dispatch, log);
  servePage(
    session,
    createRoutes((request) => core.serve(request), page(), log),
  );
  askWhereToSave(session, isPageUrl);
  setMenu();
  powerMonitor.on('resume', () => {
    core.wake();
  });
  window.open();
  return window;
}

const page = () => withDevServer(createPageFiles(fileURLToPath(new URL('../renderer/', built))));

/** Quitting closes the core first, and no longer than it may take; the windows have been saved by then. */
function stopCleanly(application: () => Application | null, lock: ProfileLock, log: Log): void {
  const stop = onceStopped(
    async () => {
      await application()?.close();
      lock.release();
    },
    (code) => app.exit(code),
    log,
  );
  app.on('will-quit', (event) => {
    event.preventDefault();
    stop();
  });
  onSignals(() => app.quit());
}
