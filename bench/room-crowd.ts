import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { makeCredential } from '../main/hub/scram.ts';
import { createAccount } from '../main/hub/store/accounts.ts';
import { openDatabase } from '../main/hub/store/database.ts';
import type { TestServer } from '../tests/support/servers.ts';

export const ROOM = 'large@rooms.localhost';
export const ROOM_NAME = 'Everybody';
const PASSWORD = 'bench';

/** A connection that parses nothing: what is measured is the hub. */
export class Listener {
  readonly #socket: WebSocket;
  readonly user: string;
  frames = 0;
  /** Gets each frame, of a few connections alone: text costs time. */
  #read: ((frame: string) => void) | null = null;

  constructor(url: string, user: string) {
    this.user = user;
    this.#socket = new WebSocket(url, 'xmpp', { perMessageDeflate: false });
    this.#socket.on('message', (data: Buffer) => {
      this.frames += 1;
      this.#read?.(data.toString());
    });
  }

  send(xml: string): void {
    this.#socket.send(xml);
  }

  listen(read: ((frame: string) => void) | null): void {
    this.#read = read;
  }

  /** The next frame that has this in it. */
  has(text: string): Promise<string> {
    return new Promise((resolve) => {
      this.listen((frame) => {
        if (!frame.includes(text)) return;
        this.listen(null);
        resolve(frame);
      });
    });
  }

  async ask(xml: string, answer: string): Promise<string> {
    const found = this.has(answer);
    this.send(xml);
    return found;
  }

  async logIn(): Promise<void> {
    await new Promise((resolve) => this.#socket.once('open', resolve));
    const open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";
    await this.ask(open, 'features');
    const bare = `n=${this.user},r=${this.user}`;
    const sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const first = `<auth ${sasl} mechanism='SCRAM-SHA-256'>${base64(`n,,${bare}`)}</auth>`;
    const challenge = /<challenge[^>]*>([^<]*)/.exec(await this.ask(first, 'challenge'))?.[1] ?? '';
    const said = Buffer.from(challenge, 'base64').toString();
    const [, nonce = '', salt = '', count = ''] = /^r=(.*),s=(.*),i=(\d+)$/.exec(said) ?? [];
    const key = clientKey(salt, Number(count));
    const hmac = createHmac('sha256', createHash('sha256').update(key).digest());
    const signature = hmac.update(`${bare},${said},c=biws,r=${nonce}`).digest();
    const proof = Buffer.from(key.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('base64');
    await this.ask(`<response ${sasl}>${base64(`c=biws,r=${nonce},p=${proof}`)}</response>`, 'success');
    await this.ask(open, 'features');
    const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>one</resource></bind>";
    await this.ask(`<iq xmlns='jabber:client' type='set' id='bind'>${bind}</iq>`, 'bind');
    this.send("<presence xmlns='jabber:client'/>");
  }

  /** ms until the room has said that one is in it. */
  async enter(): Promise<number> {
    const began = performance.now();
    await this.ask(
      `<presence xmlns='jabber:client' to='${ROOM}/${this.user}'><x xmlns='http://jabber.org/protocol/muc'>` +
        "<history maxstanzas='0'/></x></presence>",
      'code="110"',
    );
    return performance.now() - began;
  }

  close(): void {
    this.#socket.terminate();
  }
}

/** All have one password and salt: one derivation for all of them. */
const keys = new Map<string, Buffer>();
function clientKey(salt: string, count: number): Buffer {
  const known = keys.get(salt);
  if (known) return known;
  const salted = pbkdf2Sync(PASSWORD, Buffer.from(salt, 'base64'), count, 32, 'sha256');
  const key = createHmac('sha256', salted).update('Client Key').digest();
  keys.set(salt, key);
  return key;
}

/** Accounts `m0` to `m${count - 1}` on a hub that is stopped for it. */
export async function makeAccounts(server: TestServer, count: number): Promise<string[]> {
  await server.stop();
  const db = openDatabase(join(server.folder, 'hub', 'hub.sqlite'));
  const users = Array.from({ length: count }, (_, n) => `m${n}`);
  try {
    const credential = await makeCredential(PASSWORD);
    db.transaction(() => {
      for (const user of users) createAccount(db, user, credential);
    })();
  } finally {
    db.close();
  }
  await server.start();
  return users;
}

/** Makes a group in which new members read what was written before them, and everybody of `users` a member of it. */
export async function makeRoom(owner: Listener, users: readonly string[]): Promise<void> {
  await owner.enter();
  const iq = (id: string, ns: string, children: string) =>
    `<iq xmlns='jabber:client' type='set' to='${ROOM}' id='${id}'><query xmlns='http://jabber.org/protocol/muc#${ns}'>${children}</query></iq>`;
  const field = (name: string, value: string) => `<field var='${name}'><value>${value}</value></field>`;
  const form =
    field('FORM_TYPE', 'http://jabber.org/protocol/muc#roomconfig') +
    field('muc#roomconfig_roomname', ROOM_NAME) +
    field('urn:postcard:rooms:0#history', '1');
  await owner.ask(iq('form', 'owner', `<x xmlns='jabber:x:data' type='submit'>${form}</x>`), 'id="form"');
  for (let from = 0; from < users.length; from += 250) {
    const some = users.slice(from, from + 250);
    const items = some.map((user) => `<item affiliation='member' jid='${user}@localhost'/>`).join('');
    await owner.ask(iq(`m${from}`, 'admin', items), `id="m${from}"`);
  }
}
