import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { joinHub } from '../hub/election.ts';
import { startHub } from '../hub/index.ts';
import { createHubAccess, type HubAccess } from './hub-access.ts';

let home: string;
let other: Server;
let access: HubAccess;
let moves: (string | null)[];
let closed: number;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'postcard-access-'));
  other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const preferredPort = (other.address() as AddressInfo).port;
  moves = [];
  closed = 0;
  access = createHubAccess({
    join: () =>
      joinHub({
        home,
        preferredPort,
        host: async (options) => {
          const hub = await startHub(options);
          return { ...hub, close: () => hub.close().finally(() => (closed += 1)) };
        },
      }),
    moved: (url) => void moves.push(url),
    log: () => undefined,
  });
});
afterEach(async () => {
  await access.close();
  other.close();
  rmSync(home, { recursive: true, force: true });
});

it('is found by itself when what was in its way is gone', async () => {
  access.lookFor();
  await vi.waitUntil(() => moves.includes(null), { timeout: 5_000 });
  await new Promise((resolve) => other.close(resolve));
  await vi.waitUntil(() => access.url() !== null, { timeout: 10_000 });
  expect(moves.at(-1)).toBe(access.url());
});

it('does not go on hosting when it is closed while it is being joined', async () => {
  await new Promise((resolve) => other.close(resolve));
  access.lookFor();
  await access.close();
  expect(closed).toBe(1);
});
