import { acceptInvitation, createGroup } from './pages/group.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('a gentle word before what hurts, a fourth message and a first link; it can be switched off', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const chat = await anna.newChat('Bert');
  const hint = (text: RegExp) => anna.page.getByText(text);

  await chat.box.fill('See https://example.org');
  await expect(hint(/A link in the very first message/)).toBeVisible();
  await chat.box.press('Enter');
  await expect(chat.messages).toHaveCount(1);
  for (const text of ['two', 'three']) await chat.write(text);
  await chat.box.fill('four');
  await expect(hint(/They have not answered yet/)).toBeVisible();
  await chat.box.press('Enter');
  await expect(chat.messages).toHaveCount(4);

  await chat.box.fill('you idiot');
  await chat.box.press('Enter');
  await expect(hint(/can hurt/)).toBeVisible();
  await expect(chat.box).toHaveValue('you idiot');
  await expect(chat.messages).toHaveCount(4);
  await chat.box.press('Enter');
  await expect(chat.messages).toHaveCount(5);

  await anna.openSettings('Privacy');
  await anna.page.getByRole('switch', { name: 'Hints before sending', exact: true }).uncheck();
  await anna.goTo('Inbox');
  const again = await anna.openConversation('Bert');
  await again.box.fill('you idiot, again');
  await again.box.press('Enter');
  await expect(again.messages).toHaveCount(6);
});

test('read and typing status where both turned them on', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  for (const app of [anna, bert]) {
    await app.openSettings('Privacy');
    for (const name of ['Read status', 'Typing status'])
      await app.page.getByRole('switch', { name, exact: true }).check();
    await app.goTo('Inbox');
  }
  const [atAnna, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  await atAnna.write('Have you seen it?');
  await atBert.page.bringToFront();
  await expect(atBert.message('Have you seen it?')).toBeVisible();
  await atAnna.expectState('Have you seen it?', /Read/);
  await atBert.box.pressSequentially('Yes');
  await expect(anna.page.getByText('writing…', { exact: true })).toBeVisible();
  await atBert.box.press('Enter');
  await expect(anna.page.getByText('writing…', { exact: true })).toBeHidden();
});

test('in a group, a message says who has seen it, of those who turned that on', async ({ open }) => {
  const people = [];
  for (const name of ['Anna', 'Bert', 'Cleo']) {
    const app = await open({ profile: name.toLowerCase() });
    await app.createAccount({ username: name.toLowerCase(), displayName: name });
    if (name !== 'Cleo') {
      await app.openSettings('Privacy');
      await app.page.getByRole('switch', { name: 'Read status', exact: true }).check();
      await app.goTo('Inbox');
    }
    people.push(app);
  }
  const [anna, bert, cleo] = people;
  if (!anna || !bert || !cleo) throw new Error('three people');
  const atAnna = await createGroup(anna, 'Photo club', ['Bert', 'Cleo']);
  const atBert = await acceptInvitation(bert, 'Photo club');
  const atCleo = await acceptInvitation(cleo, 'Photo club');
  await atAnna.write('Who is coming?');
  await expect(atCleo.message('Who is coming?')).toBeVisible();
  const details = anna.page.getByRole('dialog', { name: 'Message details', exact: true });
  await atAnna.chooseAction('Who is coming?', 'Details');
  await expect(details).toContainText('Reached the server');
  await expect(details).not.toContainText('Delivered');
  await anna.page.keyboard.press('Escape');

  await bert.page.bringToFront();
  await expect(atBert.message('Who is coming?')).toBeVisible();
  // Cleo reads it, too, and tells nobody.
  await cleo.page.bringToFront();
  await atCleo.write('Me');
  await expect(atAnna.message('Me')).toBeVisible();
  await atAnna.chooseAction('Who is coming?', 'Details');
  const seenBy = details.getByRole('definition').filter({ has: anna.page.getByRole('time') });
  await expect(seenBy).toHaveCount(1);
  await expect(seenBy).toContainText('Bert');
});
