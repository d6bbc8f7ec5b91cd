import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('signing out leaves nothing in view, and signing in brings it back', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria', displayName: 'Maria' });
  let notes = await app.openConversation('Notes to self');
  await notes.write('still mine');
  await notes.expectState('still mine', /Sent|Delivered/);
  await notes.box.fill('a draft');
  const signOut = async (andDelete: boolean) => {
    await app.openSettings('Account');
    await app.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    const dialog = app.page.getByRole('dialog', { name: /^Sign out of maria@/ });
    if (andDelete) await dialog.getByRole('checkbox', { name: /Also delete my messages/ }).check();
    await dialog.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(app.welcome).toBeVisible();
    await expect(app.page.getByText('still mine')).toHaveCount(0);
  };

  await signOut(false);
  await app.trySignIn({ username: 'maria', password: 'wrong' });
  await expect(app.page.getByText(/username or the password is not right/)).toBeVisible();
  await app.trySignIn({ username: 'maria' });
  await expect(app.status).toHaveText('Connected');
  notes = await app.openConversation('Notes to self');
  await expect(notes.message('still mine')).toHaveCount(1);
  await expect(notes.box).toHaveValue('a draft');

  // What was deleted from this computer comes back from the server; what was never there does not.
  await signOut(true);
  await app.trySignIn({ username: 'maria' });
  await expect(app.status).toHaveText('Connected');
  notes = await app.openConversation('Notes to self');
  await expect(notes.message('still mine')).toHaveCount(1);
  await expect(notes.box).toHaveValue('');
});

test('a notification that is clicked opens its conversation, and a muted one raises none', async ({
  open,
}) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  await bert.openConversation('Notes to self');
  await atAnna.write('Look here');
  const from = async () => (await bert.driver.notifications()).map(({ title }) => title);
  await expect.poll(from).toContain('Anna');
  await bert.driver.clickNotification((await from()).lastIndexOf('Anna'));
  const atBert = await bert.conversation('Anna');
  await expect(atBert.message('Look here')).toBeVisible();

  await bert.page.getByRole('button', { name: 'Conversation options', exact: true }).click();
  await bert.page.getByRole('menuitem', { name: /^Mute/ }).click();
  const dialog = bert.page.getByRole('dialog', { name: 'Mute Anna' });
  await dialog.getByRole('button', { name: 'Mute', exact: true }).click();
  await bert.openConversation('Notes to self');
  const before = (await from()).length;
  await atAnna.write('Not a sound');
  await expect(bert.row('Anna')).toContainText('Not a sound');
  expect(await from()).toHaveLength(before);
});
