import { existsSync, utimesSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openContentStore, type ContentStore } from './content-store.ts';
import { findThumbnail, noteThumbnail } from './thumbnail-index.ts';

let folder: string;
let store: ContentStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-forget-'));
  store = await openContentStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const later = () => Date.now() + 10_000;

test('a file goes with its thumbnails, in every size, and nothing else does', async () => {
  const [photo, other] = [
    await store.addBytes(Buffer.from('photo')),
    await store.addBytes(Buffer.from('other')),
  ];
  const made = await Promise.all([1, 2, 3].map((n) => store.addBytes(Buffer.from(`thumbnail ${n}`))));
  const [small, large, others] = made;
  await noteThumbnail(folder, photo.sha256, 320, small!);
  await noteThumbnail(folder, photo.sha256, 640, large!);
  await noteThumbnail(folder, other.sha256, 640, others!);
  await store.forget(photo.sha256, later());
  expect([photo, small!, large!].some(({ path }) => existsSync(path))).toBe(false);
  expect(await findThumbnail(folder, store, photo.sha256, 640)).toBeNull();
  expect(await findThumbnail(folder, store, other.sha256, 640)).not.toBeNull();
  // Not there, or no hash at all.
  await store.forget(photo.sha256, later());
  await store.forget('../../etc/passwd', later());
});

test('what was used since, or is held, stays with its thumbnails', async () => {
  const [photo, small] = [
    await store.addBytes(Buffer.from('photo')),
    await store.addBytes(Buffer.from('thumbnail')),
  ];
  await noteThumbnail(folder, photo.sha256, 320, small);
  await store.forget(photo.sha256, Date.now() - 10_000);
  const release = [store.hold(photo.sha256), store.hold(photo.sha256)];
  release[0]?.();
  release[0]?.();
  await store.forget(photo.sha256, later());
  await store.collect(() => false, { quotaBytes: Infinity, evictable: () => false, before: later() });
  expect(await findThumbnail(folder, store, photo.sha256, 320)).not.toBeNull();
  expect(store.has(photo.sha256)).toBe(true);
  release[1]?.();
  await store.forget(photo.sha256, later());
  expect([photo, small].some(({ path }) => existsSync(path))).toBe(false);
});

test('what nobody keeps goes although it is young, if it was last used before that time', async () => {
  const [early, late] = [
    await store.addBytes(Buffer.from('early')),
    await store.addBytes(Buffer.from('late')),
  ];
  const before = Date.now() - 10_000;
  utimesSync(early.path, before / 1000 - 1, before / 1000 - 1);
  await store.collect(() => false, { quotaBytes: Infinity, evictable: () => false, before });
  expect([early, late].map(({ path }) => existsSync(path))).toEqual([false, true]);
});
