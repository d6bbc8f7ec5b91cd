import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rawClient } from './raw-client.ts';
import { startProcess } from './processes.ts';
import { python, type TestServer } from './servers.ts';
import { until } from './wait.ts';

export interface ForeignMessage {
  readonly sender: string;
  readonly id: string | null;
  readonly originId: string | null;
  readonly body: string;
  /** XEP-0066. */
  readonly url: string | null;
  /** The whole stanza. */
  readonly xml: string;
}

/** What XEP-0446 tells of a file, true or not. */
export interface SaidOfFile {
  readonly mediaType: string;
  /** ms */
  readonly length?: number;
  readonly width?: number;
  readonly height?: number;
  /** Base64; the file's own without. */
  readonly sha256?: string;
}

/** Somebody with another app. */
export interface ForeignPeer {
  readonly address: string;
  /** All that arrived with a text, in order, repeats included. */
  readonly received: readonly ForeignMessage[];
  ownAddress(): Promise<string>;
  /** Puts somebody into the roster, so that a server that holds strangers back lets them through. */
  letIn(...addresses: string[]): Promise<void>;
  text(to: string, body: string): Promise<void>;
  /** A text with this id; `replaces`: it corrects another one (XEP-0308). */
  say(to: string, body: string, o: { id: string; replaces?: string }): Promise<void>;
  /** XEP-0424 */
  unsend(to: string, id: string): Promise<void>;
  /** XEP-0191 */
  block(address: string): Promise<void>;
  /** XEP-0363 and 0066, as most other apps do it. */
  photo(to: string, path: string, mediaType: string): Promise<void>;
  /** XEP-0363 and 0447 with what is said of the file; the address as text for apps that know no 0447. */
  share(to: string, path: string, said: SaidOfFile): Promise<void>;
  /** XEP-0449, of a pack that nobody can fetch. */
  sticker(to: string, path: string, mediaType: string, emoji: string): Promise<void>;
  /** XEP-0333: says that it displayed this message. */
  displayed(to: string, id: string): Promise<void>;
  /** XEP-0085: composing. */
  typing(to: string): Promise<void>;
  /** XEP-0444 */
  react(to: string, id: string, emoji: string): Promise<void>;
  /** What was sent so far has left its server. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** slixmpp over direct TLS; on the hub, which has the WebSocket alone, the bare library. Makes the account. */
export function foreignPeer(server: TestServer, username: string): Promise<ForeignPeer> {
  return server.ports.directTls === null ? libraryPeer(server, username) : slixmppPeer(server, username);
}

type Report =
  | ({ event: 'message'; type: string } & ForeignMessage)
  | { event: 'sent' | 'failed' | 'ready' | 'ended'; id?: string; why?: string; value?: string };

async function slixmppPeer(server: TestServer, username: string): Promise<ForeignPeer> {
  const address = `${username}@${server.domain}`;
  const received: ForeignMessage[] = [];
  const answers = new Map<string, { why?: string; value?: string }>();
  const script = join(import.meta.dirname, 'foreign-peer.py');
  const args = [script, address, 'secret-1', String(server.ports.directTls), server.certificate ?? ''];
  const peer = await startProcess(python, args, /"event": "ready"/, {
    onLine(line) {
      // The script beside this file writes these lines.
      const report = JSON.parse(line) as Report;
      if (report.event === 'message') {
        if (report.body !== '' && report.type !== 'error') received.push(report);
      } else if (report.id !== undefined) answers.set(report.id, report);
    },
  });
  const answered = async (command: Record<string, string>): Promise<string> => {
    const id = randomUUID();
    peer.child.stdin?.write(`${JSON.stringify({ ...command, id })}\n`);
    await until(() => answers.has(id), { timeout: 60_000, what: `slixmpp to do ${command['do']}` });
    const { why, value } = answers.get(id) ?? {};
    if (why !== undefined) throw new Error(`slixmpp: ${why}`);
    return value ?? '';
  };
  const ask = async (command: Record<string, string>): Promise<void> => void (await answered(command));
  return {
    address,
    received,
    ownAddress: async () => address,
    async letIn(...addresses) {
      for (const to of addresses) await ask({ do: 'letIn', to });
    },
    text: (to, body) => ask({ do: 'text', to, body }),
    say: (to, body, o) => ask({ do: 'say', to, body, replaces: o.replaces ?? '', as: o.id }),
    unsend: (to, target) => ask({ do: 'unsend', to, target }),
    block: (to) => ask({ do: 'block', to }),
    photo: (to, path, type) => ask({ do: 'photo', to, path, type }),
    async share(to, path, said) {
      const url = await answered({ do: 'upload', path, type: said.mediaType });
      await ask({ do: 'element', to, xml: sharingXml(path, url, said), body: url });
    },
    sticker: (to, path, type, body) => ask({ do: 'sticker', to, path, type, body }),
    displayed: (to, id) =>
      ask({ do: 'element', to, xml: `<displayed xmlns="urn:xmpp:chat-markers:0" id="${id}"/>` }),
    react: (to, id, emoji) => ask({ do: 'element', to, xml: reactionXml(id, emoji) }),
    settled: () => ask({ do: 'settled' }),
    typing: (to) =>
      ask({ do: 'element', to, xml: '<composing xmlns="http://jabber.org/protocol/chatstates"/>' }),
    async close() {
      peer.child.stdin?.end();
      await peer.ended;
    },
  };
}

const reactionXml = (id: string, emoji: string) =>
  `<reactions xmlns="urn:xmpp:reactions:0" id="${id}"><reaction>${emoji}</reaction></reactions>`;

/** The hub's helper welcomes every new account; that is no part of any case. */
const greeter = 'postcard@localhost/';

async function libraryPeer(server: TestServer, username: string): Promise<ForeignPeer> {
  const { agent, address, close, frames, sendXml } = await rawClient(server, username);
  const received: ForeignMessage[] = [];
  agent.on('message', (message) => {
    if (!message.body || message.type === 'error' || message.from?.startsWith(greeter)) return;
    received.push({
      sender: message.from?.replace(/\/.*/, '') ?? '',
      id: message.id ?? null,
      originId: message.originId ?? null,
      body: message.body,
      url: message.links?.[0]?.url ?? null,
      xml:
        frames.findLast(
          (frame) => frame.includes(`id="${message.id}"`) || frame.includes(`id='${message.id}'`),
        ) ?? '',
    });
  });
  const upload = async (path: string, mediaType: string): Promise<string> => {
    const file = { name: basename(path), size: statSync(path).size, mediaType };
    const service = await agent.getUploadService(server.domain);
    const slot = await agent.getUploadSlot(service.jid, file);
    const headers = Object.fromEntries(
      (slot.upload.headers ?? []).map(({ name, value }) => [name, value ?? '']),
    );
    const answer = await fetch(slot.upload.url, {
      method: 'PUT',
      body: readFileSync(path),
      headers: { ...headers, 'Content-Type': mediaType },
    });
    if (!answer.ok) throw new Error(`upload: status ${answer.status}`);
    return slot.download;
  };
  return {
    address,
    received,
    close,
    ownAddress: async () => address,
    async letIn(...addresses) {
      for (const jid of addresses) await agent.updateRosterItem({ jid, subscription: 'none' });
    },
    async text(to, body) {
      agent.sendMessage({ to, body, type: 'chat', id: randomUUID() });
    },
    async say(to, body, { id, replaces }) {
      agent.sendMessage({
        to,
        body,
        type: 'chat',
        id,
        ...(replaces === undefined ? {} : { replace: replaces }),
      });
    },
    async unsend(to, target) {
      sendXml(
        `<message xmlns='jabber:client' to='${to}' type='chat' id='${randomUUID()}'><body>/me retracted</body>` +
          `<retract xmlns='urn:xmpp:message-retract:1' id='${target}'/><store xmlns='urn:xmpp:hints'/></message>`,
      );
    },
    async block(blocked) {
      await agent.block(blocked);
    },
    async photo(to, path, mediaType) {
      const url = await upload(path, mediaType);
      agent.sendMessage({ to, body: url, type: 'chat', id: randomUUID(), links: [{ url }] });
    },
    async share(to, path, said) {
      const url = await upload(path, said.mediaType);
      sendXml(
        `<message xmlns="jabber:client" type="chat" to="${to}" id="${randomUUID()}"><body>${url}</body>` +
          `${sharingXml(path, url, said)}</message>`,
      );
    },
    async sticker(to, path, mediaType, emoji) {
      const xml = stickerXml(path, await upload(path, mediaType), mediaType, emoji);
      sendXml(
        `<message xmlns="jabber:client" type="chat" to="${to}" id="${randomUUID()}"><body>${emoji}</body>${xml}</message>`,
      );
    },
    async react(to, id, emoji) {
      const xml = reactionXml(id, emoji);
      sendXml(`<message xmlns="jabber:client" type="chat" to="${to}" id="${randomUUID()}">${xml}</message>`);
    },
    async displayed(to, id) {
      agent.sendMessage({ to, type: 'chat', marker: { type: 'displayed', id } });
    },
    async settled() {
      await agent.ping(server.domain);
    },
    async typing(to) {
      agent.sendMessage({ to, type: 'chat', chatState: 'composing' });
    },
  };
}

/** As in the example of XEP-0449 section 4.4. */
const stickerXml = (path: string, url: string, mediaType: string, emoji: string) =>
  '<sticker xmlns="urn:xmpp:stickers:0" pack="EpRv28DHHzFrE4zd+xaNpVb4"/><file-sharing xmlns="urn:xmpp:sfs:0">' +
  `<file xmlns="urn:xmpp:file:metadata:0"><media-type>${mediaType}</media-type><desc>${emoji}</desc>` +
  `<size>${statSync(path).size}</size><hash xmlns="urn:xmpp:hashes:2" algo="sha-256">` +
  `${createHash('sha256').update(readFileSync(path)).digest('base64')}</hash></file><sources>` +
  `<url-data xmlns="http://jabber.org/protocol/url-data" target="${url}"/></sources></file-sharing>`;

/** As in the examples of XEP-0447 section 3 and XEP-0446. */
function sharingXml(path: string, url: string, said: SaidOfFile): string {
  const bytes = readFileSync(path);
  const facts = {
    name: basename(path),
    size: bytes.length,
    ...said,
    sha256: undefined,
    mediaType: undefined,
  };
  const told = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : `<${name}>${value}</${name}>`,
  );
  const sha256 = said.sha256 ?? createHash('sha256').update(bytes).digest('base64');
  return (
    '<file-sharing xmlns="urn:xmpp:sfs:0"><file xmlns="urn:xmpp:file:metadata:0">' +
    `<media-type>${said.mediaType}</media-type>${told.join('')}` +
    `<hash xmlns="urn:xmpp:hashes:2" algo="sha-256">${sha256}</hash></file><sources>` +
    `<url-data xmlns="http://jabber.org/protocol/url-data" target="${url}"/></sources></file-sharing>`
  );
}
