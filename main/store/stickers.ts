import type { StickerId, StickerPackId } from '../../contract/stickers.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { NewPack, NewSticker, PackRow, StickerRow } from './sticker-rows.ts';
import { insert, row, rows, run, value } from './sql.ts';
import { transact } from './transaction.ts';

const packColumns = `id, origin, bundled_key AS bundledKey, removed, name, summary, restricted, shared, wire,
  published_node AS publishedNode, published_id AS publishedId`;
type StoredPack = Omit<PackRow, 'restricted' | 'shared' | 'removed'> &
  Record<'restricted' | 'shared' | 'removed', number>;
const toPack = (p: StoredPack): PackRow => ({
  ...p,
  restricted: p.restricted === 1,
  shared: p.shared === 1,
  removed: p.removed === 1,
});

const stickerColumns = `id, pack_id AS packId, emoji, description, sha256, media_type AS mediaType, bytes, width,
  height, animated`;
type StoredSticker = Omit<StickerRow, 'animated'> & { animated: number };
const toSticker = (s: StoredSticker): StickerRow => ({ ...s, animated: s.animated === 1 });

/** All packs in their order, also bundled ones that were removed. Few: every row is read. */
export const listPacks = (db: ReadableDb): PackRow[] =>
  rows<StoredPack>(db, `SELECT ${packColumns} FROM sticker_pack ORDER BY place, id`).map(toPack);

export function packById(db: ReadableDb, id: StickerPackId): PackRow | null {
  const found = row<StoredPack>(db, `SELECT ${packColumns} FROM sticker_pack WHERE id = ?`, id);
  return found ? toPack(found) : null;
}

export const stickersOf = (db: ReadableDb, packId: StickerPackId): StickerRow[] =>
  rows<StoredSticker>(
    db,
    `SELECT ${stickerColumns} FROM sticker WHERE pack_id = ? ORDER BY place, id`,
    packId,
  ).map(toSticker);

export function stickerById(db: ReadableDb, id: StickerId): StickerRow | null {
  const found = row<StoredSticker>(db, `SELECT ${stickerColumns} FROM sticker WHERE id = ?`, id);
  return found ? toSticker(found) : null;
}

/** Sent last first, each picture once; none of a pack that was removed. */
export const recentStickers = (db: ReadableDb, limit: number): StickerRow[] =>
  rows<StoredSticker>(
    db,
    `SELECT ${stickerColumns} FROM sticker WHERE used_at > 0
        AND pack_id NOT IN (SELECT id FROM sticker_pack WHERE removed = 1)
      GROUP BY sha256 ORDER BY max(used_at) DESC LIMIT ?`,
    limit,
  ).map(toSticker);

/** Unix time, ms. */
export const noteUse = (db: WritableDb, id: StickerId, now = Date.now()): void =>
  void run(db, 'UPDATE sticker SET used_at = ? WHERE id = ?', now, id);

