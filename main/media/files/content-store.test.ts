import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openContentStore } from './content-store.ts';
import type { ContentStore } from './content-store.ts';

let folder: string;
let store: ContentStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-files-'));
  store = await openContentStore(folder);
});

afterEach(() => rm(folder, { recursive: true }));

const bytesOf = async (opened: { stream: ReadableStream<Uint8Array> }) =>
  Buffer.from(await new Response(opened.stream).arrayBuffer());

/** Makes a stored file look unused for so many hours. */
function age(sha256: string, hours: number): void {
  const then = Date.now() / 1000 - hours * 3600;
  utimesSync(join(folder, sha256.slice(0, 2), sha256.slice(2)), then, then);
}

test('the same content twice at once is stored once, for its owner alone', async () => {
  const bytes = Buffer.alloc(300_000, 7);
  const added = await Promise.all(Array.from({ length: 6 }, () => store.addBytes(bytes)));
  expect(new Set(added.map((one) => one.path)).size).toBe(1);
  expect(added[0]?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(await store.usage()).toBe(300_000);
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  if (process.platform !== 'win32') expect(statSync(added[0]?.path ?? '').mode & 0o777).toBe(0o600);
});

test('files are read whole and in ranges, and only by their hash', async () => {
  const path = join(folder, 'source');
  await writeFile(path, 'GIF89a and more');
  const { sha256, mediaType } = await store.addFile(path);
  expect(mediaType).toBe('image/gif');
  expect((await bytesOf(store.open(sha256))).toString()).toBe('GIF89a and more');
  const part = store.open(sha256, { start: 3, end: 5 });
  expect(part.bytes).toBe(3);
  expect((await bytesOf(part)).toString()).toBe('89a');
  expect(store.open(sha256, { start: 10, end: 999 }).bytes).toBe(5);
  expect(() => store.open(sha256, { start: 99 })).toThrow(RangeError);
  expect(() => store.open('../../etc/passwd')).toThrow(expect.objectContaining({ code: 'file-missing' }));
  expect(store.path('a'.repeat(63) + '/')).toBeNull();
  await store.remove(sha256);
  expect(store.has(sha256)).toBe(false);
  await expect(store.addFile(join(folder, 'absent'))).rejects.toMatchObject({ code: 'file-missing' });
});

test('a stream that is too long, fails or is cancelled leaves nothing', async () => {
  async function* chunks(fail: boolean) {
    yield Buffer.alloc(1000);
    if (fail) throw new Error('connection lost');
    yield Buffer.alloc(1000);
  }
  await expect(store.addStream(chunks(false), { maxBytes: 1500 })).rejects.toMatchObject({
    code: 'image-too-large',
  });
  await expect(store.addStream(chunks(true))).rejects.toMatchObject({ code: 'media-failed' });
  const controller = new AbortController();
  const cancelled = store.addStream(chunks(false), {
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  expect(await store.usage()).toBe(0);
});

test('clean-up takes orphans after an hour, and the least recently used down to the quota', async () => {
  const [orphan, fresh, old, older, own] = await Promise.all(
    [1, 2, 3, 4, 5].map((fill) => store.addBytes(Buffer.alloc(1000, fill))),
  );
  if (!orphan || !fresh || !old || !older || !own) throw new Error('five were added');
  age(orphan.sha256, 2);
  age(old.sha256, 10);
  age(older.sha256, 20);
  age(own.sha256, 30);
  const kept = new Set([old.sha256, older.sha256, own.sha256]);
  const result = await store.collect((sha256) => kept.has(sha256), {
    quotaBytes: 3000,
    evictable: (sha256) => sha256 !== own.sha256,
  });
  expect(result).toEqual({ removed: 2, bytes: 2000 });
  const left = [orphan, fresh, old, older, own].map((one) => store.has(one.sha256));
  expect(left).toEqual([false, true, true, false, true]);
});

test('adding again what is about to be collected keeps it', async () => {
  const bytes = Buffer.alloc(1000, 9);
  const { sha256 } = await store.addBytes(bytes);
  age(sha256, 5);
  await Promise.all([
    store.collect(() => false, { quotaBytes: 0, evictable: () => true }),
    store.addBytes(bytes),
  ]);
  expect(store.has(sha256)).toBe(true);
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

function mounts(): boolean {
  const probe = join(tmpdir(), `postcard-mount-${process.pid}`);
  mkdirSync(probe, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    // Not allowed here (a container without the right to mount): the test below says so.
    return false;
  }
}

test.skipIf(!canMount)(
  'a full disk: disk-full, and no partial file (needs the right to mount a tmpfs)',
  async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
    try {
      const full = await openContentStore(small);
      await expect(full.addBytes(Buffer.alloc(2_000_000, 1))).rejects.toMatchObject({ code: 'disk-full' });
      expect(readdirSync(join(small, 'tmp'))).toEqual([]);
      expect((await full.addBytes(Buffer.alloc(1000, 1))).bytes).toBe(1000);
    } finally {
      execFileSync('umount', ['-l', small]);
    }
  },
);
