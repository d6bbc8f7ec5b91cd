import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Params } from '../../contract/index.ts';
import type { ReportSummary } from '../../contract/reports.ts';
import * as verifier from '../../scripts/verify-report.mjs';
import { describeEachServer, newName } from '../support/each-server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { Person } from '../support/people.ts';
import { fixture } from '../support/photos.ts';
import { rawClient } from '../support/raw-client.ts';
import type { TestServer } from '../support/servers.ts';
import { until } from '../support/wait.ts';

const toClose: { close(): Promise<void> }[] = [];
const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
  const started = await starting;
  toClose.push(started);
  return started;
};
afterEach(async () => {
  for (const one of toClose.splice(0).reverse()) await one.close();
});

/** Anna, who let Mallory in, and what Mallory wrote. */
async function bothOn(server: TestServer) {
  const [a, m] = [newName('anna'), newName('mallory')];
  const anna = await opened(Person.create(server, a));
  const mallory = await opened(Person.create(server, m));
  const address = `${m}@localhost`;
  await anna.write(address, 'hello');
  await mallory.message(`${a}@localhost`, ({ text }) => text === 'hello').catch(() => undefined);
  await mallory.write(`${a}@localhost`, 'give me money');
  await mallory.sendPhoto(`${a}@localhost`, fixture('photo.webp'), 'my shop');
  await anna.message(
    address,
    ({ text, attachments }) => text === 'my shop' && attachments[0]?.state === 'ready',
  );
  return { anna, mallory, address, own: `${a}@localhost` };
}

async function report(
  anna: Person,
  address: string,
  given: Partial<Params<'reports.create'>> = {},
): Promise<ReportSummary> {
  const asked = (await anna.messagesWith(address)).find(({ text }) => text === 'give me money');
  if (!asked) throw new Error('it was received');
  const { messages } = await anna.call('reports.prepare', {
    address,
    messageId: asked.id,
    before: 5,
    after: 5,
  });
  return anna.call('reports.create', {
    token: randomUUID(),
    address,
    messageId: asked.id,
    messages: messages.map(({ id }) => id),
    files: true,
    profile: true,
    reason: 'scam',
    details: 'wants money',
    send: true,
    block: false,
    ...given,
  });
}

const sending = async (anna: Person, id: number) => (await anna.call('reports.get', { id })).sending;
const becomes = (anna: Person, id: number, state: ReportSummary['sending']) =>
  until(async () => (await sending(anna, id)) === state, { what: `the report to be ${state}` });

/** Exports and verifies; the problems found. */
async function problemsOf(anna: Person, id: number) {
  const { url } = await anna.call('reports.export', { id });
  const zip = await anna.media(url);
  const file = join(temporaryFolder('report'), 'report.zip');
  writeFileSync(file, zip);
  const found = verifier.verifyZip(file);
  rmSync(file);
  return found;
}

const abuse = 'xmpp:admin@localhost';

describeEachServer(
  'reports',
  (server) => {
    it('reach whom the server names, once, and stay as they were when messages are gone', async () => {
      const admin = server().kind === 'hub' ? null : await opened(rawClient(server(), 'admin'));
      admin?.agent.sendPresence();
      const { anna, address, own } = await bothOn(server());
      const token = randomUUID();
      const [one, two] = await Promise.all([
        report(anna, address, { token }),
        report(anna, address, { token }),
      ]);
      expect(two.id).toBe(one.id);
      await becomes(anna, one.id, 'sent');
      expect(
        await anna.call('reports.prepare', { address, messageId: null, before: 0, after: 0 }),
      ).toMatchObject({
        contact: 'message',
        messages: [],
      });
      if (admin) {
        const of = () => admin.frames.filter((xml) => xml.includes(token) && xml.includes('<body'));
        await until(() => of().length > 0, { what: 'the report' });
        expect(of()[0]).toContain(one.sha256);
        expect(of()[0]).toContain('give me money');
        expect(of()).toHaveLength(1);
      }
      expect(await problemsOf(anna, one.id)).toMatchObject({
        problems: [],
        facts: { whole: one.sha256, files: 1 },
      });
      // Another device, or this one after a restart, sees no conversation of it.
      await anna.restart();
      await anna.connected();
      const inbox = await anna.call('conversations.list', { folder: 'inbox', before: null, limit: 50 });
      expect(inbox.items.map((item) => item.address).filter((item) => /abuse|admin/.test(item))).toEqual([]);
      expect(await sending(anna, one.id)).toBe('sent');
      expect(own).toContain('anna');
    });

    it('are kept at once while offline, and sent once when the server is there again', async () => {
      const { anna, address } = await bothOn(server());
      await server().stop('cleanly');
      await until(async () => (await anna.call('connection.state', {})).state !== 'connected', {
        what: 'offline',
      });
      const made = await report(anna, address);
      expect(made.sending).toBe('waiting');
      await anna.restart();
      expect(await sending(anna, made.id)).toBe('waiting');
      expect((await problemsOf(anna, made.id)).problems).toEqual([]);
      await server().start();
      await anna.call('connection.retry', {});
      await becomes(anna, made.id, 'sent');
    }, 120_000);
  },
  { abuse },
);

describeEachServer(
  'reports where the server names nobody',
  (server) => {
    it('are kept, say so, and go along with the block', async () => {
      const admin = await opened(rawClient(server(), 'admin'));
      admin.agent.sendPresence();
      const { anna, address } = await bothOn(server());
      const made = await report(anna, address, { block: true });
      await becomes(anna, made.id, 'nobody');
      const blocked = async () => (await anna.call('reach.blocked', {})).items.some((one) => !one.waiting);
      await until(blocked, { what: 'the block' });
      // Only Prosody has means to take it.
      if (server().kind === 'prosody')
        await until(() => admin.frames.some((xml) => xml.includes(address) && xml.includes('wants money')), {
          what: 'the report of the block',
        });
      expect((await problemsOf(anna, made.id)).problems).toEqual([]);
    });
  },
  { kinds: ['prosody', 'ejabberd'] },
);
