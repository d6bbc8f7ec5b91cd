import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import type { ConversationId } from '../contract/ids.ts';
import type { InboundRow } from '../main/store/index.ts';
import { password, Person } from '../tests/support/people.ts';
import { startServer, type TestServer } from '../tests/support/servers.ts';
import { messages, shapes } from './generator.ts';

/** An ejabberd whose account `reader` has an archive of messages with many people. */
export interface ArchiveServer {
  readonly server: TestServer;
  readonly username: string;
  readonly password: string;
  readonly address: string;
}

const username = 'reader';
const address = `${username}@localhost`;
const conversations = 2_000;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll("'", '&apos;');

/** The message as ejabberd keeps it, whole. */
function stanzaOf(m: InboundRow, peer: string): string {
  const [from, to] = m.outgoing ? [`${address}/phone`, peer] : [`${peer}/phone`, address];
  const origin = m.originId === null ? '' : `<origin-id xmlns='urn:xmpp:sid:0' id='${m.originId}'/>`;
  const url = m.attachments?.[0]?.url;
  const link = url ? `<x xmlns='jabber:x:oob'><url>${escaped(url)}</url></x>` : '';
  const body = escaped(url ?? m.text);
  return (
    `<message xml:lang='en' to='${to}' from='${from}' type='chat' id='${m.wireId}' xmlns='jabber:client'>` +
    `${origin}${link}<request xmlns='urn:xmpp:receipts'/><body>${body}</body></message>`
  );
}

/** Writes into the archive's table what a server that has run for years has there; sending it would take an hour. */
function fill(file: string, count: number): void {
  const db = new Database(file);
  const insert = db.prepare(
    `INSERT INTO archive (username, timestamp, peer, bare_peer, xml, txt, kind, nick, origin_id)
     VALUES (?, ?, ?, ?, ?, ?, 'chat', '', ?)`,
  );
  // Numbers that stand for conversations here; nothing is stored under them.
  const ids = Array.from({ length: conversations }, (_, i) => i as ConversationId);
  const shape = { ...shapes.large, messages: count, photos: Math.max(1, count / 50) };
  db.transaction(() => {
    for (const m of messages(shape, ids, 3)) {
      const peer = `person${m.conversationId}@localhost`;
      const xml = stanzaOf(m, peer);
      insert.run(username, m.sentAt * 1000, `${peer}/phone`, peer, xml, m.text, m.originId ?? '');
    }
  })();
  db.close();
}

/** Starts ejabberd with `count` messages in the archive of one account. The caller stops it. */
export async function serverWithArchive(count: number): Promise<ArchiveServer> {
  const server = await startServer('ejabberd');
  const person = await Person.create(server, username);
  await person.close();
  await server.stop();
  // Its state lies beside its certificate.
  fill(join(dirname(server.certificate ?? ''), 'ejabberd.db'), count);
  await server.start();
  return { server, username, password, address };
}
