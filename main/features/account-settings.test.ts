import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEvents } from '../events.ts';
import { openStore, unsyncedAccountSettings, type Store } from '../store/index.ts';
import type { PrivateItem } from '../xmpp/index.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import {
  createAccountSettings,
  type AccountSettingsFeature,
  type SettingChange,
} from './account-settings.ts';
import { createConnection, type AccountConnection } from './connection.ts';

const NODE = 'urn:postcard:settings:0';
let folder: string;
let store: Store;
let server: RawServer;
let connection: AccountConnection;
let settings: AccountSettingsFeature;
let changes: SettingChange[];
/** What the server's node holds. */
let kept: Map<string, string>;
let refuses: boolean;

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const itemXml = ([id, text]: [string, string]) =>
  `<item id='${id}'><value xmlns='urn:postcard:private:0'>${escaped(text)}</value></item>`;
const stored = (value: unknown, changedAt: number) => JSON.stringify({ value, changedAt });

/** A server whose private node is the map above. */
function answer(xml: string): string | undefined {
  const id = /\bid=["']([^"']+)["']/.exec(xml)?.[1] ?? '';
  if (!xml.startsWith('<iq') || !xml.includes(NODE)) return undefined;
  if (refuses) {
    return `<iq xmlns='jabber:client' type='error' id='${id}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;
  }
  const item = /<item id="([^"]+)"><value[^>]*>([^<]*)</.exec(xml);
  if (xml.includes('<publish ') && item) kept.set(item[1]!, item[2]!.replaceAll('&quot;', '"'));
  const items = xml.includes('<items') ? [...kept].map(itemXml).join('') : '';
  return `<iq xmlns='jabber:client' type='result' id='${id}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${NODE}'>${items}</items></pubsub></iq>`;
}

const push = (from: string, item: PrivateItem) =>
  server.send(
    `<message xmlns='jabber:client' from='${from}' to='me@test.example' type='headline'><event xmlns='http://jabber.org/protocol/pubsub#event'><items node='${NODE}'>${itemXml([item.id, item.text])}</items></event></message>`,
  );
const changed = () => new Promise<void>((resolve) => settings.onChange(() => resolve()));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-settings-'));
  store = openStore({ file: join(folder, 'postcard.sqlite'), backupFolder: join(folder, 'backups') });
  kept = new Map();
  changes = [];
  refuses = false;
  server = await new RawServer({ answer }).listening();
  const events = createEvents();
  const log = () => undefined;
  const target = { domain: 'test.example', endpoint: server.url };
  const { db } = store;
  connection = createConnection({ address: 'me@test.example', password: 'secret', target, db, events, log });
  settings = createAccountSettings({ db, connection, events, log });
  settings.onChange((change) => changes.push(change));
});
afterEach(async () => {
  await connection.close({ resumable: false });
  await server.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async () => {
  connection.start();
  await connection.firstAttempt();
};

describe('account settings', () => {
  it('are the defaults at first, kept at once when offline, and given to the server later', async () => {
    expect(settings.all()).toMatchObject({
      whoCanMessage: 'everyone',
      whoCanInvite: 'friends',
      nudges: true,
      emojiTone: 0,
      recentEmoji: '',
    });
    settings.set('whoCanMessage', 'friends');
    expect(settings.get('whoCanMessage')).toBe('friends');
    expect(unsyncedAccountSettings(store.db)).toHaveLength(1);
    await start();
    expect(await settings.sync()).toBe(true);
    expect(JSON.parse(kept.get('whoCanMessage') ?? '')).toMatchObject({ value: 'friends' });
    expect(unsyncedAccountSettings(store.db)).toHaveLength(0);
  });

  it('take over what another device chose later, and not what it chose before', async () => {
    kept.set('nudges', stored(false, Date.now() + 60_000));
    kept.set('whoCanMessage', stored('no-one', 1));
    settings.set('whoCanMessage', 'friends');
    await start();
    await settings.sync();
    expect(settings.all()).toMatchObject({ nudges: false, whoCanMessage: 'friends' });
    expect(JSON.parse(kept.get('whoCanMessage') ?? '')).toMatchObject({ value: 'friends' });
    // A clock that is behind the other device's does not make a choice count for nothing.
    settings.set('nudges', true);
    await settings.sync();
    expect(settings.get('nudges')).toBe(true);
    expect(JSON.parse(kept.get('nudges') ?? '')).toMatchObject({ value: true });
  });

  it('hear of a change from my own account, and from nobody else', async () => {
    await start();
    await settings.sync();
    push('mallory@test.example', { id: 'whoCanMessage', text: stored('everyone', Date.now()) });
    push('mallory@test.example/x', { id: 'readStatus', text: stored(true, Date.now()) });
    const heard = changed();
    push('me@test.example', { id: 'whoCanMessage', text: stored('no-one', Date.now()) });
    await heard;
    expect(changes).toMatchObject([{ key: 'whoCanMessage', from: 'elsewhere' }]);
    expect(settings.all()).toMatchObject({ whoCanMessage: 'no-one', readStatus: false });
  });

  it.each([
    ['no JSON', '{'],
    ['another shape', '[]'],
    ['an unknown choice', stored('nobody-at-all', 5)],
    ['no time', JSON.stringify({ value: 'friends' })],
    ['a time that is none', JSON.stringify({ value: 'friends', changedAt: 1e300 })],
    ['far too much', stored('x'.repeat(20_000), 5)],
  ])('leave what it is when the server has %s', async (_name, text) => {
    kept.set('whoCanMessage', text);
    kept.set('__proto__', stored('x', 5));
    await start();
    expect(await settings.sync()).toBe(true);
    expect(settings.get('whoCanMessage')).toBe('everyone');
  });

  it('stay on this device where the server keeps no such data', async () => {
    refuses = true;
    settings.set('nudges', false);
    await start();
    expect(await settings.sync()).toBe(false);
    expect(settings.get('nudges')).toBe(false);
    expect(unsyncedAccountSettings(store.db)).toHaveLength(1);
  });

  it('keep a key of a newer version as it is', async () => {
    kept.set('something-new', stored({ deep: [1] }, 7));
    await start();
    await settings.sync();
    settings.set('nudges', false);
    await settings.sync();
    expect(kept.get('something-new')).toBe(stored({ deep: [1] }, 7));
  });

  it('adopt what holds on the server without making it a choice', () => {
    settings.adopt('whoCanMessage', 'friends');
    settings.adopt('whoCanMessage', 'everyone');
    settings.adopt('whoCanMessage', 'no-one');
    expect(settings.get('whoCanMessage')).toBe('no-one');
    expect(settings.isUntouched('whoCanMessage')).toBe(true);
    settings.set('whoCanMessage', 'friends');
    expect(settings.isUntouched('whoCanMessage')).toBe(false);
    settings.adopt('whoCanMessage', 'everyone');
    expect(settings.get('whoCanMessage')).toBe('friends');
  });
});
