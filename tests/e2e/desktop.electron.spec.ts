import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { noDesktop } from '../support/desktop.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

const reason = noDesktop();
test.skip(reason !== null, reason ?? '');

test('the system gets title and text, and a click opens the conversation', async ({ open, desktop }) => {
  const system = await desktop();
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert', env: system.env, notifications: 'system' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  await bert.openConversation('Notes to self');
  const before = (await system.notifications()).length;

  await atAnna.write('It is about <b>the cover</b> & more');
  await expect.poll(async () => (await system.notifications()).length).toBe(before + 1);
  const shown = (await system.notifications())[before];
  expect(shown?.title).toBe('Anna');
  // What desktops take for markup stays what was written.
  expect.soft(shown?.body).toBe('It is about &lt;b&gt;the cover&lt;/b&gt; &amp; more');
  expect(shown?.actions).toContain('default');

  await system.click(before);
  const atBert = await bert.conversation('Anna');
  await expect(atBert.message('It is about <b>the cover</b> & more')).toBeVisible();
  await expect(bert.row('Anna')).not.toContainText('unread');
});

test('a closed window goes on receiving; a notification or a second start brings it back; Quit ends it', async ({
  open,
  desktop,
}) => {
  const system = await desktop('tray');
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert', env: system.env, notifications: 'system' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  // The conversation is open, and still it is not in view once the window is closed.
  await bert.driver.closeWindow();
  await expect.poll(() => bert.driver.visible()).toBe(false);
  const before = (await system.notifications()).length;
  await atAnna.write('Are you still there?');
  await expect.poll(async () => (await system.notifications()).length).toBe(before + 1);
  await atAnna.expectState('Are you still there?', /Delivered/);
  await system.click(before);
  await expect.poll(() => bert.driver.visible()).toBe(true);
  const atBert = await bert.conversation('Anna');
  await expect(atBert.message('Are you still there?')).toBeVisible();

  await bert.driver.closeWindow();
  await expect.poll(() => bert.driver.visible()).toBe(false);
  expect(await bert.driver.startAgain()).toBe(0);
  await expect.poll(() => bert.driver.visible()).toBe(true);
  await atBert.write('I was away');
  await expect(atAnna.message('I was away')).toBeVisible();

  await bert.driver.close();
  expect(await bert.driver.ended).toBe(0);
  const shown = (await system.notifications()).length;
  await atAnna.write('Good night');
  await atAnna.expectState('Good night', /Sent/);
  expect((await system.notifications()).length).toBe(shown);
});

test('where the setting says so, closing the window ends the app', async ({ open, desktop }) => {
  const system = await desktop('tray');
  const app = await open({ env: system.env });
  await app.createAccount({ username: 'maria' });
  await app.openSettings('Notifications');
  const background = app.page.getByRole('switch', { name: 'Keep receiving when the window is closed' });
  await background.click();
  // Off, it can still be found, and turned on again.
  await app.page.reload();
  await expect(background).not.toBeChecked();
  await app.driver.closeWindow();
  expect(await app.driver.ended).toBe(0);
});

test('without a place for an icon, closing the window ends the app: it could not be found again', async ({
  open,
  desktop,
}) => {
  const system = await desktop();
  const app = await open({ env: system.env });
  await app.createAccount({ username: 'maria' });
  await app.openSettings('Notifications');
  await expect(app.page.getByRole('switch', { name: 'Direct messages' })).toBeVisible();
  await expect(
    app.page.getByRole('switch', { name: 'Keep receiving when the window is closed' }),
  ).toHaveCount(0);
  await app.driver.closeWindow();
  expect(await app.driver.ended).toBe(0);
});

test('with a key store the password is sealed, and is there again after a restart', async ({
  open,
  home,
  desktop,
}) => {
  const system = await desktop('keyring');
  const options = { env: system.env, switches: ['--password-store=gnome-libsecret'] };
  let app = await open(options);
  await app.createAccount({ username: 'maria', password: 'clear-as-day' });
  const kept = readFileSync(join(home, 'profiles', 'default', 'secrets.json'), 'utf8');
  expect(kept).toContain('sealed');
  expect(kept).not.toContain('clear-as-day');
  expect(kept).not.toContain(Buffer.from('clear-as-day').toString('base64'));
  await app.openSettings('Account');
  await expect(app.page.getByText('in the system’s key store')).toBeVisible();
  await app.close();

  app = await open(options);
  await expect(app.status).toHaveText('Connected');
  await app.close();

  // The key store is gone: it asks, and nothing but the password is missing.
  app = await open({ env: system.env, switches: ['--password-store=basic'] });
  await expect(app.row('Notes to self')).toBeVisible();
  await expect(app.page.getByText(/Enter it again to reconnect/)).toBeVisible();
});

test('without a key store it is a file for this user alone, and says so', async ({ open, home, desktop }) => {
  const system = await desktop();
  const app = await open({ env: system.env, switches: ['--password-store=basic'] });
  await app.createAccount({ username: 'maria' });
  expect(statSync(join(home, 'profiles', 'default', 'secrets.json')).mode & 0o777).toBe(0o600);
  await app.openSettings('Account');
  await expect(app.page.getByText('in a file only this user can read')).toBeVisible();
});
