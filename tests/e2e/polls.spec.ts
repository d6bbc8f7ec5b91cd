import { AxeBuilder } from '@axe-core/playwright';
import { acceptInvitation, createGroup } from './pages/group.ts';
import type { Postcard } from './pages/postcard.ts';
import { expect, test } from './test.ts';

/** Attach → this one of the menu; the dialog it opens. */
async function attach({ page }: Postcard, entry: string, dialog: string) {
  await page.getByRole('button', { name: 'Attach', exact: true }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
  return page.getByRole('dialog', { name: dialog, exact: true });
}
/** The message that asks this. */
const asking = ({ page }: Postcard, what: string) => page.getByRole('article').filter({ hasText: what });

/** What axe-core finds there. */
async function findings({ page }: Postcard, where: string): Promise<string[]> {
  // Motion fades things in: half-way colours are no finding.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished)));
  // Electron opens no second page for the results.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include(where).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function two(open: (o: { profile: string }) => Promise<Postcard>) {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  // A group has two others at least; this one does not come.
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });
  await cleo.close();
  await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  const atBert = await acceptInvitation(bert, 'Photo club');
  return { anna, bert, atBert };
}

test('a poll is made with the keyboard, voted in, changed, answered by a number, and closed', async ({
  open,
}) => {
  const { anna, bert, atBert } = await two(open);
  const dialog = await attach(anna, 'Poll', 'New poll');
  await dialog.getByRole('button', { name: 'Send poll', exact: true }).click();
  await expect(dialog.getByRole('alert')).toHaveText('Write a question and two different options.');
  await dialog.getByRole('textbox', { name: 'Question', exact: true }).fill('Lunch?');
  await dialog.getByRole('textbox', { name: 'Option 1', exact: true }).fill('Soup');
  await anna.page.keyboard.press('Enter');
  await anna.page.keyboard.type('Salad');
  await anna.page.keyboard.press('Enter');
  await anna.page.keyboard.type('Pie');
  expect(await findings(anna, 'dialog')).toEqual([]);
  await dialog.getByRole('button', { name: 'Send poll', exact: true }).click();
  await expect(dialog).toBeHidden();

  const [here, there] = [asking(anna, 'Lunch?'), asking(bert, 'Lunch?')];
  await expect(there.getByRole('radiogroup', { name: 'Lunch?' })).toBeVisible();
  await expect(there.getByRole('button', { name: 'Close poll', exact: true })).toHaveCount(0);
  await there.getByRole('radio', { name: 'Soup', exact: true }).check();
  await there.getByRole('button', { name: 'Vote', exact: true }).click();
  await expect(here.getByRole('radio', { name: 'Soup', exact: true })).toHaveAccessibleDescription(
    '1 vote, 100 %',
  );
  await expect(here).toContainText('Bert');
  await here.getByRole('radio', { name: 'Pie', exact: true }).check();
  await here.getByRole('button', { name: 'Vote', exact: true }).click();
  await expect(there.getByRole('radio', { name: 'Pie', exact: true })).toHaveAccessibleDescription(
    '1 vote, 50 %',
  );
  // As from an app that knows no polls.
  await atBert.write('2');
  await expect(here.getByRole('radio', { name: 'Salad', exact: true })).toHaveAccessibleDescription(
    '1 vote, 50 %',
  );
  await expect(there.getByRole('radio', { name: 'Salad', exact: true })).toBeChecked();
  expect(await findings(bert, 'article')).toEqual([]);
  await there.getByRole('button', { name: 'Take back my vote', exact: true }).click();
  await expect(here).toContainText('1 person voted');
  await here.getByRole('button', { name: 'Close poll', exact: true }).click();
  await expect(there).toContainText('Closed');
  await expect(there.getByRole('radio', { name: 'Soup', exact: true })).toBeDisabled();
});

test('an anonymous poll of several choices counts and names nobody; the inbox calls it a poll', async ({
  open,
}) => {
  const { anna, bert } = await two(open);
  const dialog = await attach(anna, 'Poll', 'New poll');
  await dialog.getByRole('textbox', { name: 'Question', exact: true }).fill('Where to?');
  await dialog.getByRole('textbox', { name: 'Option 1', exact: true }).fill('Lake');
  await dialog.getByRole('textbox', { name: 'Option 2', exact: true }).fill('Hills');
  await dialog.getByRole('switch', { name: 'Several choices', exact: true }).check();
  await dialog.getByRole('switch', { name: 'Anonymous', exact: true }).check();
  await dialog.getByRole('combobox', { name: 'Ends', exact: true }).selectOption('In an hour');
  await dialog.getByRole('button', { name: 'Send poll', exact: true }).click();
  await expect(bert.row('Photo club')).toContainText('Poll: Where to?');
  const [here, there] = [asking(anna, 'Where to?'), asking(bert, 'Where to?')];
  await expect(there).toContainText('Ends');
  await there.getByRole('checkbox', { name: 'Lake', exact: true }).check();
  await there.getByRole('checkbox', { name: 'Hills', exact: true }).check();
  await there.getByRole('button', { name: 'Vote', exact: true }).click();
  await expect(here).toContainText('1 person voted');
  await expect(there).toContainText('1 person voted');
  await expect(here.getByText('Bert', { exact: true })).toHaveCount(0);
});

test('questions are asked, voted up and marked as answered', async ({ open }) => {
  const { anna, bert } = await two(open);
  const dialog = await attach(anna, 'Question box', 'New question box');
  await dialog.getByRole('textbox', { name: 'What may people ask about?', exact: true }).fill('Our trip');
  await anna.page.keyboard.press('Enter');
  const [here, there] = [asking(anna, 'Our trip'), asking(bert, 'Our trip')];
  for (const question of ['When?', 'Who drives?']) {
    await there.getByRole('textbox', { name: 'Your question', exact: true }).fill(question);
    await bert.page.keyboard.press('Enter');
    await expect(here.getByRole('listitem').filter({ hasText: question })).toBeVisible();
  }
  await here.getByRole('button', { name: 'Vote for: Who drives?', exact: true }).click();
  await expect(there.getByRole('listitem').first()).toContainText('Who drives?');
  await expect(there.getByRole('checkbox')).toHaveCount(0);
  await here.getByRole('checkbox', { name: 'Mark as answered: Who drives?', exact: true }).check();
  await expect(there.getByRole('listitem').last()).toContainText('Answered');
  expect(await findings(anna, 'article')).toEqual([]);

  // One's own is taken back; a moderator takes out any, and says why.
  await expect(there.getByRole('button', { name: 'Remove question: When?', exact: true })).toBeVisible();
  await there.getByRole('button', { name: 'Remove question: Who drives?', exact: true }).press('Enter');
  const taken = bert.page.getByRole('dialog', { name: 'Remove this question for everyone?', exact: true });
  await taken.getByRole('button', { name: 'Remove question', exact: true }).click();
  await expect(here.getByRole('listitem')).toHaveText([/When\?/]);
  await here.getByRole('button', { name: 'Remove question: When?', exact: true }).click();
  const asked = anna.page.getByRole('dialog', { name: 'Remove this question for everyone?', exact: true });
  await asked.getByRole('textbox').fill('Asked before');
  await asked.getByRole('button', { name: 'Remove question', exact: true }).click();
  await expect(there.getByText('No questions yet.')).toBeVisible();
  await here.getByRole('button', { name: 'Close question box', exact: true }).click();
  await expect(there.getByRole('textbox', { name: 'Your question', exact: true })).toHaveCount(0);
});
