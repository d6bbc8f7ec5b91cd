import { chromium, type Browser, type Page } from '@playwright/test';
import { join } from 'node:path';
import { openStore, transact, upsertPerson } from '../main/store/index.ts';
import { launchBrowserHost } from '../tests/e2e/launch/browser-host.ts';
import { chromiumPath } from '../tests/e2e/launch/chromium.ts';
import { removeFolder } from '../tests/support/folders.ts';
import { compared, median, quantile, type Figure } from './figure.ts';
import { fill } from './generator.ts';
import { plainPage } from './plain-page.ts';
import { installProbe } from './probe.ts';
import { emptyHome } from './profile.ts';
import { watchFrames, type Frames } from './scroll-probe.ts';

const followers = 10_000;
/** px a turn of the wheel, and ms between two. */
const wheel = 900;
const pauseMs = 60;
/** Turns in a piece of the way; ours and the plain page's are gone in turns. */
const turns = 60;
const turnsOfPlain = 20;
const openings = 20;
const called = (at: number): string => `Follower ${String(at).padStart(5, '0')}`;
const most = Number.MAX_SAFE_INTEGER;
const item = 'ul[aria-label=People] > li[aria-label^=Follower]';
const ours = { scroller: '.scroller:has(> [aria-label=People])', item, most };
const plain = { scroller: '#log', item: '#log > div', most };

/** Somebody whom 10,000 people follow. */
async function popular(): Promise<string> {
  const { home, account } = await emptyHome('people');
  const store = openStore({ file: join(account, 'postcard.sqlite'), backupFolder: join(account, 'backups') });
  try {
    fill(store.db, { messages: 20, conversations: 2, people: 2, photos: 0 }, 1, []);
    transact(store.db, () => {
      for (let at = 0; at < followers; at += 1) {
        const name = called(at);
        upsertPerson(store.db, { address: `follower${at}@localhost`, name, subscription: 'from' });
      }
    });
  } finally {
    store.close();
  }
  return home;
}

async function down(page: Page, o: { scroller: string; item: string; most: number }, count: number) {
  const frames = page.evaluate(watchFrames, o);
  for (let turn = 0; turn < count; turn += 1) {
    await page.mouse.wheel(0, wheel);
    await page.waitForTimeout(pauseMs);
  }
  await page.evaluate(() => window.stopFrames());
  return frames;
}

/** ms from the click on a list until it has been painted. */
async function opening(page: Page): Promise<number> {
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  await tab('Friends').click();
  await page.locator(item).first().waitFor({ state: 'detached' });
  const shown = page.evaluate(async (selector) => {
    const clicked = window.probe.event('click');
    const there = window.probe.appears(() => document.querySelector(selector) !== null);
    const at = await clicked;
    await there;
    return (await window.probe.painted()) - at;
  }, item);
  await tab('Followers').click();
  return shown;
}

async function seen(browser: Browser, home: string) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(installProbe, '');
  const driver = await launchBrowserHost(browser, { home, context });
  const bare = await plainPage(browser, 160);
  const frames = { ours: [] as Frames[], plain: [] as Frames[] };
  const opened: number[] = [];
  try {
    const { page } = driver;
    await page.getByRole('link', { name: 'People', exact: true }).click();
    for (let count = 0; count < openings; count += 1) opened.push(await opening(page));
    for (const one of [page, bare]) await one.mouse.move(800, 400);
    const last = page.getByRole('listitem', { name: called(followers - 1), exact: true });
    while ((await last.count()) === 0) {
      frames.ours.push(await down(page, ours, turns));
      await bare.evaluate(() => document.querySelector('#log')?.scrollTo(0, 0));
      frames.plain.push(await down(bare, plain, turnsOfPlain));
    }
  } finally {
    await driver.close();
  }
  return { frames, opened };
}

/** The list of 10,000 followers: how soon it is there, and its frames from the first to the last of them. */
export default async function people(): Promise<readonly Figure[]> {
  const executablePath = chromiumPath();
  const browser = await chromium.launch(executablePath === null ? {} : { executablePath });
  const home = await popular();
  try {
    const { frames, opened } = await seen(browser, home);
    const gaps = frames.ours.flatMap((one) => one.gaps);
    const bare = frames.plain.flatMap((one) => one.gaps);
    const peer = 'a plain page of 160 bubbles';
    const over = (list: readonly number[]) => list.filter((gap) => gap > 50).length / list.length;
    return [
      { name: 'people-open', value: median(opened), unit: 'ms' },
      { name: 'people-open-95', value: quantile(opened, 0.95), unit: 'ms' },
      compared('people-frame-99', quantile(gaps, 0.99), 'ms', peer, quantile(bare, 0.99)),
      compared('people-frame-longest', Math.max(...gaps), 'ms', peer, Math.max(...bare)),
      compared('people-frames-over-50', over(gaps), 'ratio', peer, over(bare)),
      { name: 'people-nodes', value: Math.max(...frames.ours.map((one) => one.most)), unit: 'ratio' },
    ];
  } finally {
    await browser.close();
    removeFolder(home);
  }
}
