import { fixture } from '../support/photos.ts';
import { People } from './pages/people.ts';
import { expect, test } from './test.ts';

test('two people follow each other and become friends; it ends on both sides', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = [new People(anna), new People(bert)];

  await atAnna.follow('Bert');
  await expect(atAnna.button('Following')).toBeVisible();
  await atBert.open('Followers');
  await atBert.item('Anna').click();
  await expect(bert.page.getByText('Follows you', { exact: true })).toBeVisible();
  await atBert.button('Follow').click();
  await expect(atBert.button('Friends')).toBeVisible();
  await expect(atAnna.button('Friends')).toBeVisible();
  await atAnna.open('Friends');
  await expect(atAnna.item('Bert')).toBeVisible();

  // From the profile to the conversation; friends need no request.
  await atAnna.item('Bert').click();
  await atAnna.button('Message').click();
  const conversation = await anna.conversation('Bert');
  await conversation.write('Hello friend');
  await bert.goTo('Inbox');
  await expect(bert.row('Anna')).toContainText('Hello friend');

  await atBert.openProfile('Anna');
  await atBert.button('More options').click();
  await bert.page.getByRole('menuitem', { name: 'Remove follower', exact: true }).click();
  await expect(atBert.button('Following')).toBeVisible();
  await atBert.button('Following').click();
  await bert.page.getByRole('menuitem', { name: 'Unfollow', exact: true }).click();
  await expect(atBert.button('Follow')).toBeVisible();
  await atAnna.openProfile('Bert');
  await expect(atAnna.button('Follow')).toBeVisible();
});

test('a private profile asks; what people say of themselves is found and shown', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = [new People(anna), new People(bert)];

  await atBert.edit({
    bio: 'Birds & <b>boats</b>',
    interests: 'Lichen, kayaks',
    link: 'bert.example',
    isPrivate: true,
    picture: fixture('photo.webp'),
  });
  await expect(bert.page.getByText('Birds & <b>boats</b>', { exact: true })).toBeVisible();
  await expect(bert.page.getByText('Private profile', { exact: true })).toBeVisible();

  await atAnna.open();
  await expect(async () => {
    await atAnna.search.fill('');
    await atAnna.search.fill('kayak');
    await expect(atAnna.item('Bert')).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await atAnna.item('Bert').click();
  await expect(anna.page.getByText('Birds & <b>boats</b>', { exact: true })).toBeVisible();
  await expect(anna.page.getByRole('link', { name: 'bert.example', exact: true })).toBeVisible();
  await expect(anna.page.getByText('This profile is private: they decide who follows them.')).toBeVisible();
  await atAnna.button('Follow').click();
  await expect(atAnna.button('Requested')).toBeVisible();

  await atBert.open('Follow requests');
  await expect(atBert.item('Anna')).toBeVisible();
  await atBert.button('Accept Anna').click();
  await expect(atAnna.button('Following')).toBeVisible();
  await atBert.open('Followers');
  await expect(atBert.item('Anna')).toBeVisible();

  // What is written down stays with the one who wrote it.
  await anna.page.getByRole('textbox', { name: 'Note', exact: true }).fill('Met at the fair');
  await anna.page.getByRole('textbox', { name: 'Tags', exact: true }).fill('Client, Oslo');
  await anna.page.getByRole('textbox', { name: 'Tags', exact: true }).blur();
  await atAnna.open('Following');
  await expect(atAnna.item('Bert')).toContainText('Client, Oslo');
});

test('people and profiles by keyboard alone', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const { page } = anna;
  const people = new People(anna);
  const tabTo = async (name: string) => {
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('Tab');
      // After the last one nothing has the focus, until the first one has it again.
      const label = await page.evaluate(() => {
        const here = document.activeElement;
        return here?.getAttribute('aria-label') ?? here?.textContent ?? '';
      });
      if (label.trim() === name) return;
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await page.getByRole('link', { name: 'People', exact: true }).focus();
  await page.keyboard.press('Enter');
  await people.search.focus();
  await page.keyboard.type('helper');
  await expect(people.item('Postcard helper')).toBeVisible();
  await expect(async () => {
    await people.search.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(people.item('Postcard helper').getByRole('link')).toBeFocused({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Postcard helper', exact: true })).toBeVisible();
  await tabTo('Follow');
  await page.keyboard.press('Enter');
  await expect(people.button('Requested').or(people.button('Following'))).toBeVisible();

  await page.getByRole('link', { name: 'Profile', exact: true }).focus();
  await page.keyboard.press('Enter');
  await tabTo('Edit profile');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Display name', exact: true }).fill('Anna B');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Anna B', exact: true })).toBeVisible();
});
