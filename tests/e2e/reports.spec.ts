import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import * as verifier from '../../scripts/verify-report.mjs';
import { projectRoot, temporaryFolder } from '../support/folders.ts';
import { fixture } from '../support/photos.ts';
import type { Conversation } from './pages/conversation.ts';
import { meet } from './pages/meet.ts';
import type { Postcard } from './pages/postcard.ts';
import { expect, test } from './test.ts';

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Report Mallory', exact: true });

async function reportMessage(at: Conversation, text: string): Promise<void> {
  await at.message(text).hover();
  await at.message(text).getByRole('button', { name: 'Message actions', exact: true }).click();
  await at.page.getByRole('menuitem', { name: 'Report', exact: true }).click();
  await expect(dialogOf(at.page)).toBeVisible();
}

async function openReports(app: Postcard): Promise<void> {
  await app.openSettings('Privacy');
  await app.page.getByRole('link', { name: 'Reports', exact: true }).click();
  await expect(app.page.getByRole('heading', { name: 'Reports', exact: true })).toBeVisible();
}

async function noFindings(page: Page): Promise<void> {
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
}

/** Presses Tab until what has the focus fits; fails when it comes round without. */
async function tabTo(page: Page, role: 'link' | 'button' | 'checkbox' | 'textbox', name: string | RegExp) {
  const target = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluateAll((found) => found.includes(document.activeElement as HTMLElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No way to ${role} "${name}" by Tab`);
}

/** Where each entry's content stands in the ZIP. */
function placesOf(zip: Buffer): { name: string; from: number; bytes: number }[] {
  const places = [];
  const count = zip.readUInt16LE(zip.length - 12);
  let at = zip.readUInt32LE(zip.length - 6);
  for (let n = 0; n < count; n += 1) {
    const length = zip.readUInt16LE(at + 28);
    const name = zip.toString('latin1', at + 46, at + 46 + length);
    places.push({ name, from: zip.readUInt32LE(at + 42) + 30 + length, bytes: zip.readUInt32LE(at + 24) });
    at += 46 + length;
  }
  return places;
}

test('a message is reported with its context and photo; the export opens, and fails when a byte is changed', async ({
  open,
  home,
  playwright,
  launchOptions,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const mallory = await open({ profile: 'mallory' });
  await mallory.createAccount({ username: 'mallory', displayName: 'Mallory' });
  const [atAnna, atMallory] = await meet({ app: mallory, name: 'Mallory' }, { app: anna, name: 'Anna' }).then(
    ([b, a]) => [a, b] as const,
  );
  await atMallory.write('Give me your <b>card</b> number');
  const photos = await atMallory.attach(fixture('photo.webp'));
  await photos.sendWith('This is my shop');
  await atMallory.write('or else');
  await expect(atAnna.photo('This is my shop')).toBeVisible();
  await expect(atAnna.message('or else')).toBeVisible();

  const { page } = anna;
  await reportMessage(atAnna, 'card');
  const dialog = dialogOf(page);
  const kept = dialog
    .getByRole('list', { name: 'Messages that are kept', exact: true })
    .getByRole('listitem');
  await expect(kept).toHaveCount(5);
  await expect(kept.filter({ hasText: 'Reported message' })).toContainText('Give me your <b>card</b> number');
  await dialog.getByRole('button', { name: 'Fewer before', exact: true }).click();
  await expect(kept).toHaveCount(3);
  await dialog.getByRole('button', { name: 'More before', exact: true }).click();
  await expect(kept).toHaveCount(5);
  // Nobody is accused of anything by default.
  await expect(dialog.getByRole('radio', { checked: true })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Send report', exact: true }).click();
  await expect(dialog.getByText('Choose a reason.')).toBeVisible();
  await dialog.getByRole('radio', { name: 'Scam or fraud', exact: true }).check();
  await expect(dialog.getByText('Choose a reason.')).toBeHidden();
  await dialog.getByRole('textbox', { name: 'Details', exact: true }).fill('He wants money');
  await dialog.getByRole('checkbox', { name: 'Also block Mallory', exact: true }).check();
  await noFindings(page);
  await dialog.getByRole('button', { name: 'Send report', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('You blocked Mallory.')).toBeVisible();

  await openReports(anna);
  const list = page.getByRole('list', { name: 'Reports', exact: true });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list).toContainText('Sent');
  await noFindings(page);
  await list.getByRole('link').click();
  await expect(page.getByText('Sent to the people who run the server (abuse@localhost)')).toBeVisible();
  await page.getByRole('textbox', { name: 'New note', exact: true }).fill('Told my bank.');
  await page.getByRole('button', { name: 'Add note', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Notes', exact: true })).toContainText('Told my bank.');
  await noFindings(page);
  const fingerprint = (await page.locator('code').first().textContent()) ?? '';

  // What the window saves is one file that holds.
  const saved = await anna.driver.saved(() =>
    page.getByRole('button', { name: 'Export', exact: true }).click(),
  );
  expect(saved.name).toMatch(/^postcard-report-\d{4}-\d\d-\d\d-mallory-[0-9a-f]{8}\.zip$/);
  const zip = saved.bytes;
  const folder = temporaryFolder('report');
  const file = join(folder, 'report.zip');
  writeFileSync(file, zip);
  const said = execFileSync(process.execPath, [join(projectRoot, 'scripts/verify-report.mjs'), file], {
    encoding: 'utf8',
  });
  expect(said).toContain('UNCHANGED');
  expect(said).toContain(fingerprint);
  for (const { name, from, bytes } of placesOf(zip)) {
    const copy = Buffer.from(zip);
    const at = from + Math.floor(bytes / 2);
    copy[at] = (copy[at] ?? 0) ^ 1;
    writeFileSync(file, copy);
    expect(verifier.verifyZip(file).problems.join('\n'), name).toContain(name);
  }

  // The page opens by itself, pictures and all, with nothing but what is beside it.
  for (const [name, data] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), data);
  }
  const chromium = await playwright.chromium.launch(launchOptions);
  const reader = await chromium.newPage();
  const complaints: string[] = [];
  reader.on('console', (message) => complaints.push(message.text()));
  reader.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  await reader.goto(pathToFileURL(join(folder, 'index.html')).href);
  await expect(reader.getByRole('heading', { name: 'Report about Mallory', exact: true })).toBeVisible();
  await expect(reader.getByText('Give me your <b>card</b> number')).toBeVisible();
  const widths = await reader
    .locator('img')
    .evaluateAll((all) => all.map((one) => (one instanceof HTMLImageElement ? one.naturalWidth : 0)));
  expect(widths.length).toBeGreaterThan(0);
  expect(widths.every((width) => width > 0)).toBe(true);
  await noFindings(reader);
  await reader.getByRole('link', { name: 'Fingerprint, and notes added later', exact: true }).click();
  await expect(reader.getByText('Told my bank.')).toBeVisible();
  await expect(reader.getByText(fingerprint)).toBeVisible();
  await noFindings(reader);
  expect(complaints).toEqual([]);
  await chromium.close();

  // Whoever looks after the hub finds it in the queue, with the evidence: once as a message, once inside the block.
  const queue = execFileSync(
    process.execPath,
    [join(projectRoot, 'out/main/hub.js'), '--reports', `--home=${home}`],
    { encoding: 'utf8' },
  );
  const queued = queue
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(queued).toHaveLength(2);
  const whole = queued.find((one) => one['sha256'] === fingerprint);
  expect(whole).toMatchObject({ reporter: 'anna@localhost', about: 'mallory@localhost', reason: 'scam' });
  expect(JSON.stringify(whole?.['evidence'])).toContain('or else');
  // Nothing of it is in the inbox.
  await anna.goTo('Inbox');
  await expect(anna.row('abuse')).toHaveCount(0);
});

test('a person is reported with the keyboard alone, kept, and deleted', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const mallory = await open({ profile: 'mallory' });
  await mallory.createAccount({ username: 'mallory', displayName: 'Mallory' });
  await meet({ app: mallory, name: 'Mallory' }, { app: anna, name: 'Anna' });
  const { page } = anna;
  const options = page.getByRole('button', { name: 'Conversation options', exact: true });
  await options.focus();
  await page.keyboard.press('Enter');
  const entry = page.getByRole('menuitem', { name: 'Report', exact: true });
  await expect(entry).toBeVisible();
  while (!(await entry.evaluate((one) => one === document.activeElement)))
    await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const dialog = dialogOf(page);
  await expect(dialog).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Harassment or threats', exact: true })).toBeChecked();
  await tabTo(page, 'textbox', 'Details');
  await page.keyboard.type('Does not stop');
  await tabTo(page, 'checkbox', 'Send it to this computer’s hub');
  await page.keyboard.press('Space');
  await tabTo(page, 'button', 'Keep report');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(options).toBeFocused();

  await openReports(anna);
  await tabTo(page, 'link', /Mallory/);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Kept here. It was not sent.')).toBeVisible();
  await tabTo(page, 'button', 'Send now');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Sent to the people who run the server (abuse@localhost)')).toBeVisible();
  await tabTo(page, 'button', 'Delete');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Delete this report?', exact: true })).toBeVisible();
  await noFindings(page);
  await tabTo(page, 'button', 'Delete report');
  await page.keyboard.press('Enter');
  await expect(page.getByText('No reports', { exact: true })).toBeVisible();
});
