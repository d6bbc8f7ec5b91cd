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
