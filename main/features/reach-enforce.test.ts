import { expect, it, onTestFinished, vi } from 'vitest';
import { createEvents } from '../events.ts';
import { newStore } from '../store/testing/fixtures.ts';
import { RawServer } from '../xmpp/raw-server.fixture.ts';
import { createAccountSettings } from './account-settings.ts';
import { createChanges } from './changes.ts';
import { createConnection } from './connection.ts';
import { createReach } from './reach.ts';

const own = 'me@test.example';

/** A server with one privacy list, as it was last written. */
async function account() {
  const db = newStore();
  let list = '';
  let isDefault = false;
  const server = await new RawServer({
    answer: (xml) => {
      const id = /\bid="([^"]+)"/.exec(xml)?.[1] ?? '';
      if (!xml.startsWith('<iq') || !xml.includes('jabber:iq:privacy')) return undefined;
      const written = /<list name="postcard">.*<\/list>/.exec(xml)?.[0];
      if (written) list = written;
      if (xml.includes('<default')) isDefault = true;
      const names = isDefault ? `<default name='postcard'/><list name='postcard'/>` : '';
      const content = xml.includes('type="set"') ? '' : xml.includes('<list') ? list : names;
      return `<iq xmlns='jabber:client' type='result' id='${id}'><query xmlns='jabber:iq:privacy'>${content}</query></iq>`;
    },
  }).listening();
  const events = createEvents();
  const log = () => undefined;
  const target = { domain: 'test.example', endpoint: server.url };
  const connection = createConnection({ address: own, password: 'secret', target, db, events, log });
  const settings = createAccountSettings({ db, connection, events, log });
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const reach = createReach({
    db,
    ownAddress: own,
    connection,
    settings,
    changes,
    events,
    open: [],
    report: () => null,
    reported: () => undefined,
    log,
  });
  onTestFinished(async () => {
    reach.close();
    changes.close();
    await connection.close({ resumable: false });
    await server.stop();
  });
  connection.start();
  await vi.waitUntil(() => connection.isReady(), { timeout: 10_000 });
  const reads = () => server.received.filter((xml) => /type="get".*jabber:iq:privacy/.test(xml)).length;
  const writes = () => server.received.filter((xml) => /jabber:iq:privacy.*<item /.test(xml)).length;
  return { reach, settings, reads, writes };
}

it('a choice is not said to be enforced where the list could not be written once more', async () => {
  const { reach, settings, reads, writes } = await account();
  await vi.waitUntil(() => reach.isEnforced(), { timeout: 10_000 });
  // Somebody who can't decide: the first writings go through.
  for (const choice of ['friends', 'no-one', 'friends', 'no-one', 'friends'] as const) {
    settings.set('whoCanMessage', choice);
    await vi.waitUntil(() => reach.isEnforced(), { timeout: 10_000 });
  }
  const [before, written] = [reads(), writes()];
  settings.set('whoCanMessage', 'no-one');
  expect(reach.isEnforced()).toBe(false);
  // Default list and rules are read again, and nothing more is written.
  await vi.waitUntil(() => reads() >= before + 2, { timeout: 10_000 });
  settings.set('readStatus', true);
  await settings.sync();
  expect([reach.isEnforced(), writes()]).toEqual([false, written]);
  expect(reach.handlers['reach.state']({})).toMatchObject({ enforcedBy: 'server', waiting: true });
});
