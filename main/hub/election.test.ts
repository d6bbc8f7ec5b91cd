import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { joinHub } from './election.ts';
import { startHub } from './index.ts';
import { startHubInWorker } from './in-worker.ts';
import { NS } from './namespaces.ts';
import { letIn, login, settled } from './testing/raw-client.ts';
import { el, elements, serialize } from './xml.ts';
import type { ChildProcess } from 'node:child_process';
import type { HubMembership } from './election.ts';

const STANDALONE = fileURLToPath(new URL('../hosts/hub/index.ts', import.meta.url));
let home: string;
const children: ChildProcess[] = [];
const members: HubMembership[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
});
afterEach(async () => {
  for (const member of members.splice(0)) await member.close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

interface Run {
  child: ChildProcess;
  line: Promise<string>;
  ended: Promise<number | null>;
  errors: string[];
}

function run(...args: string[]): Run {
  const child = spawn('node', [STANDALONE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const line = new Promise<string>((resolve) =>
    createInterface({ input: child.stdout }).once('line', resolve),
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, line, ended, errors };
}

const urlIn = (line: string): string => /ws:\S+/.exec(line)?.[0] ?? '';

async function joinHere(preferredPort = 0): Promise<HubMembership> {
  const member = await joinHub({ home, preferredPort, host: startHub });
  members.push(member);
  return member;
}

function nextUrl(member: HubMembership): Promise<string> {
  return new Promise((resolve) => {
    const stop = member.onChange((url) => {
      if (!url) return;
      stop();
      resolve(url);
    });
  });
}

it('takes over within two seconds of a kill -9, at the same address, with every acknowledged message', async () => {
  const first = run('--home', home);
  const url = urlIn(await first.line);
  const [a, b] = [await joinHere(), await joinHere()];
  expect([a.hosting(), b.hosting(), a.url()]).toEqual([false, false, url]);
  const anna = await login(url, 'anna');
  anna.send(el('enable', NS.sm, { resume: 'true' }));
  const absent = await login(url, 'bert', 'one', false);
  await letIn(absent, 'anna@localhost');
  await absent.kill();
  for (let i = 0; i < 50; i++) anna.message('bert@localhost', `m${i}`);
  anna.send(el('r', NS.sm));
  expect((await anna.named('a', NS.sm)).attrs.h).toBe('50');

  const changes = [nextUrl(a), nextUrl(b)];
  const killedAt = performance.now();
  first.child.kill('SIGKILL');
  expect(await Promise.all(changes)).toEqual([url, url]);
  expect(performance.now() - killedAt).toBeLessThan(2_000);
  expect([a.hosting(), b.hosting()].filter(Boolean)).toHaveLength(1);

  const bert = await login(url, 'bert');
  await bert.body('m49');
  // The assistant greeted both, hence the filter.
  const own = Array.from({ length: 50 }, (_, i) => `m${i}`);
  expect(bert.bodies().filter((body) => /^m\d/.test(body))).toEqual(own);
  const again = await login(url, 'anna');
  await again.iq('set', undefined, el('query', NS.mam));
  await settled(again);
  expect(
    again.received.filter((e) => />m\d+</.test(serialize(e)) && elements(e, 'result', NS.mam).length > 0),
  ).toHaveLength(50);
}, 30_000);

it('hands over when the host closes properly, several times over', async () => {
  const all = [await joinHere(), await joinHere(), await joinHere()];
  const url = all[0]?.url();
  for (let round = 0; round < 2; round++) {
    const host = all.find((member) => member.hosting());
    const others = all.filter((member) => member !== host);
    const changes = others.map(nextUrl);
    await host?.close();
    expect(new Set(await Promise.all(changes))).toEqual(new Set([url]));
    all.splice(0, all.length, ...others);
  }
});

it('ends at once for who quits while they take over', async () => {
  const first = await joinHere();
  const starting = Promise.withResolvers<undefined>();
  const mayStart = Promise.withResolvers<undefined>();
  const second = await joinHub({
    home,
    host: async (options) => {
      starting.resolve(undefined);
      await mayStart.promise;
      return startHub(options);
    },
  });
  await first.close();
  await starting.promise;
  const closed = second.close();
  mayStart.resolve(undefined);
  await closed;
  const after = await joinHere();
  expect(after.hosting()).toBe(true);
});

it('keeps two homes apart', async () => {
  const other = mkdtempSync(join(tmpdir(), 'home-'));
  const one = await joinHere();
  const two = await joinHub({ home: other, host: startHub });
  expect([one.hosting(), two.hosting()]).toEqual([true, true]);
  expect(one.url()).not.toBe(two.url());
  await two.close();
  rmSync(other, { recursive: true });
});

it('says when the port asked for belongs to another program', async () => {
  const foreign = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => foreign.once('listening', resolve));
  const address = foreign.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(joinHere(port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const command = run('--home', home, '--port', String(port));
  expect(await command.ended).toBe(2);
  expect(command.errors).toEqual([`Port ${port} is in use by another program. Choose another with --port.`]);
  foreign.close();
});

it('runs alone, points a second start to the first, and stops cleanly', async () => {
  const first = run('--home', home);
  const line = await first.line;
  expect(line).toMatch(/^Hub is ready: ws:\/\/127\.0\.0\.1:\d+\/xmpp-websocket$/);
  const second = run('--home', home);
  expect(await second.line).toContain(urlIn(line));
  expect(await second.ended).toBe(0);
  // Ctrl+C reaches a group of processes, and some of them pass it on.
  first.child.kill('SIGTERM');
  setTimeout(() => first.child.kill('SIGINT'), 3);
  expect(await first.ended).toBe(0);
  const wrong = run('--nope');
  expect(await wrong.ended).toBe(2);
  expect(wrong.errors).toHaveLength(1);
  const unwritable = run('--home', '/dev/null/x');
  expect(await unwritable.ended).toBe(2);
  expect(unwritable.errors).toHaveLength(1);
}, 30_000);

it('serves from a worker thread and reports a busy port with its code', async () => {
  const options = { folder: join(home, 'hub'), port: 0, homeId: 'w' };
  const worker = new URL('worker.ts', import.meta.url);
  const hub = await startHubInWorker(options, worker);
  const anna = await login(hub.url, 'anna');
  const greeting = await anna.next((e) => e.name === 'message', 'the greeting');
  expect(serialize(greeting)).toContain('Postcard');
  await expect(startHubInWorker({ ...options, port: hub.port }, worker)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await hub.close();
});
