import { chromium, type Browser } from '@playwright/test';
import { join } from 'node:path';
import { environment, nodePath } from '../scripts/setup.mjs';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { projectRoot, removeFolder } from '../tests/support/folders.ts';
import { startProcess } from '../tests/support/processes.ts';
import { electronMissing, emptyApp, shownInElectron } from './electron-start.ts';
import { compared, median, type Figure } from './figure.ts';
import { conversationRow, installProbe } from './probe.ts';
import { homeWith } from './profile.ts';

const turns = 5;
const ready = /^Postcard is ready: (\S+)/;

/** The least a browser host can be: a process that serves a page with a word on it. */
const emptyHost = `
  const page = '<!doctype html><title>Empty</title><main>Empty</main>';
  const server = require('node:http').createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(page);
  });
  server.listen(0, '127.0.0.1', () => console.log('Postcard is ready: http://127.0.0.1:' + server.address().port));`;

const program = join(projectRoot, 'out', 'main', 'browser.js');
const hostOf = (home: string) => [program, '--home', home, '--port', '0', '--no-open'];

/**
 * ms from the start of the host's process until what fits `selector` was painted. Where no browser is given it is
 * started, too, once the host is ready.
 */
async function shown(args: readonly string[], selector: string, open: Browser | null): Promise<number> {
  const begin = performance.timeOrigin + performance.now();
  const host = await startProcess(nodePath(), args, ready, { env: environment() });
  const browser = open ?? (await launch());
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(installProbe, selector);
    await page.goto(ready.exec(host.line)?.[1] ?? '', { waitUntil: 'commit' });
    return (await page.evaluate(() => window.shown)) - begin;
  } finally {
    await context.close();
    if (!open) await browser.close();
    await host.end();
  }
}

const launch = () => {
  const executablePath = chromiumPath();
  return chromium.launch(executablePath === null ? {} : { executablePath });
};

/** One figure for `large` beside the empty page, one beside `small`; all three in turns. */
async function inTurns(
  name: string,
  runs: Record<'empty' | keyof Homes, () => Promise<number>>,
): Promise<Figure[]> {
  const names = ['empty', 'small', 'large'] as const;
  const times = { empty: [] as number[], small: [] as number[], large: [] as number[] };
  // The first turn fills the system's caches.
  for (let turn = -1; turn < turns; turn += 1) {
    const order = turn % 2 === 0 ? names : names.toReversed();
    for (const who of order) {
      const time = await runs[who]();
      if (turn >= 0) times[who].push(time);
    }
  }
  const large = median(times.large);
  return [
    compared(name, large, 'ms', 'the same with an empty page', median(times.empty)),
    compared(`${name}-large`, large, 'ms', 'small', median(times.small)),
  ];
}

const inBrowser = (homes: Homes, open: Browser | null) => ({
  empty: () => shown(['-e', emptyHost], 'main', open),
  small: () => shown(hostOf(homes.small), conversationRow, open),
  large: () => shown(hostOf(homes.large), conversationRow, open),
});

async function inElectron(homes: Homes): Promise<Figure[]> {
  const reason = electronMissing();
  if (reason !== null) {
    console.error(`Skipped: start-electron, since ${reason}`);
    return [];
  }
  const empty = emptyApp();
  const run = (home: string) => shownInElectron(projectRoot, ['--home', home], conversationRow);
  return inTurns('start-electron', {
    empty: () => shownInElectron(empty, [], 'main'),
    small: () => run(homes.small),
    large: () => run(homes.large),
  });
}

interface Homes {
  readonly small: string;
  readonly large: string;
}

/** Process start to the inbox painted and answering, with a browser that is open already and with one that is not. */
export default async function start(): Promise<readonly Figure[]> {
  const homes = { small: await homeWith('small'), large: await homeWith('large') };
  const browser = await launch();
  try {
    return [
      ...(await inTurns('start-browser-open', inBrowser(homes, browser))),
      ...(await inTurns('start-browser', inBrowser(homes, null))),
      ...(await inElectron(homes)),
    ];
  } finally {
    await browser.close();
    removeFolder(homes.small);
    removeFolder(homes.large);
  }
}
