import sharp from 'sharp';
import type { Locator, Page } from '@playwright/test';
import { cameraPhoto } from '../support/photos.ts';
import { expect, test } from './test.ts';

/** How far the preview's channels may be from the sent picture's, of 255: it is scaled and encoded otherwise. */
const alike = 6;

/** The mean of each channel, 0 to 255. */
const meansOf = async (picture: Buffer): Promise<number[]> => {
  const { channels } = await sharp(picture).removeAlpha().toColourspace('srgb').stats();
  return channels.map(({ mean }) => mean);
};

/** The bytes of a picture that the page shows. */
const bytesOf = async (img: Locator): Promise<Buffer> => {
  const text = await img.evaluate(async (shown: HTMLImageElement) => {
    const bytes = new Uint8Array(await (await fetch(shown.src)).arrayBuffer());
    return bytes.reduce((all, byte) => all + String.fromCharCode(byte), '');
  });
  return Buffer.from(text, 'latin1');
};

const editorOf = (page: Page) => {
  const root = page.getByRole('dialog', { name: 'Edit photo', exact: true });
  return {
    root,
    preview: root.getByRole('img', { name: 'The photo as it will be', exact: true }),
    button: (name: string) => root.getByRole('button', { name, exact: true }),
    tab: (name: string) => root.getByRole('tab', { name, exact: true }),
    slider: (name: string) => root.getByRole('slider', { name, exact: true }),
  };
};

test('a photo is cropped and changed before it goes, and arrives as it looked', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const dialog = await notes.attach(await cameraPhoto({ width: 1200, height: 800, seed: 7 }));
  await dialog.expectPhotos(1);
  const openEditor = () => dialog.root.getByRole('button', { name: 'Edit', exact: true }).click();
  const editor = editorOf(app.page);

  // Leaving without Done changes nothing.
  await openEditor();
  await editor.tab('Adjust').click();
  await editor.slider('Brightness').fill('80');
  await editor.button('Cancel').click();
  await expect(dialog.root.getByText('Edited', { exact: true })).toBeHidden();

  await openEditor();
  await editor.root.getByRole('combobox', { name: 'Ratio', exact: true }).selectOption('1:1');
  await editor.tab('Adjust').click();
  await editor.slider('Brightness').fill('35');
  await editor.slider('Saturation').fill('-70');
  await app.page.keyboard.press('Control+z');
  await expect(editor.slider('Saturation')).toHaveValue('0');
  await app.page.keyboard.press('Control+Shift+z');
  await expect(editor.slider('Saturation')).toHaveValue('-70');
  const looked = await meansOf(await editor.preview.screenshot());
  await editor.button('Done').click();
  await expect(dialog.root.getByText('Edited', { exact: true })).toBeVisible();
  await expect(dialog.root.getByText(/→ 800 × 800 px/)).toBeVisible();

  // What becomes of it can be seen beside the original.
  await dialog.root.getByRole('button', { name: 'Compare', exact: true }).click();
  const compare = app.page.getByRole('dialog', { name: 'Original and result', exact: true });
  await expect(compare.getByText(/Result 800 × 800 px/)).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(compare).toBeHidden();

  await dialog.sendWith('square');
  await expect(notes.photo('square')).toBeVisible();
  expect(await notes.pixelsOf('square')).toEqual({ width: 800, height: 800 });
  const arrived = await meansOf(await bytesOf(notes.photo('square')));
  for (const [at, mean] of looked.entries()) expect(Math.abs(mean - (arrived[at] ?? 0))).toBeLessThan(alike);
});
