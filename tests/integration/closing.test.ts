import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { password, Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
import { RogueServer } from '../support/rogue-server.ts';
import { until } from '../support/wait.ts';

// Errors that nobody catches fail the run by themselves: these cases make closing meet everything that is under way.

let server: RogueServer | null = null;
afterEach(async () => {
  await server?.stop();
});

const card = `<vCard xmlns='vcard-temp'><FN>Some Body</FN><PHOTO><TYPE>image/webp</TYPE><BINVAL>${readFileSync(
  fixture('photo.webp'),
).toString('base64')}</BINVAL></PHOTO></vCard>`;

async function signedIn(): Promise<Person> {
  const me = await Person.start();
  await me.call('accounts.signIn', {
    username: 'me@localhost',
    password,
    server: server?.url ?? '',
  });
  await me.connected();
  return me;
}

const fromStranger = (me: RogueServer, at: number) =>
  me.push(
    `<message xmlns='jabber:client' from='s${at}@localhost/x' to='${me.client}' type='chat' id='m${at}'>` +
      `<body>hello ${at}</body></message>`,
  );

it.each([0, 1, 3, 6, 10])(
  'closing while profiles of strangers are looked up (%i answers later)',
  async (late) => {
    let answers = 0;
    const rogue = await RogueServer.start(password, ({ payload, type, element }) => {
      if (payload !== 'vcard-temp' || type !== 'get' || element.attributes['to'] === undefined) return null;
      answers += 1;
      return card;
    });
    server = rogue;
    const me = await signedIn();
    for (let at = 0; at < 30; at += 1) fromStranger(rogue, at);
    await until(() => answers >= late, { what: 'the profiles' });
    await me.close();
    await me.open();
    expect((await me.call('app.state', {})).phase).toBe('ready');
    await me.call('accounts.signOut', { deleteMessages: true });
    expect((await me.call('app.state', {})).phase).toBe('welcome');
    await me.close();
  },
);

it('the avatar of somebody who changes it all the time is fetched one at a time', async () => {
  let open = 0;
  const rogue = await RogueServer.start(password, ({ payload, type, element }) => {
    if (payload !== 'vcard-temp' || type !== 'get' || element.attributes['to'] === undefined) return null;
    open += 1;
    return card;
  });
  server = rogue;
  const me = await signedIn();
  fromStranger(rogue, 1);
  await me.message('s1@localhost', (m) => m.text === 'hello 1');
  const before = open;
  for (let at = 0; at < 300; at += 1) {
    rogue.push(
      `<presence xmlns='jabber:client' from='s1@localhost/x' to='${rogue.client}'><x xmlns='vcard-temp:x:update'>` +
        `<photo>${at.toString(16).padStart(40, '0')}</photo></x></presence>`,
    );
  }
  fromStranger(rogue, 2);
  await me.message('s2@localhost', (m) => m.text === 'hello 2');
  expect(open - before).toBeLessThan(20);
  await me.close();
});
