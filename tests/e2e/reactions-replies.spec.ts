import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('two people answer, react, pass on and select messages', async ({ open }) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [hers, his] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  await hers.write('Which lens was it?');
  await his.chooseAction('Which lens was it?', 'Reply');
  await expect(bert.page.getByRole('group', { name: 'Reply to Anna' })).toContainText('Which lens was it?');
  // It is kept with the draft.
  await his.box.fill('The old 50');
  await bert.openConversation('Notes to self');
  await expect(bert.page.getByRole('group', { name: 'Reply to Anna' })).toBeHidden();
  await bert.openConversation('Anna');
  await expect(bert.page.getByRole('group', { name: 'Reply to Anna' })).toBeVisible();
  await expect(his.box).toHaveValue('The old 50');
  await bert.page.getByRole('button', { name: 'Send', exact: true }).click();
  const answer = hers.message('The old 50');
  await expect(answer.getByRole('button', { name: /You.*Which lens was it\?/s })).toBeVisible();
  await expect(bert.page.getByRole('group', { name: 'Reply to Anna' })).toBeHidden();

  await hers.chooseAction('The old 50', 'React');
  await anna.page.getByRole('button', { name: 'React with 👍' }).click();
  await expect(answer.getByRole('button', { name: '👍 1, you' })).toHaveAttribute('aria-pressed', 'true');
  const chip = his.message('The old 50').getByRole('button', { name: '👍 1, Anna' });
  await expect(chip).toBeVisible();
  await chip.click();
  await expect(answer.getByRole('button', { name: '👍 2, you and Bert' })).toBeVisible();

  // Who they are of: from the menu, and by holding the chip, which changes nothing.
  const who = anna.page.getByRole('dialog', { name: 'Who reacted' });
  const people = who.getByRole('list', { name: '2 people with 👍' }).getByRole('listitem');
  await hers.chooseAction('The old 50', 'Emoji by person');
  await expect(people).toHaveText(['You', 'Bert']);
  await anna.page.keyboard.press('Escape');
  await expect(who).toBeHidden();
  await answer.getByRole('button', { name: '👍 2, you and Bert' }).hover();
  await anna.page.mouse.down();
  await expect(people).toHaveText(['You', 'Bert']);
  await anna.page.mouse.up();
  await anna.page.keyboard.press('Escape');
  await expect(who).toBeHidden();

  await answer.getByRole('button', { name: '👍 2, you and Bert' }).click();
  await expect(his.message('The old 50').getByRole('button', { name: '👍 1, you' })).toBeVisible();

  // By keyboard: E reacts to the message with the focus, R answers it, Space selects it.
  await answer.focus();
  await anna.page.keyboard.press('e');
  await anna.page.keyboard.press('ArrowRight');
  await anna.page.keyboard.press('Enter');
  await expect(answer.getByRole('button', { name: /, you$/ })).toBeVisible();
  await answer.focus();
  await anna.page.keyboard.press('r');
  await expect(anna.page.getByRole('group', { name: 'Reply to Bert' })).toBeVisible();
  await anna.page.getByRole('button', { name: 'Cancel reply' }).click();

  await hers.chooseAction('The old 50', 'Select');
  await hers
    .message('Which lens was it?')
    .first()
    .click({ modifiers: ['Shift'] });
  const bar = anna.page.getByRole('toolbar', { name: 'Selected messages' });
  await expect(bar).toContainText('2 messages selected');
  await bar.getByRole('button', { name: 'Forward', exact: true }).click();
  const dialog = anna.page.getByRole('dialog', { name: 'Forward 2 messages' });
  await dialog.getByRole('searchbox', { name: 'Find people' }).fill('Bert');
  await dialog.getByRole('option', { name: /Bert/ }).click();
  await dialog.getByRole('switch', { name: 'Show who wrote it' }).click();
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(bar).toBeHidden();
  await expect(his.message('Forwarded from Bert')).toContainText('The old 50');
  await expect(his.message('Forwarded from Anna')).toContainText('Which lens was it?');
});

test('a message that is held back is taken back, and goes when nobody does', async ({ open }) => {
  const app = await open();
  await app.createAccount({ username: 'maria' });
  await app.openSettings('Account');
  await app.page.getByRole('switch', { name: 'Undo send' }).click();
  await app.goTo('Inbox');
  const notes = await app.openConversation('Notes to self');
  await notes.write('Too early');
  await notes.expectState('Too early', /Sending/);
  await app.page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(notes.message('Too early')).toHaveCount(0);
  await expect(notes.box).toHaveValue('Too early');
  await notes.write('Late enough');
  await notes.expectState('Late enough', /Sent|Delivered|Read/);
});

test('a message that is held back when the app is killed can be taken back after its next start, or goes once', async ({
  open,
}) => {
  let app = await open();
  await app.createAccount({ username: 'maria' });
  await app.openSettings('Account');
  await app.page.getByRole('switch', { name: 'Undo send' }).click();
  await app.goTo('Inbox');
  const before = await app.openConversation('Notes to self');
  await before.write('Held back');
  await before.expectState('Held back', /Sending/);
  await expect(app.page.getByRole('button', { name: 'Undo', exact: true })).toBeVisible();
  await app.kill();
  app = await open();
  const again = app.page.getByText('Sending what you wrote before the app was closed…');
  await expect(again).toBeVisible();
  await app.page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(again).toBeHidden();
  const between = await app.openConversation('Notes to self');
  await expect(between.box).toHaveValue('Held back');
  await expect(between.message('Held back')).toHaveCount(0);
  await between.write('Held back');
  await between.expectState('Held back', /Sending/);
  await app.kill();
  app = await open();
  const after = await app.openConversation('Notes to self');
  await expect(after.message('Held back')).toHaveCount(1);
  await after.expectState('Held back', /Sent|Delivered|Read/);
  await after.write('The next one');
  await after.expectState('The next one', /Sent|Delivered|Read/);
  await expect(after.message('Held back')).toHaveCount(1);
});
