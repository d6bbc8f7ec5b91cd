import { fixture } from '../support/photos.ts';
import { meet } from './pages/meet.ts';
import { Timeline } from './pages/timeline.ts';
import { expect, test } from './test.ts';

test('something is found in a conversation: by its text, its pins, its media, its details', async ({
  open,
}) => {
  const app = await open();
  const { page } = app;
  await app.createAccount({ username: 'maria', displayName: 'Maria' });
  const notes = await app.openConversation('Notes to self');
  const timeline = new Timeline(page);
  await notes.write('The first lighthouse');
  await notes.write('See https://example.org for more');
  await notes.write('Another Lighthouse');
  const photos = await notes.attach(fixture('photo.webp'));
  await photos.sendWith('at the harbour');
  await expect(notes.photo('at the harbour')).toBeVisible();

  await page.keyboard.press('ControlOrMeta+f');
  await expect(timeline.search).toBeFocused();
  await timeline.search.fill('lighthouse');
  await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('2 of 2', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Next match', exact: true }).click();
  await expect(page.getByText('1 of 2', { exact: true })).toBeVisible();
  const marks = () =>
    page.evaluate(() => [
      CSS.highlights.get('found')?.size ?? 0,
      CSS.highlights.get('found-here')?.size ?? 0,
    ]);
  await expect.poll(marks).toEqual([1, 1]);
  await timeline.search.fill('zebra');
  await expect(page.getByText('Nothing found', { exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(timeline.search).toBeHidden();
  await expect(notes.box).toBeFocused();

  await notes.chooseAction('The first lighthouse', 'Pin message');
  await notes.chooseAction('Another Lighthouse', 'Pin message');
  await expect(
    timeline.pins.getByRole('button', { name: 'Pinned message 2 of 2: Another Lighthouse' }),
  ).toBeVisible();
  await timeline.pins.getByRole('button', { name: /^Pinned message 2 of 2/ }).click();
  await expect(
    timeline.pins.getByRole('button', { name: 'Pinned message 1 of 2: The first lighthouse' }),
  ).toBeVisible();
  await timeline.pins.getByRole('button', { name: 'Unpin message', exact: true }).click();
  await expect(timeline.pins).toContainText('Another Lighthouse');
  await notes.chooseAction('Another Lighthouse', 'Unpin message');
  await expect(timeline.pins).toBeHidden();

  await notes.chooseAction('The first lighthouse', 'Details');
  const details = page.getByRole('dialog', { name: 'Message details', exact: true });
  await expect(details).toContainText('Reached the server');
  await page.keyboard.press('Escape');

  await timeline.openGallery();
  await expect(timeline.gallery.getByRole('button', { name: 'at the harbour', exact: true })).toBeVisible();
  await timeline.chooseTab('Links');
  await expect(
    timeline.gallery.getByRole('link', { name: 'https://example.org', exact: true }),
  ).toBeVisible();
  await timeline.chooseTab('Files');
  await expect(timeline.gallery.getByText('No files yet')).toBeVisible();
  await timeline.chooseTab('Photos');
  await timeline.gallery.getByRole('button', { name: 'at the harbour', exact: true }).click();
  await expect(page.getByRole('dialog', { name: 'Photo', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await timeline.gallery.getByRole('tab', { name: 'Photos', exact: true }).press('Escape');
  await expect(timeline.gallery).toBeHidden();
});

test('the way to the first new message and to the newest, with how many there are', async ({ open }) => {
  const maria = await open();
  await maria.createAccount({ username: 'maria', displayName: 'Maria' });
  const sven = await open({ profile: 'sven' });
  await sven.createAccount({ username: 'sven', displayName: 'Sven' });
  const [atMaria, atSven] = await meet({ app: maria, name: 'Maria' }, { app: sven, name: 'Sven' });
  for (let at = 1; at <= 12; at += 1) await atMaria.write(`old ${at}\n\n\n\n`);
  await expect(atSven.message('old 12')).toBeVisible();
  // Sven reads further up while more comes.
  await atSven.log.getByRole('article').first().focus();
  await sven.page.keyboard.press('Home');
  await expect(atSven.message('Hello Sven')).toBeInViewport();
  await atMaria.write('new one');
  await atMaria.write('new two');
  const newest = sven.page.getByRole('button', { name: 'Jump to the newest message', exact: true });
  const unread = sven.page.getByRole('button', { name: 'Jump to the first new message', exact: true });
  await expect(newest).toContainText('2 new messages');
  await expect(unread).toContainText('2 new messages');
  await unread.click();
  await expect(atSven.message('new one')).toBeInViewport();
  await expect(unread).toBeHidden();
});
