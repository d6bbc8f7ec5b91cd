import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { fixture } from '../support/photos.ts';
import { expect, test } from './test.ts';

/** A second of moving colours, as this Chromium writes it. */
async function film(page: Page): Promise<Buffer> {
  const text = await page.evaluate(async () => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [320, 180];
    const pen = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm;codecs=vp8' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const ended = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start(200);
    const began = performance.now();
    const bytesSoFar = () => parts.reduce((sum, { size }) => sum + size, 0);
    for (let n = 0; performance.now() < began + 1_500 || bytesSoFar() < 3_000; n += 1) {
      if (pen) pen.fillStyle = `hsl(${n * 9} 80% 50%)`;
      pen?.fillRect(0, 0, 320, 180);
      await new Promise(requestAnimationFrame);
    }
    recorder.stop();
    await ended;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(''));
  });
  return Buffer.from(text, 'base64');
}

test('a video, a file and a voice note are sent and played', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  await app.openConversation('Notes to self');
  const { page } = app;
  const folder = await mkdtemp(join(tmpdir(), 'postcard-media-'));
  const choose = async (entry: string, name: string, bytes: Buffer) => {
    const path = join(folder, name);
    await writeFile(path, bytes);
    await page.getByRole('button', { name: 'Attach', exact: true }).click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: entry, exact: true }).click();
    await (await chooser).setFiles(path);
  };
  const dialog = page.getByRole('dialog', { name: 'Send files' });

  await choose('Video', 'colours.webm', await film(page));
  await expect(dialog.getByText(/^Video · 0:0[1-9] · /)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Caption' }).fill('colours');
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  const video = page.getByRole('log').locator('video');
  await expect(video).toBeVisible();
  await expect.poll(() => video.evaluate((one: HTMLVideoElement) => one.videoWidth)).toBe(320);

  await choose('File', 'setup.exe', Buffer.from('MZ not really'));
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Save setup.exe' }).click();
  await expect(page.getByRole('alert').getByText(/Save it only if you expected it/)).toBeVisible();

  await page.getByRole('button', { name: 'Record voice note' }).click();
  const recorder = page.getByRole('group', { name: 'Recording voice note' });
  await expect(recorder.getByText('0:02')).toBeVisible();
  await recorder.getByRole('button', { name: 'Stop recording' }).click();
  await recorder.getByRole('button', { name: 'Send voice note' }).click();
  const note = page.getByRole('log').getByRole('group', { name: 'Voice note' });
  await expect(note.getByRole('slider', { name: 'Position' })).toHaveAttribute('aria-valuemax', /^[23]$/);
  await note.getByRole('button', { name: 'Play' }).click();
  await expect(note.getByRole('slider')).toHaveAttribute('aria-valuenow', /^[12]$/);
});

const voiceParts = (page: Page) => {
  const recorder = page.getByRole('group', { name: 'Recording voice note' });
  return {
    recorder,
    record: page.getByRole('button', { name: 'Record voice note' }),
    sendNote: recorder.getByRole('button', { name: 'Send voice note' }),
    notes: page.getByRole('log').getByRole('group', { name: 'Voice note' }),
  };
};

