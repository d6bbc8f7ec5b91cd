import * as v from 'valibot';
import type { ConversationId, StagedPhotoId } from '../../contract/ids.ts';
import { photoRecipe, type PhotoRecipe } from '../../contract/photo-recipe.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { StagedRow } from './rows.ts';
import { insert, row, rows, run } from './sql.ts';
import { transact } from './transaction.ts';

const columns = `id, conversation_id AS conversationId, name, media_type AS mediaType, bytes, width, height, animated,
  has_location AS hasLocation, caption, sha256, frames,
  (SELECT recipe FROM staged_recipe WHERE staged_photo_id = staged_photo.id) AS recipe`;

type Stored = Omit<StagedRow, 'animated' | 'hasLocation' | 'recipe'> & {
  animated: number;
  hasLocation: number;
  recipe: string | null;
};

const toRow = (stored: Stored): StagedRow => ({
  ...stored,
  animated: stored.animated === 1,
  hasLocation: stored.hasLocation === 1,
  recipe: readRecipe(stored.recipe),
});

/** Null where there is none, and where a newer version wrote one that is not understood here. */
function readRecipe(json: string | null): PhotoRecipe | null {
  const read = json === null ? null : v.safeParse(photoRecipe, JSON.parse(json));
  return read?.success ? read.output : null;
}

/** Puts a photo at the end of what is staged in its conversation. */
export function addStaged(db: WritableDb, p: Omit<StagedRow, 'id' | 'recipe'>): StagedRow {
  const id = insert(
    db,
    `INSERT INTO staged_photo (conversation_id, place, name, media_type, bytes, width, height, animated,
                               has_location, caption, sha256, frames)
     VALUES (?, (SELECT coalesce(max(place), 0) + 1 FROM staged_photo WHERE conversation_id = ?),
             ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    p.conversationId,
    p.conversationId,
    p.name,
    p.mediaType,
    p.bytes,
    p.width,
    p.height,
    p.animated ? 1 : 0,
    p.hasLocation ? 1 : 0,
    p.caption,
    p.sha256,
    p.frames,
  );
  // A StagedPhotoId is a row id of this table; here they are made.
  return { ...p, id: id as StagedPhotoId, recipe: null };
}

/** In order. */
export const listStaged = (db: ReadableDb, conversationId: ConversationId): StagedRow[] =>
  rows<Stored>(
    db,
    `SELECT ${columns} FROM staged_photo WHERE conversation_id = ? ORDER BY place, id`,
    conversationId,
  ).map(toRow);

export function stagedById(db: ReadableDb, id: StagedPhotoId): StagedRow | null {
  const found = row<Stored>(db, `SELECT ${columns} FROM staged_photo WHERE id = ?`, id);
  return found ? toRow(found) : null;
}

/** False when there is none. */
export const setCaption = (db: WritableDb, id: StagedPhotoId, caption: string): boolean =>
  run(db, 'UPDATE staged_photo SET caption = ? WHERE id = ?', caption, id) > 0;

/** Those named come first, in this order; others (staged meanwhile) follow as they were. Strangers are ignored. */
export function reorder(db: WritableDb, conversationId: ConversationId, ids: readonly StagedPhotoId[]): void {
  transact(db, () => {
    const present = listStaged(db, conversationId).map((p) => p.id);
    const named = [...new Set(ids)].filter((id) => present.includes(id));
    const order = [...named, ...present.filter((id) => !named.includes(id))];
    order.forEach((id, i) => run(db, 'UPDATE staged_photo SET place = ? WHERE id = ?', i + 1, id));
  });
}

/** False when there is none. */
export const removeStaged = (db: WritableDb, id: StagedPhotoId): boolean =>
  run(db, 'DELETE FROM staged_photo WHERE id = ?', id) > 0;

/** How a staged photo is to be changed; null takes that back. */
export function setRecipe(db: WritableDb, id: StagedPhotoId, recipe: PhotoRecipe | null): void {
  if (recipe === null) run(db, 'DELETE FROM staged_recipe WHERE staged_photo_id = ?', id);
  else {
    run(
      db,
      `INSERT INTO staged_recipe (staged_photo_id, recipe) VALUES (?, ?)
       ON CONFLICT (staged_photo_id) DO UPDATE SET recipe = excluded.recipe`,
      id,
      JSON.stringify(recipe),
    );
  }
}
