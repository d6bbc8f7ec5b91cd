import type { Page } from '@playwright/test';
import { expect, test } from './test.ts';

/** Presses Tab until what has the focus is this; fails when it comes round without. */
async function tabTo(page: Page, role: string, name: string): Promise<void> {
  const target = page.getByRole(role as 'button', { name, exact: true });
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluateAll((found) => found.includes(document.activeElement as HTMLElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No way to ${role} "${name}" by Tab`);
}

test('from the first start to a message and its menu without a mouse', async ({ open }) => {
  const app = await open({ profile: 'bert' });
  await app.createAccount({ username: 'bert', displayName: 'Bert' });
  const keys = await open({ profile: 'anna' });
  const { page } = keys;
  await expect(keys.welcome).toBeVisible();
  await tabTo(page, 'textbox', 'Username');
  await page.keyboard.type('anna');
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type('secret-1');
  await page.keyboard.press('Enter');
  await expect(keys.conversations).toBeVisible();

  await tabTo(page, 'button', 'New chat');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New chat', exact: true });
  await page.keyboard.type('Bert');
  await expect(dialog.getByRole('option').filter({ hasText: 'Bert' }).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const conversation = await keys.conversation('Bert');
  await expect(conversation.box).toBeFocused();
  await page.keyboard.type('typed');
  await page.keyboard.press('Enter');
  await expect(conversation.message('typed')).toBeVisible();

  await page.keyboard.press('Shift+Tab');
  await tabTo(page, 'button', 'Attach');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Photo', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menuitem', { name: 'Photo', exact: true })).toBeHidden();
  await tabTo(page, 'button', 'Message actions');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Copy', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await tabTo(page, 'link', 'Profile');
  await page.keyboard.press('Enter');
  await expect(page.getByText('anna@').first()).toBeVisible();
});

test('the messages are one tab stop, walked with the arrow keys', async ({ open }) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const conversation = await anna.newChat('Bert');
  for (const text of ['first', 'second www.example.org', 'third']) await conversation.write(text);
  const { page } = anna;
  const { keyboard } = page;
  const [first, second, third] = ['first', 'second', 'third'].map((text) => conversation.message(text));
  if (!first || !second || !third) throw new Error('three messages were written');
  const copy = page.getByRole('menuitem', { name: 'Copy', exact: true });

  await conversation.box.focus();
  for (
    let presses = 0;
    presses < 5 && !(await third.evaluate((it) => it === document.activeElement));
    presses += 1
  )
    await keyboard.press('Shift+Tab');
  await expect(third).toBeFocused();
  await keyboard.press('ArrowUp');
  await expect(second).toBeFocused();
  await keyboard.press('Home');
  await expect(first).toBeFocused();
  await keyboard.press('End');
  await expect(third).toBeFocused();
  await keyboard.press('ArrowUp');

  await keyboard.press('Shift+F10');
  await expect(copy).toBeVisible();
  await keyboard.press('Escape');
  await expect(copy).toBeHidden();
  await expect(second).toBeFocused();

  await keyboard.press('Tab');
  await expect(second.getByRole('link')).toBeFocused();
  await keyboard.press('Tab');
  await expect(second.getByRole('button', { name: 'Message actions', exact: true })).toBeFocused();
  await keyboard.press('Enter');
  await expect(copy).toBeVisible();
  await keyboard.press('Escape');
  await expect(second.getByRole('button', { name: 'Message actions', exact: true })).toBeFocused();
  await keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Attach', exact: true })).toBeFocused();
  await keyboard.press('Shift+Tab');
  await expect(second).toBeFocused();
  await keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Conversation options', exact: true })).toBeFocused();
});
