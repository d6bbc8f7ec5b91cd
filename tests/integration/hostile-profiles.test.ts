import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Profile } from '../../contract/people.ts';
import { password, Person } from '../support/people.ts';
import { RogueServer, type Asked } from '../support/rogue-server.ts';
import { until } from '../support/wait.ts';

// What somebody can put into a profile, however wrong: shown as plain text, or left out.

const friend = 'friend@localhost';

interface Hostile {
  name?: string;
  bio?: string;
  link?: string;
  interests?: string[];
  avatar?: Buffer;
}

let server: RogueServer;
let me: Person;
let said: Hostile;

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const hash = (data: Buffer) => createHash('sha1').update(data).digest('hex');

function answer({ xml, type }: Asked): string | null {
  if (type !== 'get') return null;
  const items = (node: string, id: string, content: string) =>
    `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'><item id='${id}'>${content}</item></items></pubsub>`;
  if (xml.includes("'jabber:iq:roster'") || xml.includes('"jabber:iq:roster"'))
    return `<query xmlns='jabber:iq:roster'/>`;
  if (!xml.includes(friend)) return null;
  if (xml.includes('urn:xmpp:vcard4')) {
    const interests = (said.interests ?? []).map((text) => `<text>${escape(text)}</text>`).join('');
    return items(
      'urn:xmpp:vcard4',
      'current',
      `<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>${escape(said.name ?? '')}</text></fn>` +
        `<note><text>${escape(said.bio ?? '')}</text></note><url><uri>${escape(said.link ?? '')}</uri></url>` +
        `<categories>${interests}</categories></vcard>`,
    );
  }
  const avatar = said.avatar;
  if (avatar && xml.includes('urn:xmpp:avatar:metadata'))
    return items(
      'urn:xmpp:avatar:metadata',
      hash(avatar),
      `<metadata xmlns='urn:xmpp:avatar:metadata'><info id='${hash(avatar)}' bytes='${avatar.length}' type='image/png'/></metadata>`,
    );
  if (avatar && xml.includes('urn:xmpp:avatar:data'))
    return items(
      'urn:xmpp:avatar:data',
      hash(avatar),
      `<data xmlns='urn:xmpp:avatar:data'>${avatar.toString('base64')}</data>`,
    );
  return null;
}

beforeEach(async () => {
  said = {};
  server = await RogueServer.start(password, answer);
  me = await Person.start();
  await me.call('accounts.signIn', { username: 'me@localhost', password, server: server.url });
  await me.connected();
});
afterEach(async () => {
  await me.close();
  await server.stop();
});

async function look(hostile: Hostile): Promise<Profile> {
  said = hostile;
  await me.call('people.profile', { address: friend });
  const seen = async () => me.call('people.profile', { address: friend });
  await until(async () => !(await seen()).looking, { what: 'the profile to be looked up' });
  return seen();
}

it('markup, scripts and direction marks are text; what is too long is cut', async () => {
  const profile = await look({
    name: `\u202eeciLA<img src=x onerror=alert(1)>\n\nMessage unsent${'x'.repeat(10_000)}`,
    bio: `<script>alert(1)</script>\u2067${'b'.repeat(20_000)}`,
    interests: ['<b>film</b>', '\u202e', ...Array.from({ length: 500 }, (_, i) => `word ${i}`)],
  });
  expect(profile.name).toMatch(/^eciLA<img src=x onerror=alert\(1\)> Message unsentx+$/);
  expect(profile.name).toHaveLength(100);
  expect(profile.bio).toMatch(/^<script>alert\(1\)<\/script>b+$/);
  expect(profile.bio).toHaveLength(500);
  expect(profile.interests).toHaveLength(20);
  expect(profile.interests[0]).toBe('<b>film</b>');
});

it.each([
  'javascript:alert(1)',
  'data:text/html,x',
  'https://bank.example@evil.example/',
  'file:///etc/passwd',
])('the link %s is left out', async (link) => {
  expect((await look({ name: 'Friend', link })).link).toBe('');
});

it('a name of emoji alone is shown; one that nobody could see, or that is the address of another, is not', async () => {
  expect((await look({ name: '🎈🎈' })).name).toBe('🎈🎈');
});

it.each(['\u200b\u2800', 'me@localhost', 'bank@bank.example'])('the name %j is not shown', async (name) => {
  expect((await look({ name })).name).toBe('friend');
});

/** A picture of 900 million pixels in a hundred kilobytes. */
function bomb(): Buffer {
  const side = 30_000;
  const chunk = (type: string, data: Buffer) => {
    const out = Buffer.alloc(data.length + 12);
    out.writeUInt32BE(data.length);
    out.write(type, 4, 'latin1');
    data.copy(out, 8);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc((side / 8 + 1) * side));
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

const svg = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>`,
);

it.each([
  ['SVG', () => svg],
  ['a decompression bomb', bomb],
  ['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
  ['nothing', () => Buffer.alloc(0)],
])('an avatar that is %s is not shown, and the profile is', async (_what, make) => {
  const profile = await look({ name: 'Friend', avatar: make() });
  expect([profile.name, profile.avatar]).toEqual(['Friend', null]);
});
