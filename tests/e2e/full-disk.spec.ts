import { cameraPhoto } from '../support/photos.ts';
import { noSmallDisk, smallDisk } from '../support/small-disk.ts';
import { expect, test } from './test.ts';

const reason = noSmallDisk();
test.skip(reason !== null, reason ?? '');

test('on a full disk the text stays in the box and the photos stay chosen; with room again they go', async ({
  open,
}) => {
  const disk = smallDisk(96_000_000);
  try {
    const app = await open({ home: disk.folder });
    await app.createAccount({ username: 'maria' });
    await expect(app.status).toHaveText('Connected');
    const notes = await app.openConversation('Notes to self');
    await notes.write('while there was room');
    const photo = await cameraPhoto({ width: 1500, height: 1000 });
    const dialog = await notes.attach(photo);
    await dialog.expectPhotos(1);
    await dialog.captions.fill('chosen before');
    await app.page.keyboard.press('Escape');
    await expect(dialog.root).toBeHidden();

    disk.fill();
    const full = app.page.getByText(/The disk is full/).first();
    // What finds room inside of the database's own files still goes: written until something does not.
    let text = '';
    for (let number = 1; !(await full.isVisible()); number += 1) {
      expect(number).toBeLessThan(300);
      text = `${number}. ${'every word stays '.repeat(800).trim()}`;
      await notes.box.fill(text);
      await notes.box.press('Enter');
      await expect(full.or(notes.message(`${number}. every`)).first()).toBeVisible();
    }
    expect(await notes.box.inputValue()).toBe(text);
    const before = await notes.messages.count();

    await notes.openWaiting();
    await expect(dialog.captions).toHaveValue('chosen before');
    await dialog.send.click();
    await expect(dialog.root.getByRole('alert').filter({ hasText: 'The disk is full' })).toBeVisible();
    await expect(dialog.captions).toHaveValue('chosen before');
    await dialog.expectPhotos(1);
    // The picture's preview may have said it first: Send has given up, too.
    await expect(dialog.send).toBeEnabled();

    disk.free();
    await dialog.send.click();
    await expect(dialog.root).toBeHidden();
    await notes.expectState('chosen before', /Sent|Delivered/);
    await notes.box.press('Enter');
    await expect(notes.box).toHaveValue('');
    await expect(notes.messages).toHaveCount(before + 2);
    await expect(notes.messages.last()).toContainText(/Sent|Delivered/);
    await expect(app.status).toHaveText('Connected');
    await app.close();
  } finally {
    disk.remove();
  }
});
