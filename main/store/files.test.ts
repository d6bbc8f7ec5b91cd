import { expect, test } from 'vitest';
import type { StagedPhotoId } from '../../contract/ids.ts';
import { neutralRecipe } from '../../contract/photo-recipe.ts';
import {
  addGap,
  addStaged,
  attachmentById,
  attachmentsOfMessage,
  attachmentsToDownload,
  closeGap,
  evictable,
  gaps,
  insertInbound,
  insertOutgoing,
  listStaged,
  localFilesInUse,
  markEvicted,
  messageById,
  narrowGap,
  newestArchived,
  photoChoice,
  readState,
  removeStaged,
  reorder,
  setAttachmentState,
  setCaption,
  setLocalFile,
  setNewestArchived,
  setPhotoChoice,
  setRecipe,
  stagedById,
  upsertPerson,
  writeState,
  type StagedRow,
} from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const live = { order: 'live', countUnread: true } as const;
const photo = { kind: 'photo', name: 'a.jpg', mediaType: 'image/jpeg' } as const;
const measured = { bytes: 9, mediaType: 'image/png', width: 4, height: 3 } as const;

test('a received photo: waiting, failed, here, evicted', () => {
  const db = newStore();
  const attachments = [{ ...photo, url: 'https://x.example/1', width: 8 }];
  const { id } = insertInbound(db, inbound(direct(db, 'bob@home.example'), { attachments }), live);
  const [a] = attachmentsOfMessage(db, id);
  if (!a) throw new Error('no attachment');
  expect(a).toMatchObject({ state: 'remote', width: 8, height: null, problem: null });
  setAttachmentState(db, a.id, 'downloading');
  expect(attachmentsToDownload(db, 5).map((x) => x.id)).toEqual([a.id]);
  setAttachmentState(db, a.id, 'failed', { code: 'download-failed', detail: { status: 404 } });
  expect(messageById(db, id)?.attachments[0]).toMatchObject({
    state: 'failed',
    problem: { detail: { status: 404 } },
  });
  setLocalFile(db, a.id, { ...measured, sha256: 'aa', thumbhash: 'th' });
  expect(attachmentById(db, a.id)).toMatchObject({
    ...measured,
    state: 'ready',
    problem: null,
    localSha256: 'aa',
    thumbhash: 'th',
  });
  expect(messageById(db, id)?.attachments[0]).not.toHaveProperty('localSha256');
  expect([...evictable(db)]).toEqual(['aa']);
  expect(markEvicted(db, 'aa')).toEqual([id]);
  expect(attachmentById(db, a.id)).toMatchObject({ state: 'remote', localSha256: null });
});

test('only what can be fetched again may go', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const received = (localSha256: string, url: string | null = 'https://x.example/') =>
    insertInbound(
      db,
      inbound(bob, { wireId: localSha256, attachments: [{ ...photo, url, localSha256 }] }),
      live,
    );
  for (const sha256 of ['free', 'sent', 'staged', 'avatar', 'twice']) received(sha256);
  received('no-address', null);
  insertInbound(
    db,
    inbound(bob, { text: 'again', attachments: [{ ...photo, url: null, localSha256: 'twice' }] }),
    live,
  );
  insertOutgoing(db, {
    conversationId: bob,
    originId: 'o',
    text: '',
    sentAt: 1,
    senderAddress: me,
    attachments: [{ ...photo, localSha256: 'sent' }],
  });
  addStaged(db, { ...staged, conversationId: bob, sha256: 'staged' });
  upsertPerson(db, { address: 'bob@home.example', avatarSha256: 'avatar' });
  expect([...evictable(db)]).toEqual(['free']);
  expect([...localFilesInUse(db)].sort()).toEqual([
    'avatar',
    'free',
    'no-address',
    'sent',
    'staged',
    'twice',
  ]);
});

