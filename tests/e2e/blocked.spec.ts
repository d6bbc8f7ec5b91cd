import Database from 'better-sqlite3';
import { closeSync, globSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fixture } from '../support/photos.ts';
import type { Postcard } from './pages/postcard.ts';
import { expect, test } from './test.ts';

/** The one account's database in this home. */
function databaseIn(home: string): string {
  const [file] = globSync(join(home, 'profiles', 'default', 'accounts', '*', 'postcard.sqlite'));
  if (file === undefined) throw new Error('There is no database');
  return file;
}

async function withMessages(app: Postcard): Promise<void> {
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  await notes.write('not to be lost');
  const dialog = await notes.attach(fixture('photo.webp'));
  await dialog.sendWith('nor this');
  await notes.expectState('nor this', /Sent|Delivered/);
}

async function expectMessages(app: Postcard): Promise<void> {
  const notes = await app.openConversation('Notes to self');
  await expect(notes.message('not to be lost')).toHaveCount(1);
  await expect(notes.photo('nor this')).toBeVisible();
}

const version = (file: string, set?: number) => {
  const database = new Database(file);
  const found = Number(database.pragma('user_version', { simple: true }));
  if (set !== undefined) database.pragma(`user_version = ${set}`);
  database.close();
  return found;
};

test('a database of a newer version is left alone, and says what to do', async ({ open, home }) => {
  let app = await open();
  await withMessages(app);
  await app.close();
  const file = databaseIn(home);
  const known = version(file, 999);
  const before = readFileSync(file);

  app = await open();
  await expect(app.page.getByRole('heading', { name: 'Postcard can’t open this profile' })).toBeVisible();
  await expect(app.page.getByRole('alert')).toContainText('Install the newest version');
  await app.close();
  expect(readFileSync(file).equals(before)).toBe(true);

  version(file, known);
  app = await open();
  await expectMessages(app);
});

test('a damaged database is left alone; put back from a copy it opens without a restart', async ({
  open,
  home,
}) => {
  let app = await open();
  await withMessages(app);
  await app.close();
  const file = databaseIn(home);
  const copy = readFileSync(file);
  const damaged = openSync(file, 'r+');
  writeSync(damaged, Buffer.alloc(4096, 0x5a), 0, 4096, 0);
  closeSync(damaged);
  const before = readFileSync(file);

  app = await open();
  const alert = app.page.getByRole('alert');
  await expect(alert).toContainText('damaged and was left untouched');
  await app.page.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(alert).toContainText('damaged and was left untouched');
  expect(readFileSync(file).equals(before)).toBe(true);

  writeFileSync(file, copy);
  await app.page.getByRole('button', { name: 'Try again', exact: true }).click();
  await expectMessages(app);
  await expect(app.status).toHaveText('Connected');
});
