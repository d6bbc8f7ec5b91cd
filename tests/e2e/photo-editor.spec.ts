import sharp from 'sharp';
import type { Locator, Page } from '@playwright/test';
import { hasLocation } from '../../main/media/metadata/location.ts';
import { cameraPhoto, file } from '../support/photos.ts';
import { expect, test } from './test.ts';

/** How far the preview's channels may be from the sent picture's, of 255: it is scaled and encoded otherwise. */
const alike = 6;

/** The mean of each channel, 0 to 255. */
const meansOf = async (picture: Buffer): Promise<number[]> => {
  const { channels } = await sharp(picture).removeAlpha().toColourspace('srgb').stats();
  return channels.map(({ mean }) => mean);
};

/** The bytes of the file whose picture, or a small one of it, the page shows. */
const bytesOf = async (img: Locator): Promise<Buffer> => {
  const text = await img.evaluate(async (shown: HTMLImageElement) => {
    const whole = shown.src.replace('/media/thumbnail/', '/media/attachment/');
    const bytes = new Uint8Array(await (await fetch(whole)).arrayBuffer());
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

/** What the bytes of a photo tell beside its pixels, and how sharp it is. */
const toldBy = async (photo: Buffer) => {
  const { format, width } = await sharp(photo).metadata();
  const { sharpness } = await sharp(photo).stats();
  return {
    facts: {
      width,
      copyright: photo.includes('A. Photographer'),
      author: photo.includes('B. Maker'),
      camera: photo.includes('Test camera'),
      place: hasLocation(photo, `image/${format}`),
    },
    sharpness,
  };
};

test('quality and metadata are remembered in each conversation by itself, and hold for what is sent', async ({
  open,
}) => {
  let app = await open();
  await app.createAccount({ username: 'maria' });
  const camera = await cameraPhoto({ width: 2400, height: 1600, seed: 9 });
  const signed = sharp(camera)
    .keepMetadata()
    .withExifMerge({ IFD0: { Artist: 'B. Maker' } });
  const photo = file('signed.jpg', await signed.jpeg({ quality: 92 }).toBuffer());
  expect((await toldBy(await signed.jpeg().toBuffer())).facts).toMatchObject({ author: true, place: true });
  const attach = async (name: string) => {
    const conversation = await app.openConversation(name);
    const dialog = await conversation.attach(photo);
    await dialog.expectPhotos(1);
    const radio = (quality: string) => dialog.root.getByRole('radio', { name: quality, exact: true });
    const metadata = dialog.root.getByRole('combobox', { name: 'Metadata', exact: true });
    const sharpen = dialog.root.getByRole('checkbox', { name: 'Sharpen when made smaller', exact: true });
    const sent = async (caption: string) => {
      await dialog.sendWith(caption);
      await expect(conversation.photo(caption)).toBeVisible({ timeout: 60_000 });
      return toldBy(await bytesOf(conversation.photo(caption)));
    };
    return { dialog, radio, metadata, sharpen, sent };
  };
  const credit = { copyright: true, author: true, camera: false, place: false };

  const first = await attach('Notes to self');
  await expect(first.radio('Standard')).toBeChecked();
  await expect(first.sharpen).toBeChecked();
  const sharpened = await first.sent('as it is');
  expect(sharpened.facts).toEqual({ width: 2048, ...credit });

  const chosen = await attach('Notes to self');
  await chosen.dialog.quality('High');
  await chosen.metadata.selectOption('Keep everything');
  await expect(
    chosen.dialog.root.getByText('The place where the photos were taken is sent along.'),
  ).toBeVisible();
  const everything = await chosen.sent('with everything');
  expect(everything.facts).toEqual({ width: 2400, copyright: true, author: true, camera: true, place: true });

  await app.close();
  app = await open();
  const remembered = await attach('Notes to self');
  await expect(remembered.radio('High')).toBeChecked();
  await expect(remembered.metadata).toHaveValue('all');
  await remembered.dialog.quality('Standard');
  await remembered.metadata.selectOption('Remove everything');
  await remembered.sharpen.uncheck();
  const bare = await remembered.sent('with nothing');
  expect(bare.facts).toEqual({ width: 2048, copyright: false, author: false, camera: false, place: false });
  expect(bare.sharpness).toBeLessThan(sharpened.sharpness);

  // The other one has none of it, but for the sharpening, which is of the whole app.
  const other = await attach('Postcard helper');
  await expect(other.radio('Standard')).toBeChecked();
  await expect(other.metadata).toHaveValue('credit');
  await expect(other.sharpen).not.toBeChecked();
});
