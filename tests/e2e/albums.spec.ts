import { cameraPhoto } from '../support/photos.ts';
import { expect, test } from './test.ts';

/** Small ones of different shapes. */
const photos = () =>
  Promise.all(
    [1, 2, 3].map((seed) =>
      cameraPhoto({ width: 400 + 80 * seed, height: 500 - 60 * seed, seed: 40 + seed }),
    ),
  );

test('an album is put in order, captioned, shown as one, and looked at by keyboard', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const dialog = await notes.attach(...(await photos()));
  await dialog.expectPhotos(3);
  await dialog.captions.nth(0).fill('first');
  await dialog.captions.nth(1).fill('second');
  await dialog.captions.nth(2).fill('third');
  await dialog.root
    .getByRole('textbox', { name: 'Words for the whole album', exact: true })
    .fill('a day out');
  // The first one to the end: the focus goes with it.
  await dialog.captions.nth(0).press('Alt+End');
  await expect(dialog.captions.nth(2)).toHaveValue('first');
  await expect(dialog.captions.nth(2)).toBeFocused();
  await dialog.send.click();
  await expect(dialog.root).toBeHidden({ timeout: 60_000 });

  const album = notes.log.getByRole('group', { name: 'Album of 3 photos', exact: true });
  await expect(album.getByRole('article')).toHaveCount(3);
  await expect(album.getByText('a day out')).toBeVisible();
  const names = album.getByRole('img', { name: /first|second|third/ });
  expect(await names.evaluateAll((list) => list.map((img) => (img as HTMLImageElement).alt))).toEqual([
    'second',
    'third',
    'first',
  ]);

  await notes.photo('second').click();
  const viewer = app.page.getByRole('dialog', { name: 'Photo', exact: true });
  await expect(viewer.getByRole('img', { name: 'second', exact: true })).toBeVisible();
  await app.page.keyboard.press('ArrowRight');
  await expect(viewer.getByRole('img', { name: 'third', exact: true })).toBeVisible();
  await app.page.keyboard.press('+');
  await expect(viewer.getByRole('button', { name: 'Zoom out', exact: true })).toBeEnabled();
  // The next one stands there whole, and so does this one when it comes back.
  await app.page.keyboard.press('ArrowRight');
  await expect(viewer.getByRole('img', { name: 'first', exact: true })).toBeVisible();
  await expect(viewer.getByRole('button', { name: 'Zoom out', exact: true })).toBeDisabled();
  await app.page.keyboard.press('ArrowLeft');
  await expect(viewer.getByRole('img', { name: 'third', exact: true })).toBeVisible();
  await app.page.keyboard.press('+');
  await expect(viewer.getByRole('button', { name: 'Zoom out', exact: true })).toBeEnabled();
  await app.page.keyboard.press('0');
  await expect(viewer.getByRole('button', { name: 'Zoom out', exact: true })).toBeDisabled();
  await expect(viewer.getByRole('button', { name: 'Save all', exact: true })).toBeEnabled();
  await viewer.getByRole('button', { name: 'Play slide show', exact: true }).click();
  await viewer.getByRole('combobox', { name: 'Seconds for each photo' }).selectOption('2');
  await expect(viewer.getByRole('img', { name: 'first', exact: true })).toBeVisible();
  // It ends with the last one.
  await expect(viewer.getByRole('button', { name: 'Play slide show', exact: true })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();
});
