import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createEvents } from '../events.ts';
import { openMedia } from '../media/index.ts';
import { markPending, upsertPerson } from '../store/index.ts';
import { direct, newStore, temporaryFolder } from '../store/testing/fixtures.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import { createChanges } from './changes.ts';
import { createConnection } from './connection.ts';
import { createPeopleChanges } from './people-changes.ts';
import { createProfileLookup } from './profile-lookup.ts';

const own = 'me@test.example';

async function account() {
  const db = newStore();
  const server = await new RawServer().listening();
  const media = await openMedia({ folder: join(temporaryFolder(), 'media') });
  const events = createEvents();
  const log = () => undefined;
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const target = { domain: 'test.example', endpoint: server.url };
  const connection = createConnection({ address: own, password: 'secret', target, db, events, log });
  const told = createPeopleChanges({ db, events, changes });
  const lookup = createProfileLookup({ db, ownAddress: own, media, connection, told, log });
  onTestFinished(async () => {
    lookup.close();
    changes.close();
    await connection.close({ resumable: false });
    await server.stop();
    await media.close();
  });
  connection.start();
  await vi.waitUntil(() => connection.isReady(), { timeout: 10_000 });
  return { db, server };
}

it('nobody who was not let in learns that I am there, whatever picture they announce', async () => {
  const { db, server } = await account();
  markPending(db, direct(db, 'stranger@evil.example'));
  upsertPerson(db, { address: 'friend@far.example', subscription: 'both', inRoster: true, accepted: true });
  direct(db, 'friend@far.example');
  const hash = 'a'.repeat(40);
  const presence = (from: string) =>
    `<presence xmlns='jabber:client' from='${from}/x' to='${own}/desk'><x xmlns='vcard-temp:x:update'><photo>${hash}</photo></x></presence>`;
  const event = (from: string) =>
    `<message xmlns='jabber:client' from='${from}' to='${own}/desk' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:xmpp:avatar:metadata'><item id='${hash}'><metadata xmlns='urn:xmpp:avatar:metadata'><info id='${hash}' bytes='9' type='image/png'/></metadata></item></items></event></message>`;
  for (const from of ['stranger@evil.example', 'nobody@evil.example']) {
    server.send(presence(from));
    server.send(event(from));
  }
  // What comes after it on the same stream: it has been looked at when this is.
  server.send(presence('friend@far.example'));
  const asked = (whom: string) => server.received.some((xml) => xml.startsWith('<iq') && xml.includes(whom));
  await vi.waitUntil(() => asked('friend@far.example'), { timeout: 10_000 });
  expect(asked('evil.example')).toBe(false);
});
