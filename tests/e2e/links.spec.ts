import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { temporaryFolder } from '../support/folders.ts';
import { expect, test } from './test.ts';

// Both hosts open pages with this program of the system; here it writes down what it was given.
test.skip(process.platform !== 'linux', 'xdg-open is how Linux opens a page');

/** A folder whose `xdg-open` writes down addresses, and what it was given so far. */
function fakeOpener() {
  const folder = temporaryFolder('opener');
  const list = join(folder, 'opened');
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${list}'\n`);
  chmodSync(join(folder, 'xdg-open'), 0o755);
  const env = { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  return { env, opened: () => (existsSync(list) ? readFileSync(list, 'utf8').trim().split('\n') : []) };
}

test('a link says where it goes before it opens; what looks like another site is warned of', async ({
  open,
}) => {
  const system = fakeOpener();
  const app = await open({ env: system.env });
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  await notes.write('one https://example.org/a?utm_source=x&id=7');
  await notes.write('two https://paypa1.com/login');
  const question = app.page.getByRole('dialog', { name: /^This link goes to/ });
  const button = (name: string) => question.getByRole('button', { name, exact: true });

  await notes.log.getByRole('link', { name: /example\.org/ }).click();
  await expect(question).toContainText('example.org');
  await button('Copy').click();
  await expect(question).toBeHidden();
  expect((await app.driver.clipboard()).text).toBe('https://example.org/a?id=7');

  await notes.log.getByRole('link', { name: /paypa1/ }).click();
  await expect(question).toContainText('paypal.com');
  await expect(question.getByRole('checkbox')).toHaveCount(0);
  await button('Cancel').click();
  await expect(question).toBeHidden();
  expect(system.opened()).toEqual([]);

  // By keyboard alone: the link, the question, Cancel and Copy before Open.
  await notes.log.getByRole('link', { name: /example\.org/ }).focus();
  await app.page.keyboard.press('Enter');
  await expect(button('Cancel')).toBeFocused();
  await question.getByRole('checkbox').check();
  await button('Open').press('Enter');
  await expect.poll(system.opened).toEqual(['https://example.org/a?utm_source=x&id=7']);
  await expect(notes.log.getByRole('link', { name: /example\.org/ })).toBeFocused();

  // It was said that this site needs no question any more.
  await notes.log.getByRole('link', { name: /example\.org/ }).click();
  await expect.poll(system.opened).toHaveLength(2);
  await expect(question).toBeHidden();
});
