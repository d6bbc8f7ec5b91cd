import { globSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Person } from '../tests/support/people.ts';
import { rawClient } from '../tests/support/raw-client.ts';
import {
  missing,
  serverKinds,
  startServer,
  type ServerKind,
  type TestServer,
} from '../tests/support/servers.ts';
import { median, quantile, type Figure } from './figure.ts';

const turns = 5;
const senders = 10;
/** POSTCARD_BENCH_MESSAGES for another number; by everybody together. */
const count = Number(process.env['POSTCARD_BENCH_MESSAGES'] ?? 5_000);
const each = Math.ceil(count / senders);
/** ms between two questions of the window. */
const every = 20;

interface Turn {
  /** ms from when each answer was due to be asked for until it was there. */
  readonly waits: readonly number[];
  /** Messages a second, from the start until all were stored. */
  readonly rate: number;
}

/** Everybody writes to `to`, who is away; resolves when the server has all of it. */
async function queue(server: TestServer, to: string, turn: number): Promise<void> {
  for (let i = 0; i < senders; i += 1) {
    const client = await rawClient(server, `sender${i}`);
    // s; a server that makes sure of each message answers late.
    client.agent.config.timeout = 120;
    for (let n = 0; n < each; n += 1) {
      const id = `t${turn}-${i}-${n}`;
      client.sendXml(
        `<message xmlns='jabber:client' to='${to}' type='chat' id='${id}'><body>Message ${n} of turn ${turn}, queued.</body>` +
          `<origin-id xmlns='urn:xmpp:sid:0' id='${id}'/><request xmlns='urn:xmpp:receipts'/></message>`,
      );
      // The server's queue for what it reads has an end.
      if (n % 100 === 99) await client.agent.ping(server.domain);
    }
    await client.agent.ping(server.domain);
    await client.close();
  }
}

/** Asks for what a window asks for, as often as that is answered; the time that a question had to wait for its turn counts. */
async function answers(person: Person, done: () => Promise<boolean>): Promise<number[]> {
  const waits: number[] = [];
  const ask = async () => {
    const { items } = await person.call('conversations.list', { folder: 'inbox', limit: 50, before: null });
    const conversationId = items[0]?.id;
    if (conversationId === undefined) return;
    await person.call('messages.page', { conversationId, at: { kind: 'newest' }, limit: 50 });
  };
  for (let due = performance.now(); ; due = Math.max(due + every, performance.now())) {
    await delay(Math.max(0, due - performance.now()));
    await ask();
    waits.push(performance.now() - due);
    if (waits.length % 10 === 0 && (await done())) return waits;
  }
}

/** Messages in the store, over a connection of its own. */
function stored(home: string): number {
  const [file] = globSync(join(home, 'profiles/*/accounts/*/postcard.sqlite'));
  if (file === undefined) throw new Error('no store was made');
  const db = new Database(file, { readonly: true });
  try {
    return Number(db.prepare('SELECT count(*) FROM message').pluck().get());
  } finally {
    db.close();
  }
}

async function arrives(person: Person, expected: number): Promise<Turn> {
  const begin = performance.now();
  await person.open();
  const done = async () => {
    const { catchingUp } = await person.call('connection.state', {});
    const found = stored(person.home);
    if (performance.now() - begin > 300_000) throw new Error(`${found} of ${expected} messages are there`);
    return found === expected && catchingUp === null;
  };
  const waits = await answers(person, done);
  return { waits, rate: (count / (performance.now() - begin)) * 1000 };
}

/** Somebody who has written to all the senders: what they write is no stranger's. */
async function reader(server: TestServer): Promise<Person> {
  const person = await Person.create(server, 'reader');
  for (let i = 0; i < senders; i += 1) {
    const name = `sender${i}`;
    await (await rawClient(server, name)).close();
    const { id } = await person.write(`${name}@${server.domain}`, 'Hello');
    await person.sent(`${name}@${server.domain}`, id);
  }
  return person;
}

async function against(kind: ServerKind): Promise<Figure[]> {
  const server = await startServer(kind);
  const results: Turn[] = [];
  try {
    const person = await reader(server);
    for (let turn = 0; turn < turns; turn += 1) {
      await person.close();
      const before = stored(person.home);
      await queue(server, `reader@${server.domain}`, turn);
      results.push(await arrives(person, before + each * senders));
    }
    await person.close();
  } finally {
    await server.stop();
  }
  const rounded = (value: number) => Number(value.toPrecision(4));
  const over = (of: (turn: Turn) => number) => rounded(median(results.map(of)));
  return [
    { name: `burst-${kind}`, value: over(({ waits }) => Math.max(...waits)), unit: 'ms' },
    { name: `burst-${kind}-p99`, value: over(({ waits }) => quantile(waits, 0.99)), unit: 'ms' },
    { name: `burst-${kind}-rate`, value: over(({ rate }) => rate), unit: 'msg/s' },
  ];
}

/**
 * 5,000 queued messages arriving at a start: the longest that anything a window asks for takes to be answered, the
 * median of the turns; and how many messages come in a second.
 */
export default async function burst(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const kind of serverKinds) {
    const reason = missing(kind);
    if (reason === null) figures.push(...(await against(kind)));
    else console.error(`Skipped: burst against ${kind}, since ${reason}`);
  }
  return figures;
}
