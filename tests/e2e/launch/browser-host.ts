import type { Browser, BrowserContext } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, nodePath } from '../../../scripts/setup.mjs';
import { projectRoot } from '../../support/folders.ts';
import { startProcess } from '../../support/processes.ts';
import { within } from '../../support/wait.ts';
import type { Clipboard, Driver, LaunchOptions, ShownNotification } from './driver.ts';

const ready = /^Postcard is ready: (\S+)/;

declare global {
  interface Window {
    shownNotifications: (ShownNotification & { click(): void })[];
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
  const start = () =>
    startProcess(nodePath(), [program, ...args], ready, { env: { ...environment(), ...options.env } });
  const host = await start();
  const context = options.context ?? (await browser.newContext());
  const open = async (line: string) => {
    const address = ready.exec(line)?.[1];
    if (address === undefined) throw new Error(`No address in: ${line}`);
    const asked = ['notifications', 'clipboard-read', 'clipboard-write'];
    await context.grantPermissions(asked, { origin: new URL(address).origin });
    const opened = await context.newPage();
    await opened.addInitScript(recordNotifications);
    await opened.goto(address);
    return opened;
  };
  let page = await open(host.line);
  const leave = () => (options.context === undefined ? context.close() : page.close());
  return {
    get page() {
      return page;
    },
    pid: host.child.pid ?? 0,
    ended: host.ended,
    notifications: () =>
      page.evaluate(() => window.shownNotifications.map(({ title, body }) => ({ title, body }))),
    clickNotification: (at) => page.evaluate((index) => window.shownNotifications[index]?.click(), at),
    async saved(act) {
      const [download] = await Promise.all([page.waitForEvent('download'), act()]);
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
    },
    clipboard: () => page.evaluate(readClipboard),
    closeWindow: () => page.close(),
    async startAgain() {
      const again = await start();
      const code = await within(30_000, 'the second start to end', again.ended);
      // A person opens the address that it has printed.
      page = await open(again.line);
      return code;
    },
    visible: async () => !page.isClosed(),
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

/** Runs in the page. */
async function readClipboard(): Promise<Clipboard> {
  let text = '';
  let picture: Clipboard['picture'] = null;
  for (const item of await navigator.clipboard.read()) {
    if (item.types.includes('text/plain')) text = await (await item.getType('text/plain')).text();
    if (!item.types.includes('image/png')) continue;
    const { width, height } = await createImageBitmap(await item.getType('image/png'));
    picture = { width, height };
  }
  return { text, picture };
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
      window.shownNotifications.push({ title, body: options?.body ?? '', click: () => this.onclick?.() });
    }
    close(): void {
      this.dispatchEvent(new Event('close'));
    }
  }
  Object.defineProperty(window, 'Notification', { value: Recorded });
}
