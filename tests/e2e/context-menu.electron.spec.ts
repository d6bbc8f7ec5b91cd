import { inElectron } from './launch/electron-host.ts';
import { expect, test } from './test.ts';

test('the text box has a menu with editing and spelling; links and selected text have theirs', async ({
  open,
}) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  const { inside } = inElectron(app.driver);
  const menu = () => inside<string[] | null>('menu');

  await notes.box.fill('Wird das etwas?');
  await notes.box.click({ button: 'right' });
  await expect.poll(menu).not.toBeNull();
  const editing = ['Undo', 'Redo', 'Cut', 'Copy', 'Paste', 'Select All'];
  const labels = (await menu()) ?? [];
  expect(labels.filter((label) => editing.includes(label))).toEqual(editing);
  expect(labels.at(-1)).toMatch(/^Check spelling/);

  await inside('choose', 'Select All');
  await inside('choose', 'Cut');
  await expect(notes.box).toHaveValue('');
  expect((await app.driver.clipboard()).text).toBe('Wird das etwas?');

  await notes.write('see https://example.org/path');
  await notes.log.getByRole('link').click({ button: 'right' });
  await expect.poll(async () => (await menu())?.[0]).toBe('Copy link');
  await inside('choose', 'Copy link');
  expect((await app.driver.clipboard()).text).toBe('https://example.org/path');
});
