import { readFileSync } from 'node:fs';
import { cameraPhoto, file, fixture, pictureBomb } from '../support/photos.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('three photos of 24 MP in each quality arrive with their captions and pixels', async ({ open }) => {
  test.setTimeout(300_000);
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  const photos = [
    await cameraPhoto({ seed: 1 }),
    await cameraPhoto({ seed: 2, orientation: 6 }),
    await cameraPhoto({ seed: 3 }),
  ];
  const long = { Standard: 2048, High: 4096, Original: 6000 } as const;
  for (const quality of ['Standard', 'High', 'Original'] as const) {
    const captions = ['one', 'two', 'three'].map((number) => `${quality} ${number}`);
    const dialog = await atAnna.attach(...photos);
    await dialog.expectPhotos(3);
    await dialog.quality(quality);
    // What would be sent is shown beside the original before it is sent.
    const shown = quality === 'Original' ? /6000 × 4000 px/ : new RegExp(`→ ${long[quality]} × `);
    await expect(dialog.root.getByText(shown).first()).toBeVisible({ timeout: 60_000 });
    await dialog.sendWith(...captions);
    for (const [at, caption] of captions.entries()) {
      await expect(atBert.photo(caption)).toBeVisible({ timeout: 60_000 });
      const { width, height } = await atBert.pixelsOf(caption);
      expect(Math.max(width, height)).toBe(long[quality]);
      // The second was turned by its camera: it stands upright.
      expect(width > height).toBe(at !== 1);
    }
  }
});

test('photos can be dropped and pasted, left for later and taken out', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const bytes = readFileSync(fixture('photo.webp')).toString('base64');
  const transfer = await app.page.evaluateHandle((data) => {
    const content = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([content], 'dropped.webp', { type: 'image/webp' }));
    return files;
  }, bytes);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await notes.log.dispatchEvent(type, { dataTransfer: transfer });
  }
  let dialog = await notes.photoDialog();
  await dialog.expectPhotos(1);
  await dialog.captions.fill('kept for later');

  // Leaving loses nothing: what was chosen is there when it is opened again.
  await app.page.keyboard.press('Escape');
  await expect(dialog.root).toBeHidden();
  await expect(notes.messages).toHaveCount(0);
  await notes.box.evaluate(
    (box, data) => {
      const content = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([content], 'image.png', { type: 'image/png' }));
      box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    },
    readFileSync(fixture('alpha.png')).toString('base64'),
  );
  dialog = await notes.photoDialog();
  await dialog.expectPhotos(2);
  await expect(dialog.captions.first()).toHaveValue('kept for later');

  await dialog.root.getByRole('button', { name: 'Remove dropped.webp' }).click();
  await dialog.sendWith('pasted');
  await expect(notes.photo('pasted')).toBeVisible();
  await expect(notes.messages).toHaveCount(1);
});

test('a file that is no good gets clear words, and the others stay', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const camera = readFileSync(fixture('turned-gps.jpg'));
  const dialog = await notes.attach(
    fixture('three-frames.gif'),
    file('text.jpg', 'This is no picture at all.'),
    file('cut.jpg', camera.subarray(0, Math.floor(camera.length * 0.6))),
    pictureBomb(50_000, 50_000),
  );
  await expect(dialog.root.getByRole('alert').filter({ hasText: 'text.jpg' })).toContainText('not a picture');
  await expect(dialog.root.getByRole('alert').filter({ hasText: 'cut.jpg' })).toContainText('damaged');
  await expect(dialog.root.getByRole('alert').filter({ hasText: 'bomb' })).toContainText('too large');
  await dialog.sendWith('still moving');
  await expect(notes.photo('still moving')).toBeVisible();
  expect(await notes.pixelsOf('still moving')).toEqual({ width: 64, height: 48 });
});
