import type { Locator } from '@playwright/test';
import { Picker } from './pages/picker.ts';
import { expect, test } from './test.ts';

/** The fonts that Chromium drew an element's text with; `isCustomFont`: one of ours. */
async function fontsOf(element: Locator): Promise<readonly { familyName: string; isCustomFont: boolean }[]> {
  const devtools = await element.page().context().newCDPSession(element.page());
  await devtools.send('DOM.enable');
  await devtools.send('CSS.enable');
  await element.evaluate((one) => one.setAttribute('data-asked', ''));
  const { root } = await devtools.send('DOM.getDocument');
  const { nodeId } = await devtools.send('DOM.querySelector', {
    nodeId: root.nodeId,
    selector: '[data-asked]',
  });
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId });
  await element.evaluate((one) => one.removeAttribute('data-asked'));
  await devtools.detach();
  return fonts;
}

test('emoji are chosen with the keyboard, remembered, completed and shown large', async ({ open }) => {
  const app = await open();
  const { page } = app;
  await app.createAccount({ username: 'maria', displayName: 'Maria' });
  const notes = await app.openConversation('Notes to self');
  const picker = new Picker(page);

  await notes.box.fill('Hello !');
  await notes.box.press('ArrowLeft');
  await picker.open();
  await picker.search.fill('party popper');
  await expect(picker.emoji('party popper')).toBeVisible();
  await page.keyboard.press('Shift+Enter');
  await expect(picker.root).toBeVisible();
  await picker.search.fill('red heart');
  await expect(picker.emoji('red heart')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(picker.root).toBeHidden();
  await expect(notes.box).toBeFocused();
  await expect(notes.box).toHaveValue('Hello 🎉❤️!');

  // The arrow keys walk the grid from the search on; what was used comes first.
  await picker.open();
  await page.keyboard.press('ArrowDown');
  await expect(picker.emoji('red heart').first()).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(picker.emoji('party popper').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Escape');
  await expect(picker.root).toBeHidden();
  await expect(picker.button).toBeFocused();

  // A skin tone for this once, and one for all.
  await notes.box.fill('');
  await picker.open();
  await picker.search.fill('waving hand');
  await page.keyboard.press('ArrowDown');
  await picker.emoji('waving hand').click({ button: 'right' });
  await page.getByRole('button', { name: 'waving hand: dark skin tone', exact: true }).click();
  await expect(notes.box).toHaveValue('👋🏿');
  await picker.open();
  await picker.root.getByRole('radio', { name: 'Light skin tone', exact: true }).click();
  await picker.search.fill('thumbs up');
  await picker.emoji('thumbs up').click();
  await expect(notes.box).toHaveValue('👋🏿👍🏻');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const sent = notes.message('👋🏿👍🏻').getByText('👋🏿👍🏻');
  const size = () => sent.evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
  await expect.poll(size).toBeGreaterThan(32);
  await sent.hover();
  await expect(sent).toHaveAttribute('title', /waving hand: dark skin tone.*thumbs up: light skin tone/);

  // One that the bundled font does not have: large, named, and drawn by a font of the system.
  await notes.write('🫩');
  const newer = notes.message('🫩').getByText('🫩');
  await newer.hover();
  await expect(newer).toHaveAttribute('title', 'face with bags under eyes');
  expect(await newer.evaluate((element) => parseFloat(getComputedStyle(element).fontSize))).toBeGreaterThan(
    32,
  );
  expect(await fontsOf(newer)).not.toContainEqual(expect.objectContaining({ isCustomFont: true }));
  expect(await fontsOf(sent)).toContainEqual(expect.objectContaining({ isCustomFont: true }));

  // Shortcodes, but no times and emoticons.
  await notes.box.pressSequentially('at 10:30 :) :tada');
  const offers = page.getByRole('listbox', { name: 'Emoji for what you typed', exact: true });
  await expect(offers.getByRole('option', { name: 'party popper', exact: true })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await page.keyboard.press('Enter');
  await expect(notes.box).toHaveValue('at 10:30 :) 🎉');
  await notes.box.pressSequentially(':heart:');
  await expect(notes.box).toHaveValue('at 10:30 :) 🎉❤️');
});
