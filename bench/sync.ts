import { globSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createClient } from 'stanza';
import type { MAMFin } from 'stanza/protocol/index.js';
import { Person } from '../tests/support/people.ts';
import { missing } from '../tests/support/servers.ts';
import { until } from '../tests/support/wait.ts';
import { serverWithArchive, type ArchiveServer } from './archive-server.ts';
import { compared, median, type Figure } from './figure.ts';

/** Fewer for a quick look: POSTCARD_BENCH_MESSAGES. */
const count = Number(process.env['POSTCARD_BENCH_MESSAGES'] ?? 100_000);
const turns = 5;
/** As the app asks for them. */
const perPage = 250;

/** A fresh profile signs in; ms until every message is stored and the inbox shows the conversations. */
async function ours({ server, username }: ArchiveServer): Promise<number> {
  const begin = performance.now();
  const person = await Person.signIn(server, username);
  try {
    const done = () => person.events('connection.changed').at(-1)?.catchingUp === null && caughtUp(person);
    await until(done, { timeout: 600_000, what: 'the archive to be read' });
    const { items } = await person.call('conversations.list', { folder: 'inbox', limit: 50, before: null });
    const time = performance.now() - begin;
    if (items.length < 50) throw new Error(`the inbox shows ${items.length} conversations`);
    return time;
  } finally {
    await person.close();
    checkStored(person.home);
  }
}

/** A rate of messages that are not there is none. */
function checkStored(home: string): void {
  const [file] = globSync(join(home, 'profiles/*/accounts/*/postcard.sqlite'));
  if (file === undefined) throw new Error('no store was made');
  const db = new Database(file, { readonly: true });
  const stored = db.prepare('SELECT count(*) FROM message').pluck().get();
  db.close();
  if (stored !== count) throw new Error(`${String(stored)} of ${count} messages were stored`);
}

const caughtUp = (person: Person): boolean =>
  person.events('connection.changed').some(({ catchingUp }) => catchingUp !== null && catchingUp > 0.9);

/** The library alone, reading the same pages the same way round and throwing them away. */
async function libraryAlone({ server, address, password }: ArchiveServer): Promise<number> {
  const begin = performance.now();
  const client = createClient({ jid: address, password, transports: { websocket: server.webSocket } });
  const started = new Promise<void>((resolve) => client.on('session:started', () => resolve()));
  client.connect();
  await started;
  let read = 0;
  for (let before: string | undefined = ''; before !== undefined;) {
    const page: MAMFin = await client.searchHistory({ paging: { before, max: perPage } });
    read += page.results?.length ?? 0;
    before = page.complete ? undefined : page.paging?.first;
  }
  const time = performance.now() - begin;
  if (read !== count) throw new Error(`the library read ${read} of ${count} messages`);
  const gone = new Promise<void>((resolve) => client.on('disconnected', () => resolve()));
  client.disconnect();
  await gone;
  return time;
}

const readers = { ours, libraryAlone };
type Who = keyof typeof readers;

/** An archive from ejabberd into the store of a fresh profile, shown in the inbox, against the library alone. */
export default async function sync(): Promise<readonly Figure[]> {
  const reason = missing('ejabberd');
  if (reason !== null) {
    console.error(`Skipped: sync, since ${reason}`);
    return [];
  }
  const from = await serverWithArchive(count);
  const rates: Record<Who, number[]> = { ours: [], libraryAlone: [] };
  try {
    await libraryAlone(from);
    for (let turn = 0; turn < turns; turn += 1) {
      const order: Who[] = turn % 2 === 0 ? ['ours', 'libraryAlone'] : ['libraryAlone', 'ours'];
      for (const who of order) rates[who].push((count / (await readers[who](from))) * 1000);
    }
  } finally {
    await from.server.stop();
  }
  const peer = 'the stanza library alone';
  return [compared('sync', median(rates.ours), 'msg/s', peer, median(rates.libraryAlone))];
}
