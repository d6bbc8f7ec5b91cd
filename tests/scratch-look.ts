import { chromium, type Page } from '@playwright/test';
import { spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync } from 'node:fs';
const home = process.env.HOME_DIR ?? mkdtempSync('/tmp/look-home-');
const shots = '/tmp/shots';
mkdirSync(shots, { recursive: true });
const start = async (profile: string) => {
  const p = spawn('node', ['out/main/browser.js', '--home', home, '--profile', profile, '--no-open'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url: string = await new Promise((r) =>
    p.stdout.on('data', (d) => {
      const m = /ready: (\S+)/.exec(String(d));
      if (m) r(m[1]!);
    }),
  );
  return { p, url };
};
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const open = async (url: string, dark = false, size = { width: 1280, height: 800 }) => {
  const ctx = await browser.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light' });
  const page = await ctx.newPage();
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') console.log('[console]', m.text());
  });
  page.on('pageerror', (e) => console.log('[pageerror]', e.message));
  await page.goto(url);
  return page;
};
const shot = (page: Page, n: string) => page.screenshot({ path: `${shots}/${n}.png` });
const A = await start('default');
const a = await open(A.url);
await a.getByRole('heading', { name: 'Welcome to Postcard' }).waitFor();
await shot(a, '01-welcome');
const create = async (page: Page, u: string, d: string) => {
  await page.getByRole('textbox', { name: 'Username' }).fill(u);
  await page.getByRole('textbox', { name: 'Display name' }).fill(d);
  await page.getByRole('textbox', { name: 'Password' }).fill('secret-123');
  if (process.env.SERVER) await page.getByRole('combobox', { name: 'Server' }).fill(process.env.SERVER);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('list', { name: 'Conversations' }).waitFor({ timeout: 20000 });
};
let t = Date.now();
await create(a, 'ada', 'Ada Lovelace');
console.log('created in', Date.now() - t);
await a
  .getByText('welcome to Postcard')
  .first()
  .waitFor({ timeout: 5000 })
  .catch(() => console.log('no greeting'));
await shot(a, '02-inbox');
const B = await start('second');
const b = await open(B.url, true, { width: 900, height: 600 });
await shot(b, '03-welcome-dark');
await create(b, 'bob', 'Bob Ross');
await a.getByRole('button', { name: 'New chat' }).click();
await a.getByRole('searchbox', { name: 'Find people' }).fill('Bob');
await a.getByRole('option').first().waitFor();
await shot(a, '04-newchat');
await a.getByRole('option', { name: /Bob/ }).first().click();
await a.getByRole('button', { name: 'Start chat' }).click();
await a.getByRole('textbox', { name: 'Message' }).fill('Hello Bob, see https://example.org/x and tell me.');
await a.keyboard.press('Enter');
await b.getByRole('listitem', { name: /Ada/ }).waitFor();
await shot(b, '05-inbox-unread-dark');
await b.getByRole('listitem', { name: /Ada/ }).click();
await b.getByRole('log', { name: 'Messages' }).getByText('Hello Bob').waitFor();
await b.getByRole('textbox', { name: 'Message' }).fill('Nice to see you, Ada');
await b.keyboard.press('Enter');
await a.getByText('Nice to see you').first().waitFor();
const [fc] = await Promise.all([
  a.waitForEvent('filechooser'),
  (async () => {
    await a.getByRole('button', { name: 'Attach' }).click();
    await a.getByRole('menuitem', { name: 'Photo' }).click();
  })(),
]);
await fc.setFiles((process.env.PHOTOS ?? '').split(',').filter(Boolean));
await a.getByRole('dialog', { name: 'Send photos' }).waitFor();
await a.getByRole('textbox', { name: 'Caption' }).first().fill('Dawn over the lake');
await a.waitForTimeout(3000);
await shot(a, '06-photos');
await a.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
await b.getByRole('img', { name: 'Dawn over the lake' }).waitFor({ timeout: 20000 });
await b.waitForTimeout(1500);
await shot(a, '07-conversation');
await shot(b, '08-conversation-dark');
await b.getByRole('img', { name: 'Dawn over the lake' }).click();
await b.waitForTimeout(800);
await shot(b, '09-viewer-dark');
await b.keyboard.press('Escape');
await a.getByRole('link', { name: 'Profile' }).click();
await a.waitForTimeout(500);
await shot(a, '10-profile');
await a.getByRole('button', { name: 'More options' }).click();
await a.waitForTimeout(200);
await a.getByRole('menuitem', { name: 'Settings and privacy' }).click();
await a.waitForTimeout(500);
await shot(a, '11-settings');
for (const n of ['Notifications', 'Account', 'Appearance', 'Shortcuts']) {
  await a.getByRole('link', { name: n, exact: true }).click();
  await a.waitForTimeout(400);
  await shot(a, '12-' + n);
}
await browser.close();
A.p.kill('SIGTERM');
B.p.kill('SIGTERM');
await new Promise((r) => setTimeout(r, 1000));
process.exit(0);
