import { chromium, type Browser, type Page } from '@playwright/test';
import { launchBrowserHost } from '../tests/e2e/launch/browser-host.ts';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { meet } from '../tests/e2e/pages/meet.ts';
import { Postcard } from '../tests/e2e/pages/postcard.ts';
import { removeFolder, temporaryFolder } from '../tests/support/folders.ts';
import { compared, median, quantile, type Figure } from './figure.ts';
import { plainPage } from './plain-page.ts';
import { installProbe } from './probe.ts';

const peer = 'Enter that appends a bubble to a plain page';
const messages = 60;
/** Not counted: they compile the code. */
const first = 10;

/** Unix ms when an article with this text had been painted in the page. */
const shows = (page: Page, text: string): Promise<number> =>
  page.evaluate(async (wanted) => {
    const there = () => {
      const articles = document.querySelectorAll('[role=log] article');
      return articles[articles.length - 1]?.textContent.includes(wanted) ?? false;
    };
    await window.probe.appears(there);
    return window.probe.painted();
  }, text);

/** Writes a text and presses Enter; ms until it is shown here, and until it is shown on the other side. */
async function sendOne(from: Page, to: Page, text: string): Promise<{ here: number; there: number }> {
  const box = from.getByRole('textbox', { name: 'Message', exact: true });
  await box.fill(text);
  const pressed = from.evaluate(() => window.probe.event('keydown'));
  const here = shows(from, text);
  const there = shows(to, text);
  // Wherever in a frame's 16.7 ms the key comes, as it is with people.
  await from.waitForTimeout(100 + Math.random() * 50);
  await box.press('Enter');
  const begin = await pressed;
  return { here: (await here) - begin, there: (await there) - begin };
}

/** The browser's own limit: Enter that appends a bubble to a plain page; ms until it is painted. */
async function plainSend(page: Page, text: string): Promise<number> {
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  await box.fill(text);
  const took = page.evaluate(async (wanted) => {
    const pressed = await window.probe.event('keydown');
    await window.probe.appears(() => document.querySelector('#log > :last-child')?.textContent === wanted);
    return (await window.probe.painted()) - pressed;
  }, text);
  await page.waitForTimeout(100 + Math.random() * 50);
  await box.press('Enter');
  return took;
}

/** Two people of one home, each with the conversation with the other open. */
async function twoPeople(browser: Browser, home: string): Promise<[Postcard, Postcard]> {
  const opened = async (profile: string, displayName: string) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addInitScript(installProbe, '');
    const app = new Postcard(await launchBrowserHost(browser, { home, profile, context }), () => undefined);
    await app.createAccount({ username: profile, displayName });
    return app;
  };
  const a = await opened('ada', 'Ada');
  const b = await opened('bert', 'Bert');
  await meet({ app: a, name: 'Ada' }, { app: b, name: 'Bert' });
  return [a, b];
}

/** Enter to the message shown, and to the other side showing it, over the built-in hub. */
export default async function send(): Promise<readonly Figure[]> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  const home = temporaryFolder('bench-send');
  const times = { here: [] as number[], there: [] as number[], plain: [] as number[] };
  try {
    const [a, b] = await twoPeople(browser, home);
    const bare = await plainPage(browser, first);
    for (let turn = -first; turn < messages; turn += 1) {
      const text = `Message number ${turn + first} of the bench.`;
      const plain = await plainSend(bare, text);
      const { here, there } = await sendOne(a.page, b.page, text);
      if (turn < 0) continue;
      times.here.push(here);
      times.there.push(there);
      times.plain.push(plain);
    }
    await b.close();
    await a.close();
  } finally {
    await browser.close();
    removeFolder(home);
  }
  const p95 = (numbers: readonly number[]) => quantile(numbers, 0.95);
  return [
    compared('send', p95(times.here), 'ms', peer, p95(times.plain)),
    compared('send-median', median(times.here), 'ms', peer, median(times.plain)),
    { name: 'send-other-side', value: Number(p95(times.there).toPrecision(4)), unit: 'ms' },
    { name: 'send-other-side-median', value: Number(median(times.there).toPrecision(4)), unit: 'ms' },
  ];
}
