import { afterEach, beforeEach, expect, it } from 'vitest';
import { password, Person } from '../support/people.ts';
import { RogueServer, type Asked } from '../support/rogue-server.ts';
import { until } from '../support/wait.ts';

// An archive in the test's own hands: what a real one does once in a thousand times it does here each time.

const friend = 'friend@localhost';
const MAM = 'urn:xmpp:mam:2';

interface Entry {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly messageId: string;
  readonly body: string;
  /** Unix time, ms. */
  readonly at: number;
}

let server: RogueServer;
let me: Person;
let entries: Entry[];
/** Called for each query: text is the answer, null lets the archive answer. */
let onQuery: (asked: Asked) => string | null;
let queries: number;

const stanzaOf = (e: Entry) =>
  `<message xmlns='jabber:client' from='${e.from}' to='${e.to}' type='chat' id='${e.messageId}'>` +
  `<body>${e.body}</body></message>`;

/** One result of a query. */
function send(entry: Entry, asked: Asked): void {
  const queryId = /queryid=['"]([^'"]*)/.exec(asked.xml)?.[1] ?? '';
  server.push(
    `<message xmlns='jabber:client' to='${server.client}'><result xmlns='${MAM}' queryid='${queryId}' id='${entry.id}'>` +
      `<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='${new Date(entry.at).toISOString()}'/>` +
      `${stanzaOf(entry)}</forwarded></result></message>`,
  );
}

/** One page, as XEP-0313 and XEP-0059 have it. */
function page(asked: Asked): string | null {
  queries += 1;
  const special = onQuery(asked);
  if (special !== null) return special;
  const tag = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(asked.xml)?.[1];
  const place = (id: string | undefined) => entries.findIndex((entry) => entry.id === id);
  const max = Number(tag('max'));
  const before = tag('before') ?? (/<before\s*\/>/.test(asked.xml) ? '' : undefined);
  const after = tag('after');
  const end = before === undefined || before === '' ? entries.length : place(before);
  const start = before === undefined ? place(after) + 1 : Math.max(0, end - max);
  const found = entries.slice(start, before === undefined ? start + max : end);
  for (const entry of found) send(entry, asked);
  const complete = before === undefined ? start + max >= entries.length : start === 0;
  const ends = found.length === 0 ? '' : `<first>${found[0]?.id}</first><last>${found.at(-1)?.id}</last>`;
  return (
    `<fin xmlns='${MAM}' complete='${complete}'><set xmlns='http://jabber.org/protocol/rsm'>${ends}` +
    `<count>${entries.length}</count></set></fin>`
  );
}

const theirs = (count: number): Entry => ({
  id: `a${count}`,
  from: `${friend}/phone`,
  to: 'me@localhost',
  messageId: `m${count}`,
  body: `message ${count}`,
  at: Date.UTC(2026, 0, 1) + count * 1000,
});
const mine = (count: number, messageId: string, body: string): Entry => ({
  ...theirs(count),
  from: 'me@localhost/elsewhere',
  to: friend,
  messageId,
  body,
});

beforeEach(async () => {
  entries = [];
  queries = 0;
  onQuery = () => null;
  server = await RogueServer.start(password, (asked) =>
    asked.payload === MAM && asked.type === 'set' ? page(asked) : null,
  );
  me = await Person.start();
});
afterEach(async () => {
  await me.close();
  await server.stop();
});

async function signIn(): Promise<void> {
  await me.call('accounts.signIn', { username: 'me@localhost', password, server: server.url });
  await me.connected();
}

let count = 0;
/** What was pushed before, and what was asked for, has been dealt with once this message has come. */
async function handled(): Promise<void> {
  const text = `genuine ${(count += 1)}`;
  server.push(stanzaOf({ ...theirs(0), to: server.client, messageId: `genuine-${count}`, body: text }));
  await me.message(friend, (m) => m.text === text);
}

it('its copy of a message that came back does not make it sent; tried again it goes out as a new one', async () => {
  await signIn();
  const written = await me.write(friend, 'nobody gets this');
  const onTheWire = () => server.received.filter(({ xml }) => xml.includes('nobody gets this'));
  const first = await until(() => onTheWire()[0], { what: 'the message on the wire' });
  server.push(
    `<message xmlns='jabber:client' type='error' from='${friend}' to='${server.client}' id='${first.id}'>` +
      `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
  );
  const stateNow = async () => (await me.messagesWith(friend)).find(({ id }) => id === written.id)?.state;
  await until(async () => (await stateNow()) === 'failed', { what: 'the message to have failed' });
  entries = [mine(1, first.id, 'nobody gets this'), theirs(2)];
  await me.restart();
  await me.message(friend, (m) => m.text === 'message 2');
  expect(await stateNow()).toBe('failed');
  await me.call('messages.retry', { id: written.id });
  await until(async () => (await stateNow()) === 'sent', { what: 'the message to be sent' });
  expect(onTheWire()).toHaveLength(2);
  expect(onTheWire()[1]?.id).not.toBe(first.id);
  expect((await me.textsWith(friend)).filter((text) => text === 'nobody gets this')).toHaveLength(1);
});

it('a message that came back and was discarded does not come back with the history', async () => {
  await signIn();
  const written = await me.write(friend, 'never mind');
  const sent = await until(() => server.received.find(({ xml }) => xml.includes('never mind')), {
    what: 'the message on the wire',
  });
  server.push(
    `<message xmlns='jabber:client' type='error' from='${friend}' to='${server.client}' id='${sent.id}'>` +
      `<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`,
  );
  await me.message(friend, (m) => m.id === written.id && m.state === 'failed');
  await me.call('messages.discard', { id: written.id });
  entries = [mine(1, sent.id, 'never mind'), theirs(2)];
  await me.restart();
  await me.message(friend, (m) => m.text === 'message 2');
  expect(await me.textsWith(friend)).toEqual(['message 2']);
});

it('a server that gives one page for ever is not asked for ever, and live messages come', async () => {
  entries = [theirs(1)];
  await signIn();
  await me.message(friend, (m) => m.text === 'message 1');
  await me.close();
  queries = 0;
  onQuery = (asked) => {
    send(theirs(7), asked);
    return `<fin xmlns='${MAM}'><set xmlns='http://jabber.org/protocol/rsm'><first>a7</first><last>a7</last></set></fin>`;
  };
  await me.open();
  await me.message(friend, (m) => m.text === 'message 7');
  for (let round = 0; round < 5; round += 1) await handled();
  expect(queries).toBeLessThan(5);
});

it('fills the history before the newest page in spite of broken connections, each message once, in order', async () => {
  entries = Array.from({ length: 1100 }, (_, at) => theirs(at));
  onQuery = () => {
    if (queries === 3 || queries === 5) server.cut();
    return null;
  };
  await signIn();
  await me.message(friend, (m) => m.text === 'message 1099');
  await until(() => queries >= 3, { what: 'the page that is cut' });
  await me.restart();
  const texts = await until(
    async () => {
      const found = await me.textsWith(friend);
      return found.length >= entries.length && found;
    },
    { what: 'the whole history' },
  );
  expect(texts).toEqual(entries.map(({ body }) => body));
  const { unreadTotal } = await me.call('conversations.list', { folder: 'inbox', before: null, limit: 9 });
  expect([unreadTotal, me.notifications.length]).toEqual([0, 0]);
});

it('what comes live while pages are missing is there once, and is no reason to skip a page', async () => {
  entries = [theirs(1)];
  await signIn();
  await me.message(friend, (m) => m.text === 'message 1');
  await me.close();
  entries = Array.from({ length: 600 }, (_, at) => theirs(at + 1));
  let live = 0;
  onQuery = () => {
    live += 1;
    const entry = { ...theirs(1000 + live), at: Date.now() };
    entries.push(entry);
    server.push(
      stanzaOf({ ...entry, to: server.client }).replace(
        '</message>',
        `<stanza-id xmlns='urn:xmpp:sid:0' by='me@localhost' id='${entry.id}'/></message>`,
      ),
    );
    if (live === 2) server.cut();
    return null;
  };
  await me.open();
  await until(() => live >= 2, { what: 'the page that is cut' });
  await me.restart();
  await until(async () => (await me.textsWith(friend)).length >= entries.length, { what: 'all of it' });
  const texts = await me.textsWith(friend);
  expect(texts.toSorted()).toEqual(entries.map(({ body }) => body).toSorted());
});

it('what other devices of mine sent under one id is all there', async () => {
  entries = [mine(1, '1', 'sent on Monday'), theirs(2), mine(3, '1', 'sent on Tuesday')];
  await signIn();
  await until(async () => (await me.messagesWith(friend)).length >= 3, { what: 'the history' });
  expect(await me.textsWith(friend)).toEqual(['sent on Monday', 'message 2', 'sent on Tuesday']);
});
