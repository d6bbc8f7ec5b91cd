import { expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { temporaryFolder } from '../support/folders.ts';
import { startDesktop, type Desktop } from '../support/desktop.ts';
import { launchBrowserHost } from './launch/browser-host.ts';
import type { Driver, LaunchOptions } from './launch/driver.ts';
import { launchElectronHost } from './launch/electron-host.ts';
import { Postcard } from './pages/postcard.ts';

export interface HostOptions {
  host: 'browser' | 'electron';
}

interface Fixtures {
  /** A folder for all data of this test. */
  home: string;
  /** A desktop of its own; it goes after every Postcard that uses it. */
  desktop(...offers: Parameters<typeof startDesktop>): Promise<Desktop>;
  /** Starts a Postcard; it is closed after the test. */
  open(options?: Partial<LaunchOptions> & { context?: BrowserContext }): Promise<Postcard>;
}

/** What no page may ever write to its console. */
const violation = /Content.Security.Policy|Refused to (load|execute|apply|connect)|\[Vue warn\]|Uncaught/i;

function watch(page: Page, problems: string[]): void {
  page.on('console', (message) => {
    if (violation.test(message.text())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
}

export const test = base.extend<Fixtures & HostOptions>({
  host: ['browser', { option: true }],
  // Playwright reads a fixture's dependencies from this pattern; this one has none.
  // eslint-disable-next-line no-empty-pattern -- it needs none of the others
  home: async ({}, use) => {
    await use(temporaryFolder('e2e'));
  },
  // eslint-disable-next-line no-empty-pattern -- as above
  desktop: async ({}, use) => {
    const started: Desktop[] = [];
    await use(async (...offers) => {
      const desktop = await startDesktop(...offers);
      started.push(desktop);
      return desktop;
    });
    for (const desktop of started) await desktop.end();
  },
  // `desktop` is asked for so that it ends last.
  open: async ({ desktop: _desktop, host, home, playwright, launchOptions, contextOptions }, use) => {
    const running = new Set<Driver>();
    const problems: string[] = [];
    const browser = host === 'browser' ? await playwright.chromium.launch(launchOptions) : null;
    await use(async ({ context, ...options } = {}) => {
      const all: LaunchOptions = { home, ...options };
      const inside = context ?? (await browser?.newContext(contextOptions));
      const driver =
        browser === null || inside === undefined
          ? await launchElectronHost(all)
          : await launchBrowserHost(browser, { ...all, context: inside });
      running.add(driver);
      watch(driver.page, problems);
      return new Postcard(driver, () => running.delete(driver));
    });
    for (const driver of running) await driver.close();
    await browser?.close();
    expect(problems).toEqual([]);
  },
});

export { expect };
