import type { Page } from '@playwright/test';
import { meet } from './pages/meet.ts';
import type { Postcard } from './pages/postcard.ts';
import { expect, test } from './test.ts';

const group = (page: Page) => page.getByRole('radiogroup', { name: 'Who can message me', exact: true });
const choice = (page: Page, name: string) => group(page).getByRole('radio', { name, exact: true });

/** Profile → More options → Settings and privacy → Privacy → Direct messages. */
async function openChoice(app: Postcard): Promise<void> {
  await app.openSettings('Privacy');
  await app.page.getByRole('link', { name: 'Direct messages', exact: true }).click();
  await expect(group(app.page)).toBeVisible();
}

/** Presses Tab until what has the focus fits; fails when it comes round without. */
async function tabTo(page: Page, role: 'link' | 'button' | 'radio', name: string): Promise<void> {
  const target = page.getByRole(role, { name, exact: true });
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluateAll((found) => found.includes(document.activeElement as HTMLElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No way to ${role} "${name}" by Tab`);
}

test('who can message me: chosen, held to at once by the server, and kept', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  await openChoice(anna);
  await expect(choice(anna.page, 'Everyone')).toBeChecked();
  await choice(anna.page, 'Friends').check();
  await expect(anna.page.getByText('Your server refuses everybody else')).toBeVisible();
  await atBert.write('not now');
  await atBert.expectState('not now', /Not sent/);
  await choice(anna.page, 'Everyone').check();
  await expect(anna.page.getByText('Your server refuses everybody else')).toBeHidden();
  await bert.page.getByRole('button', { name: 'Try again', exact: true }).click();
  await atBert.expectState('not now', /Sent|Delivered/);
  await choice(anna.page, 'No one').check();
  await anna.page.reload();
  await openChoice(anna);
  await expect(choice(anna.page, 'No one')).toBeChecked();
});

test('a choice never blocks the interface', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria', displayName: 'Maria' });
  await openChoice(app);
  await expect(app.page.getByText('once you are connected')).toBeHidden();
  const took = await app.page.evaluate(async () => {
    const radios = [...document.querySelectorAll<HTMLInputElement>('[role=radiogroup] input')];
    const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    const times: number[] = [];
    for (let at = 0; at < 30; at += 1) {
      const before = performance.now();
      radios[at % radios.length]?.click();
      // What the page does before it can do anything else, its rendering by Vue included; the answer comes later.
      for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
      times.push(performance.now() - before);
      await painted();
    }
    return times.sort((a, b) => a - b);
  });
  // Of thirty, three may meet something else that the machine does.
  expect(took[26], took.map(Math.round).join(' ')).toBeLessThan(100);
  await expect(choice(app.page, 'No one')).toBeChecked();
});

test('by the keyboard alone: a choice, a block, and its end', async ({ open }) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const { page } = anna;
  await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  await tabTo(page, 'button', 'Conversation options');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Block', exact: true })).toBeVisible();
  for (let presses = 0; presses < 12; presses += 1) {
    const focused = await page.evaluate(() => document.activeElement?.textContent.trim());
    if (focused === 'Block') break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByText('You blocked Bert.')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeHidden();

  await tabTo(page, 'link', 'Profile');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'More options');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Settings and privacy', exact: true })).toBeVisible();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', 'Privacy');
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', 'Direct messages');
  await page.keyboard.press('Enter');
  await tabTo(page, 'radio', 'Everyone');
  await page.keyboard.press('ArrowDown');
  await expect(choice(page, 'Friends')).toBeChecked();
  await page.keyboard.press('ArrowUp');
  await expect(choice(page, 'Everyone')).toBeChecked();
  await tabTo(page, 'button', 'Back to privacy');
  await page.keyboard.press('Enter');
  await tabTo(page, 'link', 'Blocked');
  await page.keyboard.press('Enter');
  await tabTo(page, 'button', 'Unblock Bert');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nobody is blocked')).toBeVisible();
});

test('a block is undone where it was made, and what was written before can still be read', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  const { page } = anna;
  const block = async () => {
    await page.getByRole('button', { name: 'Conversation options', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Block', exact: true }).click();
    await expect(page.getByText('You blocked Bert.')).toBeVisible();
  };
  await block();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(atAnna.box).toBeVisible();
  await block();
  await expect(atAnna.message('Hello Anna')).toBeVisible();
  await atBert.write('do you read this?');
  await atBert.expectState('do you read this?', /Not sent/);
  await expect(atAnna.message('do you read this?')).toHaveCount(0);
  await page.getByRole('button', { name: 'Unblock', exact: true }).click();
  await expect(atAnna.box).toBeVisible();
});
