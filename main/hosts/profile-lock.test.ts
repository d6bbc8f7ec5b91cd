import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lockOrAsk, lockProfile, type ProfileLock } from './profile-lock.ts';

const held: ProfileLock[] = [];
afterEach(() => {
  for (const lock of held.splice(0)) lock.release();
});

const folder = () => mkdtempSync(join(tmpdir(), 'postcard-lock-'));
const silent = () => Promise.resolve(null);

async function take(where: string, onSecondStart = silent as () => Promise<string | null>) {
  const lock = await lockProfile(where, onSecondStart);
  if (lock !== null) held.push(lock);
  return lock;
}

/** Another process that takes the lock and prints a line once it has it. */
async function otherProcess(where: string) {
  const code = `
    import { lockProfile } from ${JSON.stringify(new URL('profile-lock.ts', import.meta.url).href)};
    const lock = await lockProfile(process.argv[1], () => Promise.resolve('answered by ' + process.pid));
    console.log(lock === null ? 'held' : 'locked');
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', code, where], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: line.toString().trim() };
}

describe('profile lock', () => {
  it('lets one in, and the next one after the release', async () => {
    const where = folder();
    const first = await take(where);
    expect(first).not.toBeNull();
    expect(await take(where)).toBeNull();
    first?.release();
    expect(await take(where)).not.toBeNull();
  });

  it('keeps profiles apart', async () => {
    expect(await take(folder())).not.toBeNull();
    expect(await take(folder())).not.toBeNull();
  });

  it('gives a second start what the first one answers', async () => {
    const where = folder();
    let starts = 0;
    await take(where, () => Promise.resolve(`line ${String((starts += 1))}`));
    expect(await lockOrAsk(where, silent)).toEqual({ answer: 'line 1' });
    expect(await lockOrAsk(where, silent)).toEqual({ answer: 'line 2' });
  });

  it('waits for an answer that is not there yet', async () => {
    const where = folder();
    let ready: (line: string) => void = () => undefined;
    await take(where, () => new Promise((resolve) => (ready = resolve)));
    const asked = lockOrAsk(where, silent);
    const until = Date.now() + 5000;
    const poll = setInterval(() => {
      ready('ready now');
      if (Date.now() > until) clearInterval(poll);
    }, 10);
    expect(await asked).toEqual({ answer: 'ready now' });
    clearInterval(poll);
  });

  it('excludes another process, and is free at once when that is killed', async () => {
    const where = folder();
    const { child, said } = await otherProcess(where);
    expect(said).toBe('locked');
    expect(await take(where)).toBeNull();
    expect(await lockOrAsk(where, silent)).toEqual({ answer: `answered by ${String(child.pid)}` });
    child.kill('SIGKILL');
    await once(child, 'exit');
    // What the dead one left behind names a port that nobody serves.
    expect(JSON.parse(readFileSync(join(where, 'running.json'), 'utf8'))).toHaveProperty('port');
    const next = await lockOrAsk(where, silent);
    expect(next).toHaveProperty('lock');
    if ('lock' in next) held.push(next.lock);
  });

  it('of two that start at once, one runs and the other asks', async () => {
    const where = folder();
    const both = await Promise.all([1, 2].map(() => lockOrAsk(where, () => Promise.resolve('the first'))));
    for (const each of both) if ('lock' in each) held.push(each.lock);
    expect(both.filter((each) => 'lock' in each)).toHaveLength(1);
    expect(both.filter((each) => 'answer' in each)).toEqual([{ answer: 'the first' }]);
  });

  it('gives up in words when the first one does not answer', async () => {
    const where = folder();
    await take(where, () => Promise.reject(new Error('broken')));
    await expect(lockOrAsk(where, silent, 300)).rejects.toThrow(/does not answer/);
  });

  it('tells nothing to a program without the key', async () => {
    const where = folder();
    let asked = false;
    await take(where, () => {
      asked = true;
      return Promise.resolve('http://secret');
    });
    const { port } = JSON.parse(readFileSync(join(where, 'running.json'), 'utf8')) as { port: number };
    const socket = connect(port, '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk) => (heard += chunk.toString()));
    socket.write('guess\n');
    await once(socket, 'close');
    expect(heard).toBe('');
    expect(asked).toBe(false);
  });

  it('survives a contact file that is rubbish', async () => {
    const where = folder();
    writeFileSync(join(where, 'running.json'), '{"port": "x"');
    expect(await take(where)).not.toBeNull();
  });

  it.skipIf(process.platform === 'win32')('keeps the key from other users', async () => {
    const where = folder();
    await take(where);
    expect(statSync(join(where, 'running.json')).mode & 0o777).toBe(0o600);
  });
});
