import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { startHub, type Hub, type HubOptions } from '../index.ts';

/** The hub of the test that runs. */
export interface TestHub {
  /** ws://127.0.0.1:PORT/xmpp-websocket; another one after a start. */
  readonly url: string;
  readonly folder: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A hub in a folder of its own for each test of a file; a test fails where the hub logged that something failed. */
export function testHub(changes: Pick<HubOptions, 'assistant'> = { assistant: false }): TestHub {
  const logged: string[] = [];
  const log = (line: string) => void logged.push(line);
  let folder = '';
  let hub: Hub | null = null;
  const start = async () => {
    hub = await startHub({ folder, port: 0, homeId: 'test', log, ...changes });
  };
  const stop = async () => {
    await hub?.close();
    hub = null;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hub-'));
    logged.length = 0;
    await start();
  });
  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true });
    expect(logged.filter((line) => line.includes('failed'))).toEqual([]);
  });
  return {
    get url() {
      if (!hub) throw new Error('the hub does not run');
      return hub.url;
    },
    get folder() {
      return folder;
    },
    start,
    stop,
  };
}
