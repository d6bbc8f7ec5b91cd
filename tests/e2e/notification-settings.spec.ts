import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('how much a notification tells, quiet hours, and none at all', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  const { page } = bert;
  const last = async () => (await bert.driver.notifications()).at(-1);
  const radio = (name: string) => page.getByRole('radio', { name, exact: true });
  const toggle = (name: string) => page.getByRole('switch', { name, exact: true });
  /** Delivered: what would have been shown for it has been decided. */
  const tell = async (text: string) => {
    await atAnna.write(text);
    await atAnna.expectState(text, /Delivered/);
  };

  await bert.openSettings('Notifications');
  await tell('in full');
  await expect.poll(last).toMatchObject({ title: 'Anna', body: 'in full' });
  await radio('Name only').check();
  await tell('not told');
  await expect.poll(last).toMatchObject({ title: 'Anna', body: 'New message' });
  await radio('Nothing, only that there is a message').check();
  await tell('not told either');
  await expect.poll(last).toMatchObject({ title: 'Postcard', body: 'New message' });

  const before = (await bert.driver.notifications()).length;
  await toggle('Quiet hours').check();
  // The whole of every day, by keyboard.
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
    for (const end of ['from', 'until'])
      await page.getByLabel(`${day}, ${end}`, { exact: true }).fill('00:00');
  }
  await expect(page.getByText('all day', { exact: true })).toHaveCount(7);
  await tell('at a quiet time');
  await toggle('Quiet hours').uncheck();
  await toggle('Direct messages').uncheck();
  await tell('while they are off');
  expect(await bert.driver.notifications()).toHaveLength(before);
  await toggle('Direct messages').check();
  await tell('once more');
  await expect.poll(async () => (await bert.driver.notifications()).length).toBe(before + 1);

  await bert.goTo('Inbox');
  await expect(bert.row('Anna')).toContainText('6');
});