test('a voice note is held or clicked, heard before it is sent, and waits in its conversation', async ({
  open,
}) => {
  let app = await open();
  await app.createAccount({ username: 'maria' });
  await app.openConversation('Notes to self');
  let { page } = app;
  let { record, recorder, sendNote } = voiceParts(page);

  // Held: it ends with the hold, wherever the pointer is by then.
  await record.hover();
  await page.mouse.down();
  await expect(recorder.getByText('0:01')).toBeVisible();
  await expect(recorder.getByRole('meter', { name: 'Loudness' })).toBeVisible();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  await expect(recorder.getByLabel('Listen to the recording')).toBeVisible();
  await expect(sendNote).toBeFocused();
  await expect(record).toBeDisabled();

  // Another conversation has none, and this one still has it; a restart changes nothing.
  await app.openConversation('Postcard helper');
  await expect(recorder).toBeHidden();
  await app.openConversation('Notes to self');
  await expect(sendNote).toBeVisible();
  await app.kill();
  app = await open();
  ({ page } = app);
  ({ record, recorder, sendNote } = voiceParts(page));
  const { notes } = voiceParts(page);
  await app.openConversation('Notes to self');
  await expect(sendNote).toBeVisible();
  const length = () => recorder.locator('audio').evaluate((one: HTMLAudioElement) => one.duration);
  await expect.poll(length).toBeGreaterThan(0.5);
  await sendNote.click();
  await expect(notes).toHaveCount(1);
  await expect(recorder).toBeHidden();

  // By keyboard, Space to Enter; Escape throws it away, while it is recorded and afterwards.
  await record.focus();
  await page.keyboard.press('Space');
  await expect(recorder.getByText('0:01')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(recorder).toBeHidden();
  await record.focus();
  await page.keyboard.press('Enter');
  await expect(recorder.getByText('0:01')).toBeVisible();
  await record.focus();
  await page.keyboard.press('Enter');
  await expect(sendNote).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(recorder).toBeHidden();
  await expect(record).toBeFocused();

  // A click to begin and a click to end; leaving the conversation ends it too.
  await record.click();
  await expect(recorder.getByText('0:01')).toBeVisible();
  await record.click();
  await expect(sendNote).toBeVisible();
  await recorder.getByRole('button', { name: 'Delete recording' }).click();
  await record.click();
  await expect(recorder.getByText('0:01')).toBeVisible();
  await app.openConversation('Postcard helper');
  await app.openConversation('Notes to self');
  await sendNote.click();
  await expect(notes).toHaveCount(2);
});

test('a voice note ends after ten minutes, outlasts a kill while it is recorded, and says why there is none', async ({
  open,
}) => {
  let app = await open();
  await app.createAccount({ username: 'maria' });
  await app.openConversation('Notes to self');
  let parts = voiceParts(app.page);
  const length = () => parts.recorder.locator('audio').evaluate((one: HTMLAudioElement) => one.duration);

  // Killed in the middle: what was said until shortly before waits.
  await parts.record.click();
  await expect(parts.recorder.getByText('0:06')).toBeVisible();
  await app.kill();
  app = await open();
  await app.openConversation('Notes to self');
  parts = voiceParts(app.page);
  await expect(parts.sendNote).toBeVisible();
  await expect.poll(length).toBeGreaterThan(1.5);
  await parts.recorder.getByRole('button', { name: 'Delete recording' }).click();
  await expect(parts.recorder).toBeHidden();

  // Ten minutes by a clock that is put forward.
  await app.page.clock.install();
  await parts.record.click();
  await expect(parts.recorder.getByText('0:03')).toBeVisible();
  await app.page.clock.fastForward('09:10');
  await expect(parts.recorder.getByText(/less than one is left/)).toBeVisible();
  await expect(parts.sendNote).toBeHidden();
  await app.page.clock.fastForward('00:50');
  await expect(parts.recorder.getByText(/This one was stopped there; all of it is kept/)).toBeVisible();
  await expect.poll(length).toBeGreaterThan(1.5);
  await parts.sendNote.click();
  await expect(parts.notes).toHaveCount(1);
  await app.page.clock.resume();

  // Thrown away while it is recorded: no part of it comes back.
  await parts.record.click();
  await expect(parts.recorder.getByText('0:03')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(parts.recorder).toBeHidden();
  await app.openConversation('Postcard helper');
  await app.openConversation('Notes to self');
  await expect(parts.record).toBeEnabled();
  await expect(parts.recorder).toBeHidden();

  for (const [name, word] of [
    ['NotFoundError', /No microphone was found/],
    ['NotAllowedError', /microphone/],
  ] as const) {
    await app.page.evaluate((why) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', why));
    }, name);
    await parts.record.click();
    await expect(parts.recorder.getByRole('alert')).toContainText(word);
    await app.page.keyboard.press('Escape');
    await expect(parts.recorder).toBeHidden();
  }
});

test('a GIF moves in sight only, and stands still where motion is not wanted', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const { page } = app;
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.getByRole('button', { name: 'Attach', exact: true }).click();
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('menuitem', { name: 'GIF', exact: true }).click();
  await (await chooser).setFiles(fixture('three-frames.gif'));
  await (await notes.photoDialog()).sendWith('wave');

  const gif = notes.messages.filter({ has: page.getByRole('img', { name: 'wave', exact: true }) });
  const moving = gif.locator('img[src^="/media/attachment/"]');
  await expect(gif.getByRole('button', { name: 'Stop animation', exact: true })).toBeVisible();
  await expect(moving).toHaveCount(1);

  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect(moving).toHaveCount(0);
  await gif.getByRole('button', { name: 'Play animation', exact: true }).click();
  await expect(moving).toHaveCount(1);

  await notes.write(Array.from({ length: 80 }, (_, line) => `line ${line}`).join('\n'));
  await expect(moving).toHaveCount(0);
});
