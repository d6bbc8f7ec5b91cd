import { _electron } from '@playwright/test';
import { mkdtempSync } from 'node:fs';
const home = mkdtempSync('/tmp/el-home-');
const app = await _electron.launch({
  executablePath: process.env.ELECTRON_OVERRIDE_DIST_PATH + '/electron',
  args: ['--no-sandbox', '--disable-gpu', '.', '--home', home],
});
app.process().stderr!.on('data', (d) => process.stderr.write(d));
const page = await app.firstWindow();
page.on('console', (m) => console.log('[console]', m.type(), m.text()));
await page.getByRole('heading', { name: 'Welcome to Postcard' }).waitFor({ timeout: 20000 });
await page.getByRole('textbox', { name: 'Username' }).fill('ada');
await page.getByRole('textbox', { name: 'Password' }).fill('secret-123');
await page.getByRole('button', { name: 'Create account' }).click();
await page.getByRole('list', { name: 'Conversations' }).waitFor({ timeout: 20000 });
await page.getByRole('listitem', { name: /Postcard helper/ }).click();
await page.getByText('welcome to Postcard').first().waitFor();
const [fc] = await Promise.all([
  page.waitForEvent('filechooser'),
  (async () => {
    await page.getByRole('button', { name: 'Attach' }).click();
    await page.getByRole('menuitem', { name: 'Photo' }).click();
  })(),
]);
await fc.setFiles(['/tmp/pics/Dawn.jpg']);
await page.getByRole('textbox', { name: 'Caption' }).fill('Dawn');
await page.getByText('2048').first().waitFor({ timeout: 30000 });
await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
await page.getByRole('img', { name: 'Dawn' }).waitFor({ timeout: 20000 });
await page.waitForTimeout(3000);
await page.screenshot({ path: '/tmp/shots/e1.png' });
await app.close();
process.exit(0);
