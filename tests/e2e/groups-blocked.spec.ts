import { acceptInvitation, createGroup } from './pages/group.ts';
import { expect, test } from './test.ts';

test('somebody is blocked from what they wrote in a group: profile, More options, Block; and undone there', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });
  let atAnna = await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  const atBert = await acceptInvitation(bert, 'Photo club');
  const atCleo = await acceptInvitation(cleo, 'Photo club');
  await atBert.write('Cheap likes for all of you');
  await atCleo.write('Not again');
  await expect(atAnna.message('Not again')).toBeVisible();

  const { page } = anna;
  const profile = page.getByRole('heading', { name: 'Bert', exact: true });
  const option = async (name: string) => {
    await page.getByRole('button', { name: 'More options', exact: true }).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  // By the name over it, with a mouse; by its menu, with a keyboard.
  await atAnna.message('Cheap likes for all of you').getByText('Bert', { exact: true }).click();
  await expect(profile).toBeVisible();
  await page.goBack();
  await atAnna.chooseAction('Cheap likes for all of you', 'Show the profile of Bert');
  await expect(profile).toBeVisible();
  await option('Block');
  await expect(page.getByText('You blocked Bert.')).toBeVisible();

  // What they wrote, and what they write from now on, is folded; the others read it, and nobody hears of the block.
  await atBert.write('And cheaper ones tomorrow');
  await expect(atCleo.message('And cheaper ones tomorrow')).toBeVisible();
  await atBert.expectState('And cheaper ones tomorrow', /Sent|Delivered/);
  await anna.goTo('Inbox');
  atAnna = await anna.openConversation('Photo club');
  const folded = atAnna.log.getByText('Message from somebody you blocked');
  await expect(folded).toHaveCount(2);
  await expect(page.getByText('Cheap likes for all of you')).toHaveCount(0);
  await expect(page.getByText('And cheaper ones tomorrow')).toHaveCount(0);
  await expect(anna.row('Photo club')).not.toContainText('cheaper');
  await page.getByRole('button', { name: 'Show', exact: true }).last().click();
  await expect(atAnna.message('And cheaper ones tomorrow')).toBeVisible();

  await atAnna.chooseAction('And cheaper ones tomorrow', 'Show the profile of Bert');
  await option('Unblock');
  await anna.goTo('Inbox');
  await anna.openConversation('Photo club');
  await expect(atAnna.message('Cheap likes for all of you')).toBeVisible();
});
