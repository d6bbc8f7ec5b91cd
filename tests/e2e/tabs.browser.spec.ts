import { Conversation } from './pages/conversation.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('two tabs of one profile show the same, whichever one is written in', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  const first = await app.openConversation('Notes to self');
  const other = await app.page.context().newPage();
  await other.goto(app.page.url());
  const second = new Conversation(other, 'Notes to self');
  await expect(second.box).toBeVisible();
  await first.write('from the first');
  await second.write('from the second');
  await expect(second.message('from the first')).toHaveCount(1);
  await expect(first.message('from the second')).toHaveCount(1);
  // Both at once: each once, in one order.
  await Promise.all([first.write('a'), second.write('b')]);
  await expect(first.messages).toHaveCount(4);
  await expect(second.messages).toHaveCount(4);
  expect(await second.messages.allInnerTexts()).toEqual(await first.messages.allInnerTexts());
  await other.close();
});

test('with its tab closed it goes on receiving, and a second start opens it again; SIGTERM ends it', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  await bert.driver.closeWindow();
  await atAnna.write('While your tab was closed');
  await atAnna.expectState('While your tab was closed', /Delivered/);

  expect(await bert.driver.startAgain()).toBe(0);
  await expect(bert.row('Anna')).toContainText('1');
  const atBert = await bert.openConversation('Anna');
  await expect(atBert.message('While your tab was closed')).toBeVisible();

  process.kill(bert.driver.pid, 'SIGTERM');
  expect(await bert.driver.ended).toBe(0);
});
