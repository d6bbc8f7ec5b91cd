import type { Browser, BrowserContext } from '@playwright/test';
import { join } from 'node:path';
import { environment, nodePath } from '../../../scripts/setup.mjs';
import { projectRoot } from '../../support/folders.ts';
import { startProcess } from '../../support/processes.ts';
import type { Driver, LaunchOptions, ShownNotification } from './driver.ts';

const ready = /^Postcard is ready: (\S+)/;

declare global {
  interface Window {
    shownNotifications: ShownNotification[];
  }
}

/** Starts the browser host and opens its address in `context`; in one of its own without it. */
export async function launchBrowserHost(
  browser: Browser,
  options: LaunchOptions & { readonly context?: BrowserContext },
): Promise<Driver> {
  const program = join(projectRoot, 'out', 'main', 'browser.js');
  const args = [
    '--home',
    options.home,
    '--profile',
    options.profile ?? 'default',
    '--port',
    '0',
    '--no-open',
  ];
  const host = await startProcess(nodePath(), [program, ...args], ready, {
    env: { ...environment(), ...options.env },
  });
  const address = ready.exec(host.line)?.[1];
  if (address === undefined) throw new Error(`No address in: ${host.line}`);
  const context = options.context ?? (await browser.newContext());
  await context.grantPermissions(['notifications'], { origin: new URL(address).origin });
  const page = await context.newPage();
  await page.addInitScript(recordNotifications);
  await page.goto(address);
  const leave = () => (options.context === undefined ? context.close() : page.close());
  return {
    page,
    notifications: () => page.evaluate(() => window.shownNotifications),
    async close() {
      await leave();
      await host.end();
    },
    async kill() {
      await host.end('SIGKILL');
      await leave();
    },
  };
}

/** Runs in the page: a headless browser shows no notifications, so what it is asked to show is written down. */
function recordNotifications(): void {
  window.shownNotifications = [];
  class Recorded extends EventTarget {
    static readonly permission = 'granted';
    static readonly requestPermission = async () => 'granted';
    onclick: (() => void) | null = null;
    constructor(title: string, options?: NotificationOptions) {
      super();
      window.shownNotifications.push({ title, body: options?.body ?? '' });
    }
    close(): void {
      this.dispatchEvent(new Event('close'));
    }
  }
  Object.defineProperty(window, 'Notification', { value: Recorded });
}
