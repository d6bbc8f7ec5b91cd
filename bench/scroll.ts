import { chromium, type Browser, type Page } from '@playwright/test';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { launchBrowserHost } from '../tests/e2e/launch/browser-host.ts';
import { removeFolder } from '../tests/support/folders.ts';
import { compared, quantile, type Figure } from './figure.ts';
import { plainPage } from './plain-page.ts';
import { conversationRow } from './probe.ts';
import { homeToScroll } from './scroll-home.ts';
import { watchFrames, type Frames } from './scroll-probe.ts';

/** px a turn of the wheel, and ms between two: as fast as somebody looks for a photo of last year. */
const wheel = 900;
const pauseMs = 60;
/** Turns in a piece of the way; ours and the plain page's are gone in turns. */
const turns = 60;
const turnsOfPlain = 20;
const viewport = { width: 1280, height: 800 };

/** Turns the wheel so often; what the frames were meanwhile. */
async function back(
  page: Page,
  o: { scroller: string; item: string; most: number },
  count: number,
): Promise<Frames> {
  const frames = page.evaluate(watchFrames, o);
  for (let turn = 0; turn < count; turn += 1) {
    await page.mouse.wheel(0, -wheel);
    await page.waitForTimeout(pauseMs);
  }
  await page.evaluate(() => window.stopFrames());
  return frames;
}

const most = 2 * wheel;
const ours = { scroller: '.scroller:has(> [role=log])', item: '[role=log] article', most };
const beginning = '[role=log] .beginning';
const plain = { scroller: '#log', item: '#log > div', most };

/** Back to the beginning of a conversation of 10,000 messages, beside a plain page with 160 bubbles. */
async function inTurns(browser: Browser, home: string): Promise<{ ours: Frames[]; plain: Frames[] }> {
  const context = await browser.newContext({ viewport });
  const driver = await launchBrowserHost(browser, { home, context });
  const bare = await plainPage(browser, 160);
  const seen = { ours: [] as Frames[], plain: [] as Frames[] };
  try {
    const { page } = driver;
    await page.locator(`${conversationRow} a`).first().click();
    await page.locator(ours.item).first().waitFor();
    for (const one of [page, bare]) await one.mouse.move(800, 400);
    while ((await page.locator(beginning).count()) === 0) {
      seen.ours.push(await back(page, ours, turns));
      await bare.evaluate(() => document.querySelector('#log')?.scrollTo(0, 1e6));
      seen.plain.push(await back(bare, plain, turnsOfPlain));
    }
  } finally {
    await driver.close();
  }
  return seen;
}

/** Reading back through 10,000 messages with 1,000 photos: the frames, the reading position, the elements. */
export default async function scroll(): Promise<readonly Figure[]> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  const home = await homeToScroll();
  try {
    const seen = await inTurns(browser, home);
    const gaps = seen.ours.flatMap((one) => one.gaps);
    const bare = seen.plain.flatMap((one) => one.gaps);
    const jumps = seen.ours.flatMap((one) => one.jumps);
    if (jumps.length > 0) console.error(`scroll, jumps: ${jumps.join(', ')}`);
    const peer = 'a plain page of 160 bubbles';
    const late = (list: readonly number[], ms: number) => list.filter((gap) => gap > ms).length;
    return [
      compared('scroll-frame-99', quantile(gaps, 0.99), 'ms', peer, quantile(bare, 0.99)),
      compared('scroll-frame-longest', Math.max(...gaps), 'ms', peer, Math.max(...bare)),
      compared(
        'scroll-frames-late',
        late(gaps, 17) / gaps.length,
        'ratio',
        peer,
        late(bare, 17) / bare.length,
      ),
      compared(
        'scroll-frames-over-50',
        late(gaps, 50) / gaps.length,
        'ratio',
        peer,
        late(bare, 50) / bare.length,
      ),
      { name: 'scroll-jumps', value: jumps.length, unit: 'ratio' },
      { name: 'scroll-nodes', value: Math.max(...seen.ours.map(({ most }) => most)), unit: 'ratio' },
    ];
  } finally {
    await browser.close();
    removeFolder(home);
  }
}
