import { chromium, type Page } from '@playwright/test';
import { join } from 'node:path';
import { environment, nodePath } from '../scripts/setup.mjs';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { projectRoot } from '../tests/support/folders.ts';
import { startProcess } from '../tests/support/processes.ts';
import { conversationRow } from './probe.ts';

const ready = /^Postcard is ready: (\S+)/;

/** The browser host and a page of it, with their processes. */
export interface Shown {
  readonly page: Page;
  readonly host: number;
  readonly browser: number;
  close(): Promise<void>;
}

/** Starts the host on this home, and a Chromium that shows its inbox. */
export async function show(home: string): Promise<Shown> {
  const program = join(projectRoot, 'out', 'main', 'browser.js');
  const args = [program, '--home', home, '--port', '0', '--no-open'];
  const host = await startProcess(nodePath(), args, ready, { env: environment() });
  const executablePath = chromiumPath();
  const server = await chromium.launchServer(executablePath === null ? {} : { executablePath });
  const browser = await chromium.connect(server.wsEndpoint());
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(ready.exec(host.line)?.[1] ?? '');
  await page.locator(conversationRow).first().waitFor();
  return {
    page,
    host: host.child.pid ?? 0,
    browser: server.process().pid ?? 0,
    async close() {
      await browser.close();
      await server.close();
      await host.end();
    },
  };
}
