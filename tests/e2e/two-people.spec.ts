import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('two people on one hub meet, write, are told, and find all of it after a restart', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  let bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });

  const [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  // Unread count and notification while he looks at something else.
  await bert.openConversation('Notes to self');
  await atAnna.write('Are you there?');
  await atAnna.write('It is about the <b>cover</b> photo');
  await expect(bert.row('Anna')).toContainText('2');
  await expect
    .poll(async () => (await bert.driver.notifications()).filter(({ title }) => title === 'Anna').length)
    .toBeGreaterThan(0);
  const notes = await bert.driver.notifications();
  expect(notes.at(-1)?.body).toBe('It is about the <b>cover</b> photo');

  // Reading clears the count, and the divider says where the new ones begin.
  let atBert = await bert.openConversation('Anna');
  await expect(atBert.message('It is about the <b>cover</b> photo')).toBeVisible();
  await expect(atBert.log.getByText('New messages')).toBeVisible();
  await expect(bert.row('Anna')).not.toContainText('unread');
  await atBert.write('Yes');
  await expect(atAnna.message('Yes')).toBeVisible();
  await atAnna.expectState('Are you there?', /Delivered|Read/);

  // A draft survives switching and restarting.
  await atBert.box.fill('I was about to wri');
  await bert.openConversation('Notes to self');
  await expect(bert.row('Anna')).toContainText('I was about to wri');
  await bert.close();
  bert = await open({ profile: 'bert' });
  atBert = await bert.openConversation('Anna');
  await expect(atBert.box).toHaveValue('I was about to wri');
  await expect(atBert.messages).toHaveCount(5);
  await atBert.box.press('Enter');
  await expect(atAnna.message('I was about to wri')).toBeVisible();
});

test('Enter sends, Shift+Enter begins a line, and links can be clicked', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const notes = await app.openConversation('Notes to self');
  await notes.box.fill('first line');
  await notes.box.press('Shift+Enter');
  await notes.box.pressSequentially('second line https://example.org/path?a=1');
  await notes.box.press('Enter');
  await expect(notes.messages).toHaveCount(1);
  await expect(notes.message('first line')).toContainText('second line');
  await expect(notes.log.getByRole('link', { name: 'https://example.org/path?a=1' })).toBeVisible();
});
