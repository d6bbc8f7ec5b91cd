import { _electron, type ElectronApplication } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../../scripts/setup.mjs';
import { projectRoot } from '../../support/folders.ts';
import { within } from '../../support/wait.ts';
import type { Driver, LaunchOptions, ShownNotification } from './driver.ts';
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

/** Starts the Electron app, as `electron . [options]` does. */
export async function launchElectronHost(options: LaunchOptions): Promise<Driver> {
  const inside = insideSocket();
  const args = ['--home', options.home, '--profile', options.profile ?? 'default'];
  // Playwright's type wants every value to be there, and the process's environment may have gaps.
  const env = { ...environment(), ...options.env, POSTCARD_TEST_SOCKET: inside } as Record<string, string>;
  const app = await _electron.launch({
    executablePath: electronPath(),
    args: ['-r', join(import.meta.dirname, 'inside-electron.cjs'), ...switches, projectRoot, ...args],
    cwd: projectRoot,
    env,
    locale: 'en-GB',
  });
  const page = await app.firstWindow();
  return {
    page,
    notifications: () => ask<ShownNotification[]>(inside, 'notifications'),
    close: () => close(app, inside),
    async kill() {
      const ended = endOf(app);
      app.process().kill('SIGKILL');
      await within(20_000, 'Electron to end after SIGKILL', ended);
    },
  };
}

/** Quits, window and background alike. */
async function close(app: ElectronApplication, inside: string): Promise<void> {
  const ended = endOf(app);
  await ask(inside, 'quit');
  await within(20_000, 'Electron to quit', ended);
}

const endOf = (app: ElectronApplication) => new Promise((resolve) => app.process().once('exit', resolve));
