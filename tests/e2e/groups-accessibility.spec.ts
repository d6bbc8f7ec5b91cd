import { findings } from './pages/findings.ts';
import { acceptInvitation, createGroup, Members } from './pages/group.ts';
import { expect, test } from './test.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a group’s screens have no serious finding, and can be gone through by keyboard: ${colorScheme}`, async ({
    open,
  }) => {
    const anna = await open({ profile: 'anna' });
    const { page } = anna;
    await page.emulateMedia({ colorScheme });
    await anna.createAccount({ username: 'anna', displayName: 'Anna' });
    const bert = await open({ profile: 'bert' });
    await bert.createAccount({ username: 'bert', displayName: 'Bert' });
    const cleo = await open({ profile: 'cleo' });
    await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });
    const clean = async (what: string) => expect(await findings(page), what).toEqual([]);
    const dialog = (name: string) => page.getByRole('dialog', { name, exact: true });
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const tabTo = async (role: 'button' | 'tab' | 'switch' | 'textbox' | 'combobox', name: string) => {
      const wanted = page.getByRole(role, { name, exact: true });
      for (let presses = 0; presses < 60; presses += 1) {
        if (await wanted.evaluate((element) => element === document.activeElement).catch(() => false)) return;
        await press('Tab');
      }
      throw new Error(`no Tab leads to the ${role} ${name}`);
    };

    const conversation = await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
    await acceptInvitation(bert, 'Photo club');
    const atCleo = await acceptInvitation(cleo, 'Photo club');
    await conversation.write('Hello, all of you');
    await clean('the conversation');

    // Conversation options → Group details → each of its tabs, by keyboard alone.
    await page.getByRole('button', { name: 'Conversation options', exact: true }).focus();
    await press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Group details', exact: true })).toBeVisible();
    await clean('the menu');
    await page.getByRole('menuitem', { name: 'Group details', exact: true }).press('Enter');
    await expect(dialog('Group details')).toBeVisible();
    await tabTo('tab', 'About');
    await clean('About');
    await press('ArrowRight');
    await expect(page.getByRole('tab', { name: 'Rules', exact: true })).toBeFocused();
    await clean('Rules');
    await tabTo('textbox', 'Guidelines');
    await page.keyboard.type('Be kind, and name whose photo it is.');
    await tabTo('switch', 'Moderators approve first messages');
    await press('Space');
    await tabTo('button', 'Save');
    await press('Enter');
    await expect(page.getByText('The group was changed', { exact: true })).toBeVisible();
    await expect(cleo.page.getByText('Read the group’s guidelines before you write.')).toBeVisible();
    await cleo.page.emulateMedia({ colorScheme });
    expect(await findings(cleo.page), 'guidelines to be read').toEqual([]);
    await cleo.page.getByRole('button', { name: 'Read the guidelines', exact: true }).click();
    const guidelines = cleo.page.getByRole('dialog');
    await expect(guidelines).toContainText('name whose photo it is');
    expect(await findings(cleo.page), 'the guidelines').toEqual([]);
    await guidelines.getByRole('button', { name: 'Accept', exact: true }).press('Enter');
    await atCleo.write('May I show my kites?');

    await tabTo('tab', 'Rules');
    for (const [tab, shown] of [
      ['Waiting', 'May I show my kites?'],
      ['Log', 'changed the rules'],
      ['Activity', 'Anna'],
    ] as const) {
      await press('ArrowRight');
      await expect(page.getByRole('tab', { name: tab, exact: true })).toBeFocused();
      await expect(page.getByRole('tabpanel')).toContainText(shown);
      await clean(tab);
    }
    await press('Escape');
    await expect(dialog('Group details')).toBeHidden();

    const members = await new Members(page).open();
    await clean('Members');
    await members.member('Bert').getByRole('button', { name: 'Member options', exact: true }).focus();
    await press('Enter');
    await expect(page.getByRole('menuitem', { name: 'Ban', exact: true })).toBeVisible();
    await clean('what can be done with a member');
    await page.getByRole('menuitem', { name: 'Mute', exact: true }).press('Enter');
    await clean('Mute');
    await press('Escape');
    await expect(members.member('Bert')).toBeVisible();
    await members.close();
  });
}
