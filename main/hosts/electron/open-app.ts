import { app, nativeTheme, powerMonitor, type Session } from 'electron';
import { fileURLToPath } from 'node:url';
import { startApplication, type Application } from '../../app.ts';
import type { Options } from '../../cli.ts';
import { createDispatch, type Dispatch } from '../../dispatch.ts';
import type { SettingsFile } from '../../ports.ts';
import { onceStopped, onSignals } from '../stopping.ts';
import { createPageFiles } from '../web/page-files.ts';
import { createRoutes } from '../web/routes.ts';
import { answerCalls, sendEvent } from './bridge-ipc.ts';
import { withDevServer } from './dev-server.ts';
import { askWhereToSave } from './downloads.ts';
import { lockDown } from './lockdown.ts';
import { createMainWindow, type MainWindow } from './main-window.ts';
import { setMenu } from './menu.ts';
import { bodyText, type BodyText } from './notifications.ts';
import { isPageUrl, servePage } from './page-protocol.ts';
import { createElectronPorts } from './ports.ts';
import { createStoredSettings } from './settings.ts';
import { createSpelling } from './spelling.ts';
import { createTray, hasTray } from './tray.ts';

interface Opening {
  readonly run: Options;
  /** The profile's. */
  readonly folder: string;
  /** `out/main/` */
  readonly built: URL;
  readonly log: (line: string) => void;
  /** Called last, when the profile may be opened by somebody else. */
  readonly released: () => void;
}

/** What is known only after the window that needs it: the core, and what its settings say. */
interface Running {
  application: Application | null;
  dispatch: Dispatch | null;
  /** The setting: stay when the window is closed. */
  background: boolean;
}

/** Everything between the lock and the window, in order. After the app is ready. */
export async function openApp(opening: Opening): Promise<MainWindow> {
  const { folder, log } = opening;
  const running: Running = { application: null, dispatch: null, background: true };
  stopCleanly(running, opening);
  const session = lockDown(log);
  const settings = createStoredSettings(folder);
  const desktop = await askDesktop();
  const window = makeWindow(opening, running, session, settings, desktop.tray);
  const application = await startCore(opening, settings, desktop, window);
  running.application = application;
  running.dispatch = createDispatch(application.handlers, log);
  await followSettings(application, running);
  answerCalls(running.dispatch, log);
  const page = withDevServer(createPageFiles(fileURLToPath(new URL('../renderer/', opening.built))));
  servePage(
    session,
    createRoutes((request) => application.serve(request), page, log),
  );
  askWhereToSave(session, isPageUrl);
  setMenu();
  powerMonitor.on('resume', () => {
    application.wake();
  });
  window.open();
  return window;
}

interface Desktop {
  /** Whether an icon would be seen. */
  readonly tray: boolean;
  readonly bodyText: BodyText;
}

async function askDesktop(): Promise<Desktop> {
  const [tray, asBody] = await Promise.all([hasTray(), bodyText()]);
  return { tray, bodyText: asBody };
}

function makeWindow(
  { built, log }: Opening,
  running: Running,
  session: Session,
  settings: SettingsFile,
  tray: boolean,
): MainWindow {
  return createMainWindow({
    built: fileURLToPath(new URL('../', built)),
    settings,
    spelling: createSpelling(session, settings),
    log,
    staysInBackground: () => tray && running.background,
    hidden: () => {
      // Its page may not come to say so any more.
      void running.dispatch?.('notifications.inView', { focused: false, conversationId: null });
    },
  });
}

function startCore(
  { run, folder, built, log }: Opening,
  settings: SettingsFile,
  { tray, bodyText: asBody }: Desktop,
  window: MainWindow,
): Promise<Application> {
  const quit = () => {
    app.quit();
  };
  const icon = tray ? createTray({ open: window.raise, quit }) : null;
  const unreadChanged = (count: number) => {
    app.setBadgeCount(count);
    icon?.setUnread(count);
  };
  const ports = createElectronPorts({
    folder,
    built,
    settings,
    tray,
    bodyText: asBody,
    raise: window.raise,
    unreadChanged,
    log,
  });
  const { home, profile, hubPort } = run;
  return startApplication(ports, { home, profile, hubPort, version: app.getVersion() });
}

/** The settings that the host itself obeys, now and at each change; and every event goes to the windows. */
async function followSettings(application: Application, running: Running): Promise<void> {
  const follow = async () => {
    const { background, theme } = await application.handlers['settings.get']({});
    running.background = background;
    nativeTheme.themeSource = theme;
  };
  application.onEvent((name, payload) => {
    if (name === 'settings.changed') void follow();
    sendEvent(name, payload);
  });
  await follow();
}

/** Quitting closes the core first, and no longer than it may take; the window's state is saved by then. */
function stopCleanly(running: Running, { released, log }: Opening): void {
  const stop = onceStopped(
    async () => {
      await running.application?.close();
      released();
    },
    (code) => {
      app.exit(code);
    },
    log,
  );
  app.on('will-quit', (event) => {
    event.preventDefault();
    stop();
  });
  onSignals(() => {
    app.quit();
  });
}
