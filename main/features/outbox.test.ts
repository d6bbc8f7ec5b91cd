import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEvents } from '../events.ts';
import {
  durably,
  ensureConversation,
  insertOutgoing,
  messageById,
  openStore,
  setNewestArchived,
  setStage,
  type Store,
} from '../store/index.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import { createChanges, type Changes } from './changes.ts';
import { createConnection, type AccountConnection } from './connection.ts';
import { createOutbox, type Outbox } from './outbox.ts';

const MAM = 'urn:xmpp:mam:2';
const own = 'me@test.example';

let folder: string;
let store: Store;
let server: RawServer;
let connection: AccountConnection;
let outbox: Outbox;
let changes: Changes;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-outbox-'));
  store = openStore({ file: join(folder, 'postcard.sqlite'), backupFolder: join(folder, 'backups') });
  server = await new RawServer().listening();
  lines = [];
  open();
});
afterEach(async () => {
  vi.useRealTimers();
  outbox.close();
  changes.close();
  await connection.close({ resumable: false });
  await server.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): void {
  const { db } = store;
  const events = createEvents();
  const log = (line: string) => void lines.push(line);
  const target = { domain: 'test.example', endpoint: server.url };
  changes = createChanges({ db, events, onUnread: () => undefined });
  connection = createConnection({ address: own, password: 'secret', target, db, events, log });
  const offers = () => ({ markable: false, tellsChatState: false });
  const openRooms = () => [];
  outbox = createOutbox({ db, ownAddress: own, connection, changes, mayLag: false, offers, openRooms, log });
}

async function connected(): Promise<void> {
  connection.start();
  await vi.waitUntil(() => connection.isReady(), { timeout: 10_000 });
}

function write(text: string) {
  const conversationId = ensureConversation(store.db, { address: 'friend@test.example', kind: 'direct' });
  return durably(store.db, () =>
    insertOutgoing(store.db, {
      conversationId,
      originId: text,
      text,
      sentAt: Date.now(),
      senderAddress: own,
    }),
  );
}

const sent = () => server.messages().map((xml) => /<body>([^<]*)/.exec(xml)?.[1]);

it('a disk that takes nothing lets nothing leave, and no error of it is left uncaught', async () => {
  await connected();
  const ids = [write('first'), write('second')];
  store.db.pragma('query_only = ON');
  outbox.pump();
  await vi.waitUntil(() => lines.some((line) => line.startsWith('the outbox')), { timeout: 5_000 });
  expect(sent()).toEqual([]);
  store.db.pragma('query_only = OFF');
  await vi.waitUntil(() => ids.every((id) => messageById(store.db, id)?.state === 'sent'), {
    timeout: 10_000,
  });
  expect(sent()).toEqual(['first', 'second']);
});

it('finds what arrived in the archive although the clock of this computer is hours ahead', async () => {
  const entries = [
    { id: 'a1', origin: 'old' },
    { id: 'a2', origin: 'arrived' },
  ];
  server.options.answer = (xml, from) => {
    if (!xml.includes(`<query xmlns="${MAM}"`)) return undefined;
    // By the server's clock nothing is as late as this computer believes it to be.
    const late = /<field var="start"[^>]*><value>/.test(xml);
    const after = /<after>([^<]*)/.exec(xml)?.[1];
    const found = late ? [] : entries.slice(entries.findIndex(({ id }) => id === after) + 1);
    const query = /queryid="([^"]*)"/.exec(xml)?.[1] ?? '';
    for (const { id, origin } of found) {
      from.send(
        `<message xmlns='jabber:client'><result xmlns='${MAM}' queryid='${query}' id='${id}'>` +
          `<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='${own}/x' to='friend@test.example'` +
          ` type='chat' id='${origin}'><body>${origin}</body></message></forwarded></result></message>`,
      );
    }
    const iq = /\bid="([^"]*)"/.exec(xml)?.[1] ?? '';
    return `<iq xmlns='jabber:client' type='result' id='${iq}'><fin xmlns='${MAM}' complete='true'/></iq>`;
  };
  server.options.resumable = false;
  server.acks = false;
  setNewestArchived(store.db, { id: 'a1', at: Date.now() });
  await connected();
  const ids = [write('arrived'), write('lost')];
  outbox.pump();
  await vi.waitUntil(() => sent().length === 2, { timeout: 5_000 });
  // Of the second one the server says that it never came.
  server.acks = true;
  server.cut();
  await vi.waitUntil(() => ids.every((id) => messageById(store.db, id)?.state === 'sent'), {
    timeout: 10_000,
  });
  expect(sent()).toEqual(['arrived', 'lost', 'lost']);
});

it('what was marked and never handed over is looked for, and goes out once, in its place', async () => {
  const ids = [write('first'), write('second'), write('third')];
  durably(store.db, () => {
    for (const id of ids.slice(0, 2)) setStage(store.db, id, 'wire');
  });
  await connected();
  await vi.waitUntil(() => ids.every((id) => messageById(store.db, id)?.state === 'sent'), {
    timeout: 10_000,
  });
  expect(sent()).toEqual(['first', 'second', 'third']);
});

it('two pumps at once, and many of them, send each message once', async () => {
  await connected();
  const texts = Array.from({ length: 300 }, (_, at) => `${at}`);
  const ids = texts.map((text) => {
    const id = write(text);
    outbox.pump();
    return id;
  });
  await vi.waitUntil(() => ids.every((id) => messageById(store.db, id)?.state === 'sent'), {
    timeout: 15_000,
  });
  expect(sent()).toEqual(texts);
});
