import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cameraPhoto } from '../support/photos.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('a message is edited by menu and by ArrowUp; what it said before can be seen', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  await atAnna.write('Meet me at tne');
  await expect(atBert.message('Meet me at tne')).toBeVisible();
  await atAnna.box.fill('a draft');
  await atAnna.chooseAction('Meet me at tne', 'Edit');
  await expect(atAnna.box).toBeFocused();
  await expect(atAnna.box).toHaveValue('Meet me at tne');
  await atAnna.box.fill('Meet me at ten');
  await atAnna.box.press('Enter');
  // What was being written is there again.
  await expect(atAnna.box).toHaveValue('a draft');
  await expect(atBert.message('Meet me at ten')).toContainText('edited');
  await expect(atBert.message('tne')).toHaveCount(0);

  await atAnna.box.fill('');
  await atAnna.box.press('ArrowUp');
  await expect(atAnna.box).toHaveValue('Meet me at ten');
  await atAnna.box.press('Escape');
  await expect(atAnna.box).toHaveValue('');
  await atAnna.box.press('ArrowUp');
  await atAnna.box.fill('Meet me at eleven');
  await atAnna.box.press('Enter');
  await expect(atBert.message('Meet me at eleven')).toBeVisible();
  await expect(bert.row('Anna')).toContainText('Meet me at eleven');

  await atBert.message('Meet me at eleven').getByRole('button', { name: 'edited', exact: true }).click();
  const history = atBert.page.getByRole('dialog', { name: 'What this message said' });
  await expect(history.getByRole('listitem')).toHaveText([
    /^Now.*Meet me at eleven/s,
    /^Changed.*Meet me at ten/s,
    /^First.*Meet me at tne/s,
  ]);
  await atBert.page.keyboard.press('Escape');
  // Nobody else's message can be changed.
  await atBert.message('Meet me at eleven').hover();
  await atBert.message('Meet me at eleven').getByRole('button', { name: 'Message actions' }).click();
  await expect(atBert.page.getByRole('menuitem', { name: 'Copy', exact: true })).toBeVisible();
  await expect(atBert.page.getByRole('menuitem', { name: 'Edit', exact: true })).toHaveCount(0);
  await expect(atBert.page.getByRole('menuitem', { name: 'Unsend', exact: true })).toHaveCount(0);
});

test('a text and a photo are taken back on both sides; after a kill too, and nothing is left in any file', async ({
  open,
  home,
}) => {
  let anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  let [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  const atBert = await bert.openConversation('Anna');

  const path = await cameraPhoto({ width: 1600, height: 1200, seed: 31 });
  const dialog = await atAnna.attach(path);
  await dialog.sendWith('snollygoster parade');
  await expect(atBert.photo('snollygoster parade')).toBeVisible();
  const shown = await atBert.photo('snollygoster parade').evaluate(async (img: HTMLImageElement) => {
    const bytes = new Uint8Array(await (await fetch(img.src)).arrayBuffer());
    return [...bytes.slice(bytes.length / 2, bytes.length / 2 + 64)];
  });
  await atAnna.write('an embarrassing wuzzlewick');
  await expect(atBert.message('an embarrassing wuzzlewick')).toBeVisible();
  await atAnna.expectState('an embarrassing wuzzlewick', /Delivered|Read/);

  await atAnna.chooseAction('an embarrassing wuzzlewick', 'Unsend');
  await expect(atAnna.message('Message unsent')).toHaveCount(1);
  await expect(atBert.message('Message unsent')).toHaveCount(1);
  await expect(bert.row('Anna')).toContainText('Message unsent');

  await atAnna.chooseAction('snollygoster parade', 'Unsend');
  await expect(atAnna.message('Message unsent')).toHaveCount(2);
  await anna.kill();
  anna = await open({ profile: 'anna' });
  atAnna = await anna.openConversation('Bert');
  await expect(atAnna.message('Message unsent')).toHaveCount(2);
  await expect(atBert.message('Message unsent')).toHaveCount(2);
  await expect(atBert.photo('snollygoster parade')).toHaveCount(0);
  const original = readFileSync(path);
  const middle = original.subarray(original.length / 2, original.length / 2 + 64);
  await expect
    .poll(() => holding(home, ['wuzzlewick', 'snollygoster', middle, Buffer.from(shown)]), {
      timeout: 30_000,
    })
    .toEqual([]);
});

/** Files under a folder in which one of these is found. */
function holding(folder: string, wanted: readonly (string | Buffer)[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return wanted.some((one) => bytes.includes(one));
    });
}
