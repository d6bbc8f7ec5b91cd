import { cameraPhoto } from '../support/photos.ts';
import { RogueServer } from '../support/rogue-server.ts';
import { slowUploads, type SlowUploads } from '../support/slow-uploads.ts';
import { expect, test } from './test.ts';

let uploads: SlowUploads;
let server: RogueServer;
test.beforeEach(async () => {
  uploads = await slowUploads();
  server = await RogueServer.start('secret-1', (asked) => uploads.answer(asked));
});
test.afterEach(async () => {
  await server.stop();
  await uploads.stop();
});

/** Messages with a photo that the server got. */
const sent = () => server.received.filter(({ name, xml }) => name === 'message' && xml.includes('/upload/'));

test('an upload under way shows how far it is, and can be cancelled; the next one goes', async ({ open }) => {
  const app = await open();
  await app.trySignIn({ username: 'me@localhost', server: server.url });
  await expect(app.status).toHaveText('Connected');
  const chat = await app.newChat('somebody@localhost', 'somebody');
  const photo = await cameraPhoto();

  uploads.next = 'slowly';
  let dialog = await chat.attach(photo);
  await dialog.expectPhotos(1);
  await dialog.quality('Original');
  await dialog.sendWith('too slow');
  const message = chat.message('too slow');
  await expect(message.getByText(/[1-9]\d*\s?%/)).toBeVisible();
  await expect(message).toContainText('Sending');
  await message.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(message).toHaveCount(0);
  await expect.poll(() => uploads.broken).toBe(1);
  expect(sent()).toEqual([]);

  uploads.next = 'take';
  dialog = await chat.attach(photo);
  await dialog.sendWith('fast enough');
  await expect.poll(() => sent().length).toBe(1);
  expect(uploads.taken).toHaveLength(1);
  await expect(chat.messages).toHaveCount(1);
});

test('a photo that the server refuses says why; Try again sends it, Discard takes it away', async ({
  open,
}) => {
  const app = await open();
  await app.trySignIn({ username: 'me@localhost', server: server.url });
  await expect(app.status).toHaveText('Connected');
  const chat = await app.newChat('somebody@localhost', 'somebody');
  const photo = await cameraPhoto({ width: 900, height: 600 });

  uploads.next = 413;
  for (const caption of ['first', 'second']) {
    const dialog = await chat.attach(photo);
    await dialog.sendWith(caption);
    await chat.expectState(caption, /Not sent/);
    await expect(chat.message(caption)).toContainText('larger than the server accepts');
  }
  await chat.message('first').getByRole('button', { name: 'Discard', exact: true }).click();
  await expect(chat.message('first')).toHaveCount(0);

  uploads.next = 'take';
  await chat.message('second').getByRole('button', { name: 'Try again', exact: true }).click();
  await expect.poll(() => sent().length).toBe(1);
  await expect(chat.message('second')).not.toContainText('Not sent');
  await expect(chat.messages).toHaveCount(1);
});
