import { _electron, errors, type ElectronApplication } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { environment } from '../../../scripts/setup.mjs';
import { projectRoot, temporaryFolder } from '../../support/folders.ts';
import { startProcess } from '../../support/processes.ts';
import { until, within } from '../../support/wait.ts';
import type { Driver, LaunchOptions, SavedFile, ShownNotification } from './driver.ts';
import { ask, insideSocket } from './inside.ts';

/** Chromium's sandbox does not work for root, and virtual displays have no GPU. Never so outside of tests. */
export const switches = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];

export function electronPath(): string {
  const folder =
    process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(projectRoot, 'node_modules', 'electron', 'dist');
  const names = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' } as const;
  const name =
    process.platform === 'win32' || process.platform === 'darwin' ? names[process.platform] : 'electron';
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`No Electron runtime at ${path}; set ELECTRON_OVERRIDE_DIST_PATH`);
  return path;
}

/** The Driver of Electron, with what only it has. */
interface ElectronDriver extends Driver {
  /** What inside-electron.cjs does when it is asked; `T` is what it gives for that act. */
  inside<T>(act: string, argument?: unknown): Promise<T>;
}

/** The same driver, where a spec is about Electron alone. */
export function inElectron(driver: Driver): ElectronDriver {
  if (!('inside' in driver)) throw new Error('This spec is for Electron');
  // Only launchElectronHost makes one with it.
  return driver as ElectronDriver;
}

/** Linux desktops read bodies as markup; what somebody sees there has no entities (main/hosts/electron). */
const asSeen = ({ title, body }: ShownNotification): ShownNotification =>
  process.platform === 'linux'
    ? { title, body: body.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') }
    : { title, body };

/** Starts the Electron app, as `electron . [options]` does. */
export async function launchElectronHost(options: LaunchOptions): Promise<ElectronDriver> {
  const socket = insideSocket();
  // A microphone that beeps: the one of the machine, if there is any, is not listened to.
  const args = ['--use-fake-device-for-media-stream', ...switches, ...(options.switches ?? []), projectRoot];
  args.push('--home', options.home, '--profile', options.profile ?? 'default');
  // Playwright's type wants every value to be there, and the process's environment may have gaps.
  const env = {
    ...environment(),
    ...options.env,
    POSTCARD_TEST_SOCKET: socket,
    POSTCARD_TEST_NOTIFICATIONS: options.notifications ?? '',
  } as Record<string, string>;
  const app = await launched({
    executablePath: electronPath(),
    args: ['-r', join(import.meta.dirname, 'inside-electron.cjs'), ...args],
    cwd: projectRoot,
    env,
    locale: 'en-GB',
    timeout: launchMs,
  });
  const page = await app.firstWindow();
  const inside = <T>(act: string, argument?: unknown) => ask<T>(socket, act, argument);
  // Playwright forgets the process once it has ended.
  const child = app.process();
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 1)),
  );
  return {
    page,
    pid: child.pid ?? 0,
    inside,
    ended,
    notifications: async () => (await inside<ShownNotification[]>('notifications')).map(asSeen),
    clickNotification: (at) => inside('clickNotification', at),
    saved: (act) => saved(inside, act),
    clipboard: () => inside('clipboard'),
    closeWindow: () => inside('closeWindow'),
    startAgain: () => startAgain(args, env),
    visible: () => inside('visible'),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      await inside('quit');
      await within(20_000, 'Electron to quit', ended);
    },
    async kill() {
      child.kill('SIGKILL');
      await within(20_000, 'Electron to end after SIGKILL', ended);
    },
  };
}

/** ms; a start takes two seconds, on a busy machine ten. */
const launchMs = 40_000;

/**
 * Playwright attaches to a debugger that Electron opens before anything of ours runs; about one start in some hundreds
 * it never hears of it. It ends that process then, and is asked once more.
 */
async function launched(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch(options);
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    console.warn(`Electron was started once more: ${error.message.split('\n')[0]}`);
    return _electron.launch(options);
  }
}

async function startAgain(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | NodeJS.Signals> {
  const { ended } = await startProcess(electronPath(), args, /./, { env, cwd: projectRoot });
  return within(30_000, 'the second start to end', ended);
}

async function saved(inside: ElectronDriver['inside'], act: () => Promise<void>): Promise<SavedFile> {
  type Saved = { state: string; proposed: string }[];
  const path = join(temporaryFolder('saved'), 'file');
  const before = (await inside<Saved>('saved')).length;
  await inside('saveAs', path);
  await act();
  const what = 'a file to be saved';
  const file = await until(async () => (await inside<Saved>('saved'))[before], { what });
  if (file.state !== 'completed') throw new Error(`Saving ended: ${file.state}`);
  return { name: basename(file.proposed), bytes: readFileSync(path) };
}
