import { afterEach, expect, it } from 'vitest';
import { createClient } from 'stanza';
import { testHub } from './testing/test-hub.ts';
import type { Agent } from 'stanza';

const hub = testHub();
const clients: Agent[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

/** The client library the app uses, registering on its way in. */
async function connect(user: string): Promise<Agent> {
  const client = createClient({
    jid: `${user}@localhost`,
    password: `secret of ${user}`,
    autoReconnect: false,
    transports: { websocket: hub.url, bosh: false },
  });
  clients.push(client);
  client.registerFeature('inbandRegistration', 50, (_features, done) => {
    const account = { username: user, password: `secret of ${user}` };
    void client.sendIQ({ type: 'set', to: 'localhost', account }).then(() => done());
  });
  const managed = new Promise<void>((resolve) =>
    client.on('sm', (sm) => {
      if (sm.type === 'enabled') setTimeout(resolve);
    }),
  );
  client.connect();
  await managed;
  await client.getRoster();
  await client.enableCarbons();
  client.sendPresence();
  await client.ping('localhost');
  return client;
}

it('serves the library: login, roster, message, archive, vCard, search, blocking, avatar', async () => {
  const [anna, bert] = [await connect('anna'), await connect('bert')];
  const got = new Promise<{ body?: string; from?: string }>((resolve) => bert.on('chat', resolve));
  await anna.publishVCard({ fullName: 'Anna Example' });
  const id = anna.sendMessage({ to: 'bert@localhost', body: 'hello', type: 'chat' });
  expect((await got).body).toBe('hello');
  await new Promise<void>((resolve) => {
    anna.on('message:acked', (message) => {
      if (message.id === id) resolve();
    });
    anna.sm.request();
  });
  const history = await bert.searchHistory({ with: 'anna@localhost' });
  expect(history.results?.map((r) => r.item.message?.body)).toEqual(['hello']);
  expect((await bert.getVCard('anna@localhost')).fullName).toBe('Anna Example');
  await bert.block('anna@localhost');
  expect((await bert.getBlocked()).jids).toEqual(['anna@localhost']);
  const services = await anna.getDiscoItems('localhost');
  expect(services.items.map((item) => item.jid)).toContain('upload.localhost');
  const upload = await anna.getUploadSlot('upload.localhost', {
    name: 'a.png',
    size: 10,
    mediaType: 'image/png',
  });
  expect(upload.upload.url).toContain('/upload/');
});

it('shows a subscription on both sides', async () => {
  const [anna, bert] = [await connect('anna'), await connect('bert')];
  const asked = new Promise<void>((resolve) => bert.on('subscribe', () => resolve()));
  anna.subscribe('bert@localhost');
  await asked;
  const accepted = new Promise<void>((resolve) =>
    anna.on('roster:update', (iq) => {
      if (iq.roster.items?.[0]?.subscription === 'to') resolve();
    }),
  );
  bert.acceptSubscription('anna@localhost');
  await accepted;
  expect((await bert.getRoster()).items.map((item) => item.subscription)).toEqual(['from']);
});
