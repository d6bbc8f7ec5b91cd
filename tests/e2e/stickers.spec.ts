import { fixture } from '../support/photos.ts';
import { meet } from './pages/meet.ts';
import { Stickers } from './pages/stickers.ts';
import { expect, test } from './test.ts';

test('stickers are sent, kept, made of a photo, and a pack of them is shared', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  const [hers, his] = [new Stickers(anna.page), new Stickers(bert.page)];

  await hers.send('Looks great');
  await expect(hers.shown('Looks great')).toBeVisible();
  await expect(his.shown('Looks great')).toBeVisible();
  await expect(bert.row('Anna')).toContainText('👍 Looks great');
  await his.chooseAction('Looks great', 'Keep sticker');
  await his.open();
  await expect(his.picker.getByRole('region', { name: 'Kept stickers' })).toBeVisible();
  await bert.page.keyboard.press('Escape');

  // By keyboard alone: the arrow keys go through the stickers, Enter sends.
  await hers.open();
  await hers.picker.getByRole('button', { name: 'Looks great', exact: true }).first().focus();
  await anna.page.keyboard.press('ArrowDown');
  await anna.page.keyboard.press('Enter');
  await expect(hers.picker).toBeHidden();
  await expect(his.shown('Hello')).toBeVisible();

  await hers.make(fixture('photo.webp'), '🌊', 'High tide');
  const packs = await hers.manage();
  await packs.getByRole('button', { name: 'Edit My stickers', exact: true }).click();
  const pack = hers.dialog('My stickers');
  await pack.getByRole('textbox', { name: 'Name of the pack', exact: true }).fill('At the sea');
  await pack.getByRole('button', { name: 'Close', exact: true }).last().click();
  await packs.getByRole('button', { name: 'Edit At the sea', exact: true }).click();
  await hers.dialog('At the sea').getByRole('switch', { name: 'Anybody can add this pack' }).click();
  await expect(hers.dialog('At the sea').getByRole('textbox', { name: 'Link to this pack' })).toHaveValue(
    /^xmpp:anna@localhost\?pubsub;action=retrieve;node=urn:xmpp:stickers:0;item=/,
  );
  await hers.dialog('At the sea').getByRole('button', { name: 'Send link in this conversation' }).click();
  await hers.dialog('At the sea').getByRole('button', { name: 'Close', exact: true }).last().click();
  await anna.page.keyboard.press('Escape');
  await hers.send('High tide');

  await his.chooseAction('High tide', 'Add pack');
  const preview = his.dialog('At the sea');
  await expect(preview.getByText('High tide')).toBeVisible();
  await preview.getByRole('button', { name: 'Add pack', exact: true }).click();
  await expect(preview).toBeHidden();
  await his.send('High tide');
  await expect(hers.shown('High tide')).toHaveCount(2);
});

test('packs can be put in order, removed and added again', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  await app.openConversation('Notes to self');
  const stickers = new Stickers(app.page);
  const packs = await stickers.manage();
  const names = packs.getByRole('list', { name: 'Sticker packs' }).getByRole('listitem');
  await expect(names).toHaveCount(2);
  await expect(names.first()).toContainText('Pip the postcard');
  await packs.getByRole('button', { name: 'Move Pip the postcard down', exact: true }).click();
  await expect(names.first()).toContainText('Light table');
  await packs.getByRole('button', { name: 'Remove Light table', exact: true }).click();
  await expect(names).toHaveCount(1);
  await packs.getByRole('button', { name: 'Add Light table', exact: true }).click();
  await expect(names).toHaveCount(2);
  await app.page.keyboard.press('Escape');
  await stickers.send('Nice light!');
  await expect(stickers.shown('Nice light!')).toBeVisible();
});
