import { fixture } from '../support/photos.ts';
import { expect, test } from './test.ts';

test('a new account is not alone, and has sent its first photo', async ({ open }) => {
  const app = await open();
  await expect(app.welcome).toBeVisible();
  await expect(app.page.getByText(/recover/)).toBeVisible();
  await expect(app.page.getByRole('textbox', { name: 'Server', exact: true })).toHaveValue('This computer');
  await app.createAccount({ username: 'maria', displayName: 'Maria Sol' });
  await expect(app.status).toHaveText('Connected');
  await expect(app.row('Notes to self')).toBeVisible();
  // The keyboard goes on in the page, not at the top of the window.
  expect(await app.page.evaluate(() => document.activeElement === document.body)).toBe(false);
  await app.page.keyboard.press('Tab');
  await expect(
    app.page.getByRole('main').or(app.page.locator('[data-focus-page]')).locator(':focus').first(),
  ).toBeVisible();

  const helper = await app.openConversation('Postcard helper');
  await expect(helper.message('welcome to Postcard')).toBeVisible();
  const dialog = await helper.attach(fixture('photo.webp'));
  await dialog.sendWith('My first photo');
  await expect(helper.photo('My first photo')).toBeVisible();
  await helper.expectState('My first photo', /Sent|Delivered|Read/);
  const before = await helper.messages.count();
  await helper.write('And a text');
  await expect.poll(() => helper.messages.count()).toBeGreaterThan(before + 1);
});

test('notes to self keep text and a photo', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  await notes.write('buy film');
  const dialog = await notes.attach(fixture('turned-gps.jpg'));
  await dialog.sendWith('the shelf');
  await expect(notes.photo('the shelf')).toBeVisible();
  expect(await notes.pixelsOf('the shelf')).toEqual({ width: 240, height: 320 });
  await expect(notes.message('buy film')).toHaveCount(1);
});

test('an empty form and a name that is taken get words where they belong', async ({ open }) => {
  const app = await open({ profile: 'first' });
  await app.page.getByRole('textbox', { name: 'Username', exact: true }).fill('maria');
  await app.page.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(app.page.getByText('Enter a password.')).toBeVisible();
  await app.createAccount({ username: 'maria' });
  const second = await open({ profile: 'second' });
  await second.fillWelcome({ username: 'maria', password: 'another' });
  await second.page.getByRole('button', { name: 'Create account', exact: true }).click();
  await expect(second.page.getByText(/username is taken/)).toBeVisible();
  await expect(second.page.getByRole('textbox', { name: 'Username', exact: true })).toHaveValue('maria');
});
