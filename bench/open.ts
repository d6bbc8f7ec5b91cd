import { chromium, type Page } from '@playwright/test';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { launchBrowserHost } from '../tests/e2e/launch/browser-host.ts';
import { removeFolder } from '../tests/support/folders.ts';
import { compared, median, quantile, type Figure } from './figure.ts';
import { conversationRow, installProbe } from './probe.ts';
import { homeWith } from './profile.ts';

const opens = 100;
/** How long (ms) people hold the button down. */
const pressMs = 80;
/** Rows that are whole in view at the page's height. */
const inView = 8;

/**
 * Clicks on a row; ms from the click (the button going up) until the conversation's last messages had been painted.
 * `press`: ms that the button is down before, 0 as no person can; it is not counted.
 */
async function openOne(page: Page, turn: number, press: number): Promise<number> {
  const rows = page.locator(`${conversationRow} a`);
  // Further down the list every time all rows in view have been opened; the list is read on as it is scrolled.
  if (turn % inView === 0 && turn > 0) {
    await rows.first().hover();
    await page.mouse.wheel(0, inView * 72);
    await page.evaluate(() => window.probe.painted());
  }
  const took = page.evaluate(async () => {
    const before = document.querySelector('[role=log]');
    const clicked = await window.probe.event('click');
    await window.probe.appears(() => {
      const log = document.querySelector('[role=log]');
      return log !== null && log !== before && log.querySelector('article') !== null;
    });
    return (await window.probe.painted()) - clicked;
  });
  const at = await page.evaluate((wanted) => {
    const list = document.querySelector('ul[aria-label="Conversations"]')?.parentElement;
    const { top = 0, bottom = 0 } = list?.getBoundingClientRect() ?? {};
    const whole = [...document.querySelectorAll('ul[aria-label="Conversations"] > li a')]
      .map((row) => ({ row, box: row.getBoundingClientRect() }))
      .filter(
        ({ row, box }) =>
          box.top >= top &&
          box.bottom <= bottom &&
          !row.ariaCurrent &&
          !row.textContent.includes('No messages yet'),
      )
      .sort((a, b) => a.box.top - b.box.top);
    const found = whole[wanted % whole.length]?.box;
    return found ? { x: found.left + 100, y: found.top + found.height / 2 } : null;
  }, turn % inView);
  if (!at) throw new Error('no conversation to open');
  await page.mouse.click(at.x, at.y, { delay: press });
  return took;
}

/** Click on a conversation to its last messages painted, `large` beside `small`, in turns. */
export default async function open(): Promise<readonly Figure[]> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  const times = { small: [] as number[], large: [] as number[], pressed: [] as number[] };
  const homes = { small: await homeWith('small'), large: await homeWith('large') };
  const launched = async (home: string) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript(installProbe, conversationRow);
    const driver = await launchBrowserHost(browser, { home, context });
    await driver.page.evaluate(() => window.shown);
    return driver;
  };
  const small = await launched(homes.small);
  const large = await launched(homes.large);
  try {
    // The first ten are not counted: the page's code is compiled by them, as after any start.
    for (let turn = -10; turn < opens; turn += 1) {
      const timeOfSmall = await openOne(small.page, turn + 10, 0);
      const timeOfLarge = await openOne(large.page, 2 * (turn + 10), 0);
      const timePressed = await openOne(large.page, 2 * (turn + 10) + 1, pressMs);
      if (turn < 0) continue;
      times.small.push(timeOfSmall);
      times.large.push(timeOfLarge);
      times.pressed.push(timePressed);
    }
  } finally {
    await small.close();
    await large.close();
    await browser.close();
    for (const home of Object.values(homes)) removeFolder(home);
  }
  const p95 = (numbers: readonly number[]) => quantile(numbers, 0.95);
  return [
    compared('open', p95(times.large), 'ms', 'small', p95(times.small)),
    compared('open-median', median(times.large), 'ms', 'small', median(times.small)),
    compared(
      'open-pressed',
      p95(times.pressed),
      'ms',
      'a click without holding the button',
      p95(times.large),
    ),
    compared('open-pressed-median', median(times.pressed), 'ms', 'the same', median(times.large)),
  ];
}
