import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Connection } from '../../contract/accounts.ts';
import { createEvents, type Events } from '../events.ts';
import { openStore, type Store } from '../store/index.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import { createConnection, type AccountConnection } from './connection.ts';

let folder: string;
let store: Store;
let events: Events;
let servers: RawServer[];
let connection: AccountConnection;

const targetOf = (server: RawServer) => ({ domain: 'test.example', endpoint: server.url });

/** Resolves with the first state that fits. */
const state = (fits: (now: Connection) => boolean) =>
  new Promise<void>((resolve) => {
    const stop = events.listen((name, payload) => {
      if (name !== 'connection.changed' || !fits(payload as Connection)) return;
      stop();
      resolve();
    });
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-connection-'));
  store = openStore({ file: join(folder, 'postcard.sqlite'), backupFolder: join(folder, 'backups') });
  events = createEvents();
  servers = [];
  for (let count = 0; count < 3; count += 1) servers.push(await new RawServer().listening());
  connection = createConnection({
    address: 'me@test.example',
    password: 'secret',
    target: targetOf(servers[0]!), // three were made just above
    db: store.db,
    events,
    log: () => undefined,
  });
});
afterEach(async () => {
  await connection.close({ resumable: false });
  for (const server of servers) await server.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

it('has one session when the hub moves twice at once: the one at its last address', async () => {
  const [first, second, third] = servers as [RawServer, RawServer, RawServer];
  const up = state((now) => now.state === 'connected');
  connection.start();
  await up;
  connection.retarget(targetOf(second));
  connection.retarget(targetOf(third));
  await state((now) => now.state === 'connected');
  await first.left();
  await connection.online().roster();
  expect([first, second, third].map(({ connections }) => connections)).toEqual([1, 0, 1]);
});

it('stays closed when it is closed while it moves', async () => {
  const [first, second] = servers as [RawServer, RawServer];
  const up = state((now) => now.state === 'connected');
  connection.start();
  await up;
  connection.retarget(targetOf(second));
  await connection.close({ resumable: true });
  await first.left();
  await new Promise((resolve) => setImmediate(resolve));
  expect(connection.session()).toBeNull();
  expect(second.connections).toBe(0);
});