const staged: Omit<StagedRow, 'id' | 'conversationId' | 'recipe'> = {
  name: 'a.jpg',
  mediaType: 'image/jpeg',
  bytes: 1,
  width: 2,
  height: 3,
  animated: false,
  hasLocation: true,
  caption: '',
  sha256: 'aa',
  frames: 1,
};

test('staged photos keep their order and captions', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const [a, b, c] = ['a', 'b', 'c'].map(
    (name) => addStaged(db, { ...staged, conversationId: bob, name }).id,
  ) as [StagedPhotoId, StagedPhotoId, StagedPhotoId];
  const elsewhere = addStaged(db, { ...staged, conversationId: direct(db, 'eve@home.example') }).id;
  reorder(db, bob, [c, elsewhere, c, a]);
  expect(listStaged(db, bob).map((p) => p.id)).toEqual([c, a, b]);
  expect([setCaption(db, a, 'sea'), setCaption(db, 99 as StagedPhotoId, '')]).toEqual([true, false]);
  expect(stagedById(db, a)).toEqual({
    ...staged,
    id: a,
    conversationId: bob,
    name: 'a',
    caption: 'sea',
    recipe: null,
  });
  expect([removeStaged(db, c), removeStaged(db, c)]).toEqual([true, false]);
  expect(addStaged(db, { ...staged, conversationId: bob }).id).toBeGreaterThan(elsewhere);
});

test('holes in the archive are noted, narrowed and closed', () => {
  const db = newStore();
  const old = addGap(db, { afterId: null, afterAt: null, beforeId: 'm', beforeAt: 50 });
  const open = addGap(db, { afterId: 'z', afterAt: 90, beforeId: null, beforeAt: null });
  expect(gaps(db).map((g) => g.id)).toEqual([open, old]);
  narrowGap(db, open, { beforeId: 'zz', beforeAt: 95 });
  expect(gaps(db)[0]).toEqual({ id: open, afterId: 'z', afterAt: 90, beforeId: 'zz', beforeAt: 95 });
  closeGap(db, old);
  expect(gaps(db)).toHaveLength(1);
  expect(newestArchived(db)).toBeNull();
  setNewestArchived(db, { id: 'n', at: 7 });
  expect(newestArchived(db)).toEqual({ id: 'n', at: 7 });
  setNewestArchived(db, null);
  expect(newestArchived(db)).toBeNull();
  writeState(db, 'k', 'v');
  writeState(db, 'k', null);
  expect(readState(db, 'k')).toBeNull();
});

test('a recipe is kept beside a staged photo and goes with it', () => {
  const db = newStore();
  const conversationId = direct(db, 'bob@home.example');
  const { id } = addStaged(db, { ...staged, conversationId });
  const recipe = { ...neutralRecipe, contrast: 20, crop: { x: 0.1, y: 0, width: 0.5, height: 0.5 } };
  setRecipe(db, id, { ...recipe, contrast: 5 });
  setRecipe(db, id, recipe);
  expect(stagedById(db, id)?.recipe).toEqual(recipe);
  const kept = () => db.prepare('SELECT recipe FROM staged_recipe').pluck().all();
  removeStaged(db, id);
  expect(kept()).toEqual([]);
  const next = addStaged(db, { ...staged, conversationId });
  setRecipe(db, next.id, recipe);
  setRecipe(db, next.id, null);
  expect(stagedById(db, next.id)?.recipe).toBe(null);
  // A newer version may know more than this one: the photo is there all the same.
  setRecipe(db, next.id, recipe);
  db.prepare(`UPDATE staged_recipe SET recipe = '{"angle":900}'`).run();
  expect(stagedById(db, next.id)?.recipe).toBe(null);
});

test('the choices for photos are kept for each conversation', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const eve = direct(db, 'eve@home.example');
  setPhotoChoice(db, bob, { quality: 'high', metadata: 'none' });
  setPhotoChoice(db, bob, { quality: 'original', metadata: 'all' });
  expect(photoChoice(db, bob)).toEqual({ quality: 'original', metadata: 'all' });
  expect(photoChoice(db, eve)).toBe(null);
});
