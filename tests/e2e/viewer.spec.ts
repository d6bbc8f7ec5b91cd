import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cameraPhoto, fixture } from '../support/photos.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('what is saved is what was sent, byte for byte, and a copy is a picture', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  // Without a place in it there is nothing to take out: an original goes as it is.
  const sent = fixture('display-p3.jpg');
  const dialog = await atAnna.attach(sent);
  await dialog.expectPhotos(1);
  await dialog.quality('Original');
  await dialog.sendWith('as it is');
  await expect(atBert.photo('as it is')).toBeVisible();

  await atBert.photo('as it is').click();
  const viewer = bert.page.getByRole('dialog', { name: 'Photo', exact: true });
  const fromViewer = await bert.driver.saved(() =>
    viewer.getByRole('button', { name: 'Save', exact: true }).click(),
  );
  expect(fromViewer.name).toBe('display-p3.jpg');
  expect(hash(fromViewer.bytes)).toBe(hash(readFileSync(sent)));

  const { width, height } = await viewer
    .getByRole('img', { name: 'as it is' })
    .evaluate((img: HTMLImageElement) => ({ width: img.naturalWidth, height: img.naturalHeight }));
  await viewer.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(bert.page.getByText('Copied')).toBeVisible();
  expect(await bert.driver.clipboard()).toEqual({ text: 'as it is', picture: { width, height } });
  await bert.page.keyboard.press('Escape');
  await expect(viewer).toBeHidden();

  // The message's own menu does the same.
  await atBert.chooseAction('as it is', 'Copy');
  await expect(bert.page.getByText('Copied').last()).toBeVisible();
  const fromMenu = await bert.driver.saved(() => atBert.chooseAction('as it is', 'Save'));
  expect(hash(fromMenu.bytes)).toBe(hash(readFileSync(sent)));
});

test('a large photo is saved with all its pixels under the name it came with', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const dialog = await notes.attach(await cameraPhoto({ width: 3000, height: 2000, seed: 9 }));
  await dialog.expectPhotos(1);
  await dialog.quality('High');
  await dialog.sendWith('large');
  await expect(notes.photo('large')).toBeVisible();
  const file = await app.driver.saved(() => notes.chooseAction('large', 'Save'));
  expect(file.name).toBe('camera-3000x2000-1-9.jpg');
  expect(file.bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
});
