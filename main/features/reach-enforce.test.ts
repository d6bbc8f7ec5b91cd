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
  const writes = () => server.received.filter((xml) => /jabber:iq:privacy.*<item /.test(xml)).length;
  /** Another app writes a list that lets everybody in, and the server tells of it (XEP-0016 section 2.6). */
  const overwrite = () => {
    list = `<list name='postcard'><item action='allow' order='1'/></list>`;
    server.send(
      `<iq xmlns='jabber:client' type='set' id='push'><query xmlns='jabber:iq:privacy'><list name='postcard'/></query></iq>`,
    );
  };
  return { reach, settings, overwrite, writes };
}

it('a choice is not said to be enforced where the list could not be written once more', async () => {
  const { reach, settings, overwrite, writes } = await account();
  const enforced = () => vi.waitUntil(() => reach.isEnforced(), { timeout: 10_000 });
  await enforced();
  // Somebody who can't decide is heard, however often.
  for (const choice of ['friends', 'no-one', 'friends', 'no-one', 'friends', 'no-one', 'friends'] as const) {
    settings.set('whoCanMessage', choice);
    await enforced();
  }
  const before = writes();
  expect(before).toBe(8);
  for (let times = 1; times <= 5; times += 1) {
    overwrite();
    await vi.waitUntil(() => writes() === before + times && reach.isEnforced(), { timeout: 10_000 });
  }
  overwrite();
  await vi.waitUntil(() => !reach.isEnforced(), { timeout: 10_000 });
  expect(writes()).toBe(before + 5);
  expect(reach.handlers['reach.state']({})).toMatchObject({ enforcedBy: 'server', waiting: true });
});
