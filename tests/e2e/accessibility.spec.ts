import { fixture } from '../support/photos.ts';
import { findings } from './pages/findings.ts';
import { Stickers } from './pages/stickers.ts';
import { Picker } from './pages/picker.ts';
import { Timeline } from './pages/timeline.ts';
import { expect, test } from './test.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`no screen has a serious finding: ${colorScheme}`, async ({ open }) => {
    const app = await open();
    const { page } = app;
    await page.emulateMedia({ colorScheme });
    await expect(app.welcome).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await app.createAccount({ username: 'maria', displayName: 'Maria' });
    await expect(app.row('Postcard helper')).toBeVisible();
    expect(await findings(page)).toEqual([]);

    const notes = await app.openConversation('Notes to self');
    await notes.write('a text with a link https://example.org');
    const dialog = await notes.attach(fixture('photo.webp'), fixture('alpha.png'));
    await dialog.expectPhotos(2);
    expect(await findings(page)).toEqual([]);
    await dialog.root.getByRole('button', { name: 'Edit', exact: true }).first().click();
    await expect(page.getByRole('combobox', { name: 'Ratio', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Adjust', exact: true }).click();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await dialog.sendWith('one', 'two');
    await expect(notes.photo('two')).toBeVisible();
    expect(await findings(page)).toEqual([]);

    await notes.photo('one').click();
    await expect(page.getByRole('dialog', { name: 'Photo', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');

    const picker = new Picker(page);
    await picker.open();
    expect(await findings(page)).toEqual([]);
    await picker.search.fill('hand');
    await page.keyboard.press('ArrowDown');
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await notes.chooseAction('a text with a link', 'Forward');
    await expect(page.getByRole('dialog', { name: 'Forward 1 message', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await notes.chooseAction('a text with a link', 'React');
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const timeline = new Timeline(page);
    await notes.chooseAction('a text with a link', 'Pin message');
    await expect(timeline.pins).toBeVisible();
    await page.keyboard.press('ControlOrMeta+f');
    await timeline.search.fill('text');
    await expect(page.getByText('1 of 1', { exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await timeline.openGallery();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'New chat', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'New chat', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');

    await app.goTo('People');
    await expect(page.getByRole('tab', { name: 'Friends', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('searchbox', { name: 'Find people', exact: true }).fill('helper');
    await page.getByRole('listitem', { name: 'Postcard helper', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);

    await app.goTo('Profile');
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit profile', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Edit profile', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    const picture = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a picture', exact: true }).click();
    await (await picture).setFiles(fixture('photo.webp'));
    await expect(page.getByRole('slider', { name: 'Zoom', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More options', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Settings and privacy', exact: true }).click();
    await page.getByRole('link', { name: 'Privacy', exact: true }).click();
    for (const name of ['Direct messages', 'Group invitations', 'Blocked', 'Reports']) {
      expect(await findings(page)).toEqual([]);
      await page.getByRole('link', { name, exact: true }).click();
      await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
      expect(await findings(page), name).toEqual([]);
      await page.getByRole('button', { name: 'Back to privacy', exact: true }).click();
    }
    for (const name of ['Notifications', 'Account', 'Appearance', 'Shortcuts']) {
      await page.getByRole('link', { name, exact: true }).click();
      await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
      expect(await findings(page), name).toEqual([]);
    }
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a request has no serious finding: ${colorScheme}`, async ({ open }) => {
    const app = await open();
    await app.page.emulateMedia({ colorScheme });
    await app.createAccount({ username: 'maria', displayName: 'Maria' });
    await app.openRequests();
    await expect(app.page.getByText('No requests')).toBeVisible();
    expect(await findings(app.page)).toEqual([]);
    const stranger = await open({ profile: 'stranger' });
    await stranger.createAccount({ username: 'sven', displayName: 'Sven' });
    await (await stranger.newChat('Maria')).write('Hello Maria');
    await app.openRequest('Sven');
    await expect(app.page.getByRole('button', { name: 'Accept', exact: true })).toBeVisible();
    expect(await findings(app.page)).toEqual([]);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`editing and unsending have no serious finding: ${colorScheme}`, async ({ open }) => {
    const app = await open();
    const { page } = app;
    await page.emulateMedia({ colorScheme });
    await app.createAccount({ username: 'maria', displayName: 'Maria' });
    const notes = await app.openConversation('Notes to self');
    await notes.write('first');
    await notes.expectState('first', /Sent|Delivered/);
    await notes.box.press('ArrowUp');
    await expect(notes.box).toHaveValue('first');
    expect(await findings(page)).toEqual([]);
    await notes.box.fill('second');
    await notes.box.press('Enter');
    await notes.message('second').getByRole('button', { name: 'edited', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'What this message said', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await notes.message('second').hover();
    await notes.message('second').getByRole('button', { name: 'Message actions', exact: true }).click();
    await expect(page.getByRole('menuitem', { name: 'Unsend', exact: true })).toBeVisible();
    expect(await findings(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Unsend', exact: true }).click();
    await expect(notes.message('Message unsent')).toBeVisible();
    expect(await findings(page)).toEqual([]);
  });

  test(`stickers have no serious finding: ${colorScheme}`, async ({ open }) => {
    const app = await open();
    await app.page.emulateMedia({ colorScheme });
    await app.createAccount({ username: 'maria', displayName: 'Maria' });
    await app.openConversation('Notes to self');
    const stickers = new Stickers(app.page);
    await stickers.send('Hello');
    await expect(stickers.shown('Hello')).toBeVisible();
    expect(await findings(app.page)).toEqual([]);
    await stickers.open();
    expect(await findings(app.page)).toEqual([]);
    await app.page.keyboard.press('Escape');
    await stickers.cutOut(fixture('photo.webp'));
    expect(await findings(app.page)).toEqual([]);
    await app.page.keyboard.press('Escape');
    const packs = await stickers.manage();
    expect(await findings(app.page)).toEqual([]);
    await packs.getByRole('button', { name: 'Edit Pip the postcard', exact: true }).click();
    await expect(stickers.dialog('Pip the postcard')).toBeVisible();
    expect(await findings(app.page)).toEqual([]);
  });
}
