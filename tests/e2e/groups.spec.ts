import { fixture } from '../support/photos.ts';
import { acceptInvitation, createGroup, Members } from './pages/group.ts';
import { Timeline } from './pages/timeline.ts';
import { expect, test } from './test.ts';

test('a group is made of several people, who join, write, send photos, react and find it after a restart', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  let bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });

  const atAnna = await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  await expect(anna.row('Photo club')).toBeVisible();
  let atBert = await acceptInvitation(bert, 'Photo club');
  const atCleo = await acceptInvitation(cleo, 'Photo club');

  await atAnna.write('Welcome, both of you');
  await expect(atBert.message('Welcome, both of you')).toBeVisible();
  await expect(atCleo.message('Welcome, both of you')).toContainText('Anna');

  // Pinned by who may, for all of them; for who may not there is nothing to press.
  const pins = new Timeline(cleo.page).pins;
  await atAnna.chooseAction('Welcome, both of you', 'Pin for everyone');
  await expect(pins).toContainText('Pinned for everyone');
  await expect(pins).toContainText('Welcome, both of you');
  await expect(pins.getByRole('button', { name: 'Unpin for everyone', exact: true })).toHaveCount(0);
  await new Timeline(anna.page).pins.getByRole('button', { name: 'Unpin for everyone', exact: true }).click();
  await expect(pins).toBeHidden();

  await (await atBert.attach(fixture('display-p3.jpg'))).sendWith('From the bridge');
  await expect(atCleo.photo('From the bridge')).toBeVisible();
  await expect(atAnna.photo('From the bridge')).toBeVisible();
  await atCleo.write('Where is that?');
  await expect(atAnna.message('Where is that?')).toContainText('Cleo');

  const members = await new Members(anna.page).open();
  await expect(members.member('Anna (you)')).toContainText('Owner');
  await expect(members.member('Bert')).toBeVisible();
  await expect(members.member('Cleo')).toBeVisible();
  await members.close();

  await bert.close();
  await atCleo.write('Are you still there?');
  bert = await open({ profile: 'bert' });
  await expect(bert.row('Photo club')).toContainText('1');
  atBert = await bert.openConversation('Photo club');
  await expect(atBert.message('Are you still there?')).toHaveCount(1);
  await atBert.write('Back again');
  await expect(atAnna.message('Back again')).toHaveCount(1);
});

test('a member is muted, made moderator and removed; who was removed reads nothing more', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });
  const atAnna = await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  const atBert = await acceptInvitation(bert, 'Photo club');
  await acceptInvitation(cleo, 'Photo club');

  const members = await new Members(anna.page).open();
  await members.choose('Bert', 'Mute');
  await members.confirm('Mute');
  await expect(members.member('Bert')).toContainText('Muted');
  await expect(bert.page.getByText(/A moderator muted you/)).toBeVisible();
  await expect(atBert.box).toHaveCount(0);
  await members.choose('Bert', 'Unmute');
  await expect(atBert.box).toBeVisible();
  await members.choose('Bert', 'Make moderator');
  await expect(members.member('Bert')).toContainText('Moderator');
  await members.close();

  // What a member wrote is deleted for everyone, and says so.
  const atCleo = await cleo.conversation('Photo club');
  await atCleo.write('Buy my prints');
  await expect(atBert.message('Buy my prints')).toBeVisible();
  await atAnna.chooseAction('Buy my prints', 'Delete for everyone');
  await members.confirm('Delete for everyone');
  await expect(atBert.message('Deleted by a moderator')).toBeVisible();
  await expect(atBert.message('Buy my prints')).toHaveCount(0);

  await members.open();
  await members.choose('Cleo', 'Remove');
  await members.confirm('Remove');
  await expect(members.member('Cleo')).toHaveCount(0);
  await members.close();

  await expect(cleo.page.getByText(/You were removed from this group/).first()).toBeVisible();
  await atAnna.write('Only for us');
  await expect(atBert.message('Only for us')).toBeVisible();
  await expect(cleo.page.getByRole('article').filter({ hasText: 'Only for us' })).toHaveCount(0);
});

test('guidelines are accepted before the first message; an owner leaves to a successor', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  await bert.page.getByRole('link', { name: 'Inbox', exact: true }).click();
  const cleo = await open({ profile: 'cleo' });
  await cleo.createAccount({ username: 'cleo', displayName: 'Cleo' });
  await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  const details = async () => {
    await anna.page.getByRole('button', { name: 'Conversation options', exact: true }).click();
    await anna.page.getByRole('menuitem', { name: 'Group details', exact: true }).click();
    return anna.page.getByRole('dialog', { name: 'Group details', exact: true });
  };
  const dialog = await details();
  await dialog.getByRole('tab', { name: 'Rules', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Guidelines', exact: true }).fill('Be kind.');
  await dialog.getByRole('textbox', { name: 'Words that wait for a moderator', exact: true }).fill('casino');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(anna.page.getByText('The group was changed')).toBeVisible();
  await anna.page.keyboard.press('Escape');

  const atBert = await acceptInvitation(bert, 'Photo club');
  await bert.page.getByRole('button', { name: 'Read the guidelines', exact: true }).click();
  const guidelines = bert.page.getByRole('dialog', { name: 'Guidelines', exact: true });
  await expect(guidelines).toContainText('Be kind.');
  await guidelines.getByRole('button', { name: 'Accept', exact: true }).click();
  await atBert.write('I will');
  await atBert.write('My casino');
  await expect(atBert.message('My casino')).toContainText('A moderator looks at it');
  await atBert.message('My casino').getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect(atBert.message('My casino')).toHaveCount(0);

  const again = await details();
  await again.getByRole('button', { name: 'Leave group', exact: true }).click();
  const leaving = anna.page.getByRole('dialog', { name: 'Leave Photo club?', exact: true });
  await leaving.getByRole('combobox').selectOption({ label: 'Bert' });
  await leaving.getByRole('button', { name: 'Leave group', exact: true }).click();
  await expect(anna.page.getByText('You left this group').first()).toBeVisible();
  const members = await new Members(bert.page).open();
  await expect(members.member('Bert (you)')).toContainText('Owner');
  await expect(members.member('Anna')).toHaveCount(0);
});
