import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createEvents } from '../events.ts';
import { insertInbound, markRead, openReadSyncs, type WritableDb } from '../store/index.ts';
import { direct, inbound, newStore } from '../store/testing/fixtures.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import { createChanges } from './changes.ts';
import { createConnection, type AccountConnection } from './connection.ts';
import { createReadSync, type ReadSync } from './read-sync.ts';

const NODE = 'urn:xmpp:mds:displayed:0';
const own = 'me@test.example';
const bob = 'bob@home.example';

let db: WritableDb;
let server: RawServer;
let connection: AccountConnection;
let sync: ReadSync;
let conversation: ConversationId;
/** Archive ids that were published, in order, each with what answers it. */
let told: { stanzaId: string; done: () => void }[];
let closing: (() => void)[];

beforeEach(async () => {
  db = newStore();
  told = [];
  server = await new RawServer({
    answer: (xml, at) => {
      if (!xml.includes('<publish ') || !xml.includes(NODE)) return undefined;
      const id = /\bid="([^"]+)"/.exec(xml)?.[1] ?? '';
      const stanzaId = /stanza-id[^>]*\bid="([^"]+)"/.exec(xml)?.[1] ?? '';
      told.push({
        stanzaId,
        done: () => at.send(`<iq xmlns='jabber:client' type='result' id='${id}'/>`),
      });
      return '';
    },
  }).listening();
  const events = createEvents();
  const log = () => undefined;
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const target = { domain: 'test.example', endpoint: server.url };
  connection = createConnection({ address: own, password: 'secret', target, db, events, log });
  sync = createReadSync({ db, connection, changes, onReadElsewhere: () => undefined, log });
  closing = [sync.close, changes.close];
  conversation = direct(db, bob);
  connection.start();
  await vi.waitUntil(() => connection.isReady(), { timeout: 10_000 });
});
afterEach(async () => {
  for (const close of closing) close();
  await connection.close({ resumable: false });
  await server.stop();
});

const arrive = (stanzaId: string): MessageId =>
  insertInbound(db, inbound(conversation, { stanzaId, text: stanzaId }), { order: 'live', countUnread: true })
    .id;
const read = (message: MessageId) => {
  markRead(db, conversation, message);
  sync.read(conversation);
};
/** What the account's node says, told to every device: the one that said it too. */
const event = (stanzaId: string) =>
  server.send(
    `<message xmlns='jabber:client' from='${own}' to='${own}/desk' type='headline'>` +
      `<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${NODE}'><item id='${bob}'>` +
      `<displayed xmlns='${NODE}'><stanza-id xmlns='urn:xmpp:sid:0' by='${own}' id='${stanzaId}'/></displayed>` +
      `</item></items></event></message>`,
  );
const until = (what: () => boolean) => vi.waitUntil(what, { timeout: 10_000 });
const pending = () => openReadSyncs(db).some((one) => one.pending);

it('tells what was read while the server was being told of less', async () => {
  const [first, second] = [arrive('s1'), arrive('s2')];
  read(first);
  await until(() => told.length === 1);
  read(second);
  event('s1');
  told[0]?.done();
  await until(() => told.length === 2);
  expect(told.map(({ stanzaId }) => stanzaId)).toEqual(['s1', 's2']);
  event('s2');
  told[1]?.done();
  await until(() => !pending());
}, 20_000);

it('another device that is behind takes nothing back', async () => {
  const [, second] = [arrive('s1'), arrive('s2')];
  read(second);
  event('s1');
  await until(() => told.length === 1);
  expect(told[0]?.stanzaId).toBe('s2');
  told[0]?.done();
  await until(() => !pending());
}, 20_000);

it('another device that is ahead leaves nothing to tell', async () => {
  const [first] = [arrive('s1'), arrive('s2')];
  read(first);
  event('s2');
  await until(() => !pending());
  expect(told).toEqual([]);
});
