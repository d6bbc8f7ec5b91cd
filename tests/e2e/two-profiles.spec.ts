import { expect, test } from './test.ts';

test('two profiles in one browser stay apart', async ({ open, host, playwright, launchOptions }) => {
  // In Electron each profile is a program of its own; in the browser host they share one cookie jar.
  const browser = host === 'browser' ? await playwright.chromium.launch(launchOptions) : null;
  const shared = browser === null ? {} : { context: await browser.newContext() };
  const anna = await open({ ...shared, profile: 'anna' });
  const bert = await open({ ...shared, profile: 'bert' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  await anna.page.reload();
  await bert.page.reload();
  await anna.goTo('Profile');
  await bert.goTo('Profile');
  await expect(anna.page.getByText('anna@').first()).toBeVisible();
  await expect(bert.page.getByText('bert@').first()).toBeVisible();
  await anna.close();
  await bert.page.reload();
  await expect(bert.conversations.or(bert.page.getByText('bert@')).first()).toBeVisible();
  await bert.close();
  await browser?.close();
});
