import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createEvents } from '../events.ts';
import { openStore, personRow, type Store } from '../store/index.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import { createAccountSettings } from './account-settings.ts';
import { createChanges } from './changes.ts';
import { createConnection, type AccountConnection } from './connection.ts';
import { createFollows, type Follows } from './follows.ts';
import { createPeopleChanges } from './people-changes.ts';

const asks = `<presence xmlns="jabber:client" type="subscribe" from="anna@test.example" to="me@test.example"/>`;

let folder: string;
let store: Store;
let server: RawServer;
let connection: AccountConnection;
let follows: Follows;
let ready: Promise<void>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-follows-'));
  store = openStore({ file: join(folder, 'postcard.sqlite'), backupFolder: join(folder, 'backups') });
  const { db } = store;
  const events = createEvents();
  const log = () => undefined;
  server = await new RawServer({
    // What a server had sent before it read the answer.
    answer: (xml, it) => {
      if (xml.includes('unsubscribed')) it.send(asks);
      return undefined;
    },
  }).listening();
  connection = createConnection({
    address: 'me@test.example',
    password: 'secret',
    target: { domain: 'test.example', endpoint: server.url },
    ...{ db, events, log },
  });
  const settings = createAccountSettings({ db, connection, events, log });
  await settings.handlers['accountSettings.set']({ privateProfile: true });
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const told = createPeopleChanges({ db, events, changes });
  const nothing = () => undefined;
  const parts = { db, connection, settings, told, log, ownAddress: 'me@test.example' };
  follows = createFollows({ ...parts, met: nothing, onFollow: nothing });
  ready = new Promise((resolve) => connection.listen({ onReady: () => resolve() }));
  connection.start();
});
afterEach(async () => {
  await connection.close({ resumable: false });
  await server.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const asked = () => personRow(store.db, 'anna@test.example')?.followRequest ?? false;
/** Once the server has answered, all that it had sent before has been handled. */
const settled = () => connection.online().settled();

it('a question that crosses its answer is not a new one; one that comes afterwards is', async () => {
  await ready;
  server.send(asks);
  await settled();
  expect(asked()).toBe(true);
  await follows.handlers['people.answerFollow']({ address: 'anna@test.example', accept: false });
  await settled();
  expect(asked()).toBe(false);
  server.send(asks);
  await settled();
  expect(asked()).toBe(true);
});