/** Puts a pack with its stickers behind the others. */
export function addPack(db: WritableDb, p: NewPack, stickers: readonly NewSticker[]): StickerPackId {
  return transact(db, () => {
    // A row id of this table: here they are made.
    const id = insert(
      db,
      `INSERT INTO sticker_pack (place, origin, bundled_key, name, summary, restricted, wire, shared,
                                 published_node, published_id)
       VALUES ((SELECT coalesce(max(place), 0) + 1 FROM sticker_pack), ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      p.origin,
      p.bundledKey ?? null,
      p.name,
      p.summary,
      p.restricted ? 1 : 0,
      p.wire ?? null,
      p.published?.node === 'open' ? 1 : 0,
      p.published?.node ?? null,
      p.published?.id ?? null,
    ) as StickerPackId;
    for (const sticker of stickers) addSticker(db, id, sticker);
    return id;
  });
}

export const addSticker = (db: WritableDb, packId: StickerPackId, s: NewSticker): StickerId =>
  // As above.
  insert(
    db,
    `INSERT INTO sticker (pack_id, place, emoji, description, sha256, media_type, bytes, width, height, animated)
     VALUES (?, (SELECT coalesce(max(place), 0) + 1 FROM sticker WHERE pack_id = ?), ?, ?, ?, ?, ?, ?, ?, ?)`,
    packId,
    packId,
    s.emoji,
    s.description,
    s.sha256,
    s.mediaType,
    s.bytes,
    s.width,
    s.height,
    s.animated ? 1 : 0,
  ) as StickerId;

/** Those named come first, in this order; others follow as they were. */
export function arrangePacks(db: WritableDb, ids: readonly StickerPackId[]): void {
  transact(db, () => {
    const present = listPacks(db).map(({ id }) => id);
    const named = [...new Set(ids)].filter((id) => present.includes(id));
    const order = [...named, ...present.filter((id) => !named.includes(id))];
    order.forEach((id, at) => run(db, 'UPDATE sticker_pack SET place = ? WHERE id = ?', at + 1, id));
  });
}

/** Its name, and which of its stickers stay, in order. */
export function editPack(db: WritableDb, id: StickerPackId, name: string, keep: readonly StickerId[]): void {
  transact(db, () => {
    run(db, 'UPDATE sticker_pack SET name = ? WHERE id = ?', name, id);
    const order = new Map([...new Set(keep)].map((one, at) => [one, at + 1]));
    for (const sticker of stickersOf(db, id)) {
      const place = order.get(sticker.id);
      if (place === undefined) run(db, 'DELETE FROM sticker WHERE id = ?', sticker.id);
      else run(db, 'UPDATE sticker SET place = ? WHERE id = ?', place, sticker.id);
    }
    outdated(db, id);
  });
}

export const describeSticker = (db: WritableDb, id: StickerId, emoji: string, description: string): void =>
  void run(db, 'UPDATE sticker SET emoji = ?, description = ? WHERE id = ?', emoji, description, id);

/** It is hidden, and what my nodes have of it is to be taken back; `forgetRemoved` lets go of it. */
export function removePack(db: WritableDb, id: StickerPackId): void {
  transact(db, () => {
    outdated(db, id);
    run(db, 'UPDATE sticker_pack SET removed = 1 WHERE id = ?', id);
  });
}

/** Packs that were removed go for good; those that come with the app can always be had again. */
export const forgetRemoved = (db: WritableDb): void =>
  void run(db, `DELETE FROM sticker_pack WHERE removed = 1 AND origin <> 'bundled'`);

/** Shown again, behind the others. */
export const showPack = (db: WritableDb, id: StickerPackId): void =>
  void run(
    db,
    `UPDATE sticker_pack SET removed = 0, place = (SELECT max(place) + 1 FROM sticker_pack) WHERE id = ?`,
    id,
  );

/** In place of all stickers a pack has: an update of the app brought others. */
export function replaceStickers(
  db: WritableDb,
  id: StickerPackId,
  p: NewPack,
  stickers: readonly NewSticker[],
): void {
  transact(db, () => {
    run(db, 'UPDATE sticker_pack SET name = ?, summary = ? WHERE id = ?', p.name, p.summary, id);
    run(db, 'DELETE FROM sticker WHERE pack_id = ?', id);
    for (const sticker of stickers) addSticker(db, id, sticker);
  });
}

/** What is published of a pack is it no longer: to be taken back, and the pack to be published anew. */
export function outdated(db: WritableDb, id: StickerPackId): void {
  run(
    db,
    `INSERT INTO sticker_retraction (node, item)
     SELECT published_node, published_id FROM sticker_pack WHERE id = ? AND published_id IS NOT NULL
     ON CONFLICT DO NOTHING`,
    id,
  );
  run(db, 'UPDATE sticker_pack SET published_node = NULL, published_id = NULL WHERE id = ?', id);
}

export function setShared(db: WritableDb, id: StickerPackId, shared: boolean): void {
  transact(db, () => {
    run(db, 'UPDATE sticker_pack SET shared = ? WHERE id = ?', shared ? 1 : 0, id);
    outdated(db, id);
  });
}

export function setPublished(
  db: WritableDb,
  id: StickerPackId,
  node: 'open' | 'private',
  item: string,
): void {
  transact(db, () => {
    run(db, 'UPDATE sticker_pack SET published_node = ?, published_id = ? WHERE id = ?', node, item, id);
    // Published again as it was before: it is not to be taken back.
    retracted(db, node, item);
  });
}

/** Another device shares it, or shares it no longer. */
export const adopt = (db: WritableDb, id: StickerPackId, node: 'open' | 'private', item: string): void =>
  void run(
    db,
    'UPDATE sticker_pack SET shared = ?, published_node = ?, published_id = ? WHERE id = ?',
    node === 'open' ? 1 : 0,
    node,
    item,
    id,
  );

/** My nodes have it no more, and nobody took it back. */
export const notPublished = (db: WritableDb, id: StickerPackId): void =>
  void run(db, 'UPDATE sticker_pack SET published_node = NULL, published_id = NULL WHERE id = ?', id);

/** Another device took it back: it goes here too. */
export const dropPack = (db: WritableDb, id: StickerPackId): void =>
  void run(db, 'DELETE FROM sticker_pack WHERE id = ?', id);

export const retractions = (db: ReadableDb): { node: 'open' | 'private'; item: string }[] =>
  rows(db, 'SELECT node, item FROM sticker_retraction');

export const retracted = (db: WritableDb, node: 'open' | 'private', item: string): void =>
  void run(db, 'DELETE FROM sticker_retraction WHERE node = ? AND item = ?', node, item);

/** What an upload is for: a server may delete that of a message which is taken back, and packs must not lose theirs. */
export type UploadUse = 'messages' | 'packs';

/** Where a file was uploaded, and when (Unix, ms) that was last seen to be there. */
export const uploadedFile = (
  db: ReadableDb,
  use: UploadUse,
  sha256: string,
): { url: string; seenAt: number } | null =>
  row<{ url: string; seenAt: number }>(
    db,
    'SELECT url, seen_at AS seenAt FROM sticker_file WHERE sha256 = ? AND used_by = ?',
    sha256,
    use,
  ) ?? null;

export const noteUploaded = (
  db: WritableDb,
  use: UploadUse,
  sha256: string,
  url: string,
  now = Date.now(),
): void =>
  void run(
    db,
    `INSERT INTO sticker_file (sha256, used_by, url, seen_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (sha256, used_by) DO UPDATE SET url = excluded.url, seen_at = excluded.seen_at`,
    sha256,
    use,
    url,
    now,
  );

export const forgetUploaded = (db: WritableDb, use: UploadUse, sha256: string): void =>
  void run(db, 'DELETE FROM sticker_file WHERE sha256 = ? AND used_by = ?', sha256, use);

export const countPacks = (db: ReadableDb): number =>
  value<number>(db, `SELECT count(*) FROM sticker_pack WHERE origin <> 'bundled'`) ?? 0;
