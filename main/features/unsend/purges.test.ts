import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConversationId } from '../../../contract/ids.ts';
import { neutralRecipe } from '../../../contract/photo-recipe.ts';
import {
  addStaged,
  ensureConversation,
  insertOutgoing,
  noteHeldPhoto,
  openStore,
  removeStaged,
  restoreHeldPhoto,
  setRecipe,
  stagedById,
  transact,
  type Store,
} from '../../store/index.ts';
import { purge } from './purges.ts';

let folder: string;
let store: Store;
let bob: ConversationId;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-purges-'));
  store = openStore({ file: join(folder, 'a.sqlite'), backupFolder: join(folder, 'backups') });
  bob = ensureConversation(store.db, { address: 'bob@home.example', kind: 'direct' });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const count = (table: string) => store.db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

/** A photo that was edited and sent while Undo send held it back. */
function heldPhoto() {
  const { db } = store;
  const added = addStaged(db, {
    ...{ conversationId: bob, caption: 'words of it', name: 'a.jpg', mediaType: 'image/jpeg' },
    ...{
      bytes: 8,
      width: 10,
      height: 10,
      hasLocation: false,
      sha256: 'ab'.repeat(32),
      animated: false,
      frames: 1,
    },
  });
  setRecipe(db, added.id, { ...neutralRecipe, brightness: 37 });
  const staged = stagedById(db, added.id);
  if (!staged) throw new Error('nothing is staged');
  const id = insertOutgoing(db, {
    ...{
      conversationId: bob,
      text: 'words of it',
      originId: 'o1',
      sentAt: 1,
      senderAddress: 'me@home.example',
    },
    attachments: [{ kind: 'photo', name: 'a.jpg', mediaType: 'image/jpeg', localSha256: staged.sha256 }],
  });
  noteHeldPhoto(db, id, staged);
  removeStaged(db, added.id);
  return id;
}

it('how a photo was edited goes with its staging, and with the message that is unsent', () => {
  const id = heldPhoto();
  // Sent: the recipe has gone with the photo that waited, and is only in what Undo send would need.
  expect([count('staged_recipe'), count('held_photo')]).toEqual([0, 1]);
  transact(store.db, () => purge(store.db, id, 5));
  expect([count('staged_photo'), count('staged_recipe'), count('held_photo')]).toEqual([0, 0, 0]);
});

it('Undo send brings it back as it was edited, and taking the photo away takes the edits along', () => {
  const id = heldPhoto();
  expect(restoreHeldPhoto(store.db, id)).toBe(true);
  const recipe = store.db.prepare('SELECT recipe FROM staged_recipe').pluck().get();
  expect(JSON.parse(String(recipe))).toMatchObject({ brightness: 37 });
  store.db.prepare('DELETE FROM staged_photo').run();
  expect(count('staged_recipe')).toBe(0);
});
