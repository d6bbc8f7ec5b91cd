import { fixture } from '../support/photos.ts';
import { acceptInvitation, createGroup } from './pages/group.ts';
import { expect, test } from './test.ts';

test('somebody is named behind an @, hears of it in a muted group, and sees themselves marked', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert Beer' });
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });
  await cleo.close();
  const atAnna = await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  const atBert = await acceptInvitation(bert, 'Photo club');

  // Only what names me is announced.
  await bert.page.getByRole('button', { name: 'Conversation options', exact: true }).click();
  await bert.page.getByRole('menuitem', { name: 'Notifications', exact: true }).click();
  const ways = bert.page.getByRole('dialog', { name: 'Notifications of Photo club', exact: true });
  await ways.getByRole('radio', { name: 'Mentions', exact: true }).check();
  await ways.getByRole('button', { name: 'Close', exact: true }).last().click();
  await bert.openConversation('Notes to self');
  const announced = async () =>
    (await bert.driver.notifications()).map(({ body }) => body).filter((body) => !body.startsWith('Hi, and'));

  const offers = anna.page.getByRole('listbox', { name: 'People for what you typed', exact: true });
  await atAnna.box.pressSequentially('Look, @');
  await expect(offers.getByRole('option')).toHaveText([/Bert Beer/, /Cleo/]);
  await atAnna.box.press('ArrowDown');
  await expect(offers.getByRole('option', { name: 'Cleo', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await atAnna.box.press('Escape');
  await expect(offers).toBeHidden();
  await atAnna.box.fill('');
  await atAnna.box.pressSequentially('Nothing for you');
  await atAnna.box.press('Enter');
  await atAnna.box.pressSequentially('Look, @be');
  await expect(offers.getByRole('option')).toHaveCount(1);
  await atAnna.box.press('Enter');
  await expect(atAnna.box).toHaveValue('Look, @Bert Beer ');
  await atAnna.box.pressSequentially('at this');
  await atAnna.box.press('Enter');

  await expect.poll(announced).toEqual(['Look, @Bert Beer at this']);
  await expect(bert.row('Photo club').getByRole('img', { name: 'You are named', exact: true })).toBeVisible();
  await bert.openConversation('Photo club');
  await expect(
    atBert.message('Look, @Bert Beer at this').getByText('@Bert Beer', { exact: true }),
  ).toBeVisible();
  await expect(atAnna.message('Look,').getByText('@Bert Beer', { exact: true })).toBeVisible();
});

test('a group is made with a picture, and somebody comes in by its link', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  await bert.close();
  const { page } = anna;
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });

  await page.getByRole('button', { name: 'New chat', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'New chat', exact: true });
  const find = dialog.getByRole('searchbox', { name: 'Find people', exact: true });
  const people = dialog.getByRole('listbox', { name: 'People', exact: true });
  // By keyboard alone.
  for (const person of ['Bert', 'Cleo']) {
    await find.fill(person);
    await expect(people.getByRole('option')).toHaveText(new RegExp(person));
    await find.press('Enter');
  }
  await expect(dialog.getByRole('list', { name: 'Chosen people', exact: true })).toContainText('Bert');
  const chooser = page.waitForEvent('filechooser');
  await dialog.getByRole('button', { name: 'Choose a picture', exact: true }).press('Enter');
  await (await chooser).setFiles(fixture('display-p3.jpg'));
  const crop = page.getByRole('dialog', { name: 'Group picture', exact: true });
  await crop.getByRole('button', { name: 'Use picture', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Group name', exact: true }).fill('Photo club');
  await dialog.getByRole('textbox', { name: 'Group name', exact: true }).press('Enter');
  await anna.conversation('Photo club');
  await expect(anna.row('Photo club').locator('img')).toBeVisible();

  await page.getByRole('button', { name: 'Conversation options', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Group details', exact: true }).click();
  const details = page.getByRole('dialog', { name: 'Group details', exact: true });
  const link = /xmpp:\S+\?join/.exec((await details.textContent()) ?? '')?.[0] ?? '';
  expect(link).not.toBe('');

  await cleo.page.getByRole('button', { name: 'New chat', exact: true }).click();
  await cleo.page.getByRole('button', { name: 'Join by link', exact: true }).click();
  const join = cleo.page.getByRole('dialog', { name: 'Join by link', exact: true });
  const box = join.getByRole('textbox', { name: 'Link or address of the group', exact: true });
  await box.fill('xmpp:nobody@nowhere?message');
  await box.press('Enter');
  await expect(join.getByRole('alert')).toHaveText(/no link to a group/);
  await box.fill(link);
  await box.press('Enter');
  await cleo.conversation('Photo club');
  await page.keyboard.press('Escape');
  const atCleo = await cleo.conversation('Photo club');
  await atCleo.write('Here I am');
  await expect((await anna.conversation('Photo club')).message('Here I am')).toBeVisible();
});
