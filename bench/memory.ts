import type { Page } from '@playwright/test';
import { removeFolder } from '../tests/support/folders.ts';
import { median, type Figure } from './figure.ts';
import { conversationRow } from './probe.ts';
import { homeWith } from './profile.ts';
import { show } from './shown.ts';
import { rendererOf, resident, usageMissing } from './usage.ts';

/** POSTCARD_BENCH_MINUTES for another length: the target is meant for 30. */
const minutes = Number(process.env['POSTCARD_BENCH_MINUTES'] ?? 3);

const words = ['photo', 'river', 'garden', '照片', 'meeting', 'the'];

/** One round of what somebody does: opens a conversation further down, reads back, writes, looks for a word. */
async function round(page: Page, turn: number): Promise<void> {
  const rows = page.locator(`${conversationRow} a`).filter({ hasNotText: 'No messages yet' });
  await rows.first().hover();
  await page.mouse.wheel(0, turn % 20 === 19 ? -20_000 : 300);
  await rows.nth(turn % 5).click();
  const log = page.getByRole('log');
  await log.locator('article').last().waitFor();
  await log.hover();
  for (let i = 0; i < 5; i += 1) await page.mouse.wheel(0, -1_500);
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  await box.fill(`Written in round ${turn}`);
  await box.fill('');
  const search = page.getByRole('searchbox').first();
  await search.fill(words[turn % words.length] ?? 'a');
  await page.waitForTimeout(500);
  await search.fill('');
  await rows.first().waitFor();
}

/** Growth in MB an hour: the slope of a line through the samples of the last two thirds. */
function growth(samples: readonly { at: number; mb: number }[]): number {
  const late = samples.slice(Math.floor(samples.length / 3));
  const mean = (of: (s: { at: number; mb: number }) => number) =>
    late.reduce((sum, s) => sum + of(s), 0) / late.length;
  const [at, mb] = [mean((s) => s.at), mean((s) => s.mb)];
  const above = late.reduce((sum, s) => sum + (s.at - at) * (s.mb - mb), 0);
  const below = late.reduce((sum, s) => sum + (s.at - at) ** 2, 0);
  return Number(((above / below) * 3_600_000).toPrecision(3));
}

/** Resident memory of the host and of the page's process on `large`, after a script, and how it grew. */
export default async function memory(): Promise<readonly Figure[]> {
  const reason = usageMissing();
  if (reason !== null) {
    console.error(`Skipped: memory, since ${reason}`);
    return [];
  }
  const home = await homeWith('large');
  const app = await show(home);
  const main: { at: number; mb: number }[] = [];
  const page: { at: number; mb: number }[] = [];
  try {
    const begin = performance.now();
    for (let turn = 0; performance.now() - begin < minutes * 60_000; turn += 1) {
      await round(app.page, turn);
      const at = performance.now() - begin;
      main.push({ at, mb: resident(app.host) });
      page.push({ at, mb: resident(rendererOf(app.browser)) });
    }
  } finally {
    await app.close();
    removeFolder(home);
  }
  const last = (samples: typeof main) =>
    Number(median(samples.slice(-10).map(({ mb }) => mb)).toPrecision(4));
  return [
    { name: 'memory', value: last(main), unit: 'MB' },
    { name: 'memory-growth', value: growth(main), unit: 'MB/h' },
    { name: 'memory-page', value: last(page), unit: 'MB' },
    { name: 'memory-page-growth', value: growth(page), unit: 'MB/h' },
  ];
}
