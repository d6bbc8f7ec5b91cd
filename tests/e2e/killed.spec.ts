import { fixture } from '../support/photos.ts';
import { meet } from './pages/meet.ts';
import { expect, test } from './test.ts';

test('the instance that hosts the hub is killed: another takes over, nothing is lost or doubled', async ({
  open,
}) => {
  // The first one hosts the hub of this home.
  let anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  const bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });

  await anna.kill();
  const texts = ['while you were', 'away I wrote', 'three messages'];
  for (const text of texts) await atBert.write(text);
  const dialog = await atBert.attach(fixture('photo.webp'));
  await dialog.sendWith('and a photo');
  await expect(bert.status).toHaveText('Connected');
  for (const text of [...texts, 'and a photo']) await atBert.expectState(text, /Sent|Delivered/);

  anna = await open({ profile: 'anna' });
  const atAnna = await anna.openConversation('Bert');
  await expect(atAnna.photo('and a photo')).toBeVisible();
  for (const text of texts) await expect(atAnna.message(text)).toHaveCount(1);
  await expect(atAnna.messages).toHaveCount(6);
  await atAnna.write('all here');
  await expect(atBert.message('all here')).toBeVisible();
});

test('an app that is killed while it sends has sent all of it once after its next start', async ({
  open,
}) => {
  const anna = await open({ profile: 'anna' });
  await anna.createAccount({ username: 'anna', displayName: 'Anna' });
  let bert = await open({ profile: 'bert' });
  await bert.createAccount({ username: 'bert', displayName: 'Bert' });
  const [atAnna, atBert] = await meet({ app: anna, name: 'Anna' }, { app: bert, name: 'Bert' });
  for (let number = 1; number <= 10; number += 1) await atBert.write(`message ${number}.`);
  await bert.kill();
  bert = await open({ profile: 'bert' });
  const again = await bert.openConversation('Anna');
  await expect(again.messages).toHaveCount(12);
  for (let number = 1; number <= 10; number += 1) {
    await expect(atAnna.message(`message ${number}.`)).toHaveCount(1);
  }
  await expect(atAnna.messages).toHaveCount(12);
});
