import { expect, test } from './test.ts';
import { fixture } from '../support/photos.ts';

test('a stranger waits in Requests without a sound, and is let in with all they sent', async ({ open }) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });

  const atAnna = await anna.newChat('Bert');
  await atAnna.write('Hello, look at https://example.org/offer');
  await atAnna.write('Are you there?');
  await (await atAnna.attach(fixture('display-p3.jpg'))).sendWith('My best one');
  await atAnna.expectState('Are you there?', /Sent/);

  const link = bert.page.getByRole('link', { name: 'Requests', exact: true });
  await expect(link).toHaveAccessibleDescription('1 request');
  await expect(bert.row('Anna')).toHaveCount(0);
  expect((await bert.driver.notifications()).filter(({ title }) => title === 'Anna')).toEqual([]);

  const request = await bert.openRequest('Anna');
  await expect(request.messages).toHaveCount(1);
  await expect(request.message('Hello, look at')).toBeVisible();
  await expect(request.log.getByRole('link')).toHaveCount(0);
  await expect(request.log.getByRole('img')).toHaveCount(0);
  await expect(bert.page.getByText('1 more message, 1 photo: shown when you accept')).toBeVisible();
  await expect(bert.page.getByText('Writing back accepts, too.')).toBeVisible();
  await expect(atAnna.message('Hello, look at')).not.toContainText(/Delivered|Read/);

  await bert.page.getByRole('button', { name: 'Accept', exact: true }).click();
  const atBert = await bert.conversation('Anna');
  await expect(atBert.message('Are you there?')).toBeVisible();
  await expect(atBert.photo('My best one')).toBeVisible();
  await expect(atBert.log.getByRole('link', { name: 'https://example.org/offer' })).toBeVisible();
  await expect(bert.row('Anna')).toBeVisible();
  await atAnna.expectState('Are you there?', /Delivered|Read/);
  await expect(link).not.toHaveAccessibleDescription(/request/);
});

test('a photo that comes first is covered until it is asked for', async ({ open }) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const atAnna = await anna.newChat('Bert');
  await (await atAnna.attach(fixture('display-p3.jpg'))).sendWith('For you');
  const request = await bert.openRequest('Anna');
  await expect(bert.page.getByText('1 photo: shown when you accept')).toBeVisible();
  await expect(request.log.getByRole('img')).toHaveCount(0);
  // Writing back lets them in.
  await request.write('Who are you?');
  const atBert = await bert.conversation('Anna');
  await expect(atBert.photo('For you')).toBeVisible();
  await expect(atAnna.message('Who are you?')).toBeVisible();
});

test('Delete can be undone, and Block takes a request away', async ({ open }) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const atAnna = await anna.newChat('Bert');
  await atAnna.write('Hello');
  await bert.openRequest('Anna');
  const button = (name: string) => bert.page.getByRole('button', { name, exact: true });
  const list = bert.page.getByRole('list', { name: 'Requests', exact: true });
  await button('Delete').click();
  await expect(list).toHaveCount(0);
  await expect(bert.page.getByText('No requests')).toBeVisible();
  await button('Undo').click();
  await expect(list.getByRole('link', { name: 'Anna', exact: true })).toBeVisible();
  await button('Block').click();
  await expect(list).toHaveCount(0);
  await atAnna.write('And now?');
  await atAnna.expectState('And now?', /Not sent/);
});

test('everything about a request by keyboard alone', async ({ open }) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  await (await anna.newChat('Bert')).write('Hello Bert');
  const { page } = bert;
  const link = page.getByRole('link', { name: 'Requests', exact: true });
  await expect(link).toHaveAccessibleDescription('1 request');
  const tabTo = async (target: typeof link) => {
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error('Tab does not lead there');
  };
  await tabTo(link);
  await page.keyboard.press('Enter');
  await tabTo(page.getByRole('list', { name: 'Requests', exact: true }).getByRole('link', { name: 'Anna' }));
  await page.keyboard.press('Enter');
  await tabTo(page.getByRole('button', { name: 'Accept', exact: true }));
  await page.keyboard.press('Enter');
  const box = page.getByRole('textbox', { name: 'Message', exact: true });
  await expect(box).toBeFocused();
  await page.keyboard.type('Hello Anna');
  await page.keyboard.press('Enter');
  await expect(bert.row('Anna')).toContainText('Hello Anna');
});

test('in a small window words about what was done cover no button, and an answer goes on in the inbox', async ({
  open,
}) => {
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  for (const [username, displayName] of [
    ['anna', 'Anna'],
    ['carl', 'Carl'],
  ] as const) {
    const one = await open({ profile: username });
    await one.createAccount({ username, displayName });
    await (await one.newChat('Bert')).write(`Hello from ${displayName}`);
  }
  const { page } = bert;
  await page.setViewportSize({ width: 900, height: 600 });
  await expect(page.getByRole('link', { name: 'Requests', exact: true })).toHaveAccessibleDescription(
    '2 requests',
  );
  await bert.openRequest('Anna');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const undo = page.getByRole('button', { name: 'Undo', exact: true });
  await expect(undo).toBeVisible();
  await expect(page.getByText('Carl would like to write to you.')).toBeVisible();
  // What the middle of each control hits is the control.
  const covered = await page.locator('button:visible, textarea:visible, a:visible').evaluateAll((controls) =>
    controls
      .filter((control) => {
        const { x, y, width, height } = control.getBoundingClientRect();
        return !control.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 200)),
  );
  expect(covered).toEqual([]);

  const request = await bert.conversation('Carl');
  await request.write('Hello Carl');
  await expect(page).toHaveURL(/inbox/);
  await expect(bert.row('Carl')).toContainText('Hello Carl');
  await expect((await bert.conversation('Carl')).message('Hello from Carl')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Message', exact: true })).toBeFocused();
});
