import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { STICKER_EDGE } from '../../../contract/stickers.ts';
import type { Media } from '../../media/index.ts';
import {
  addPack,
  listPacks,
  readState,
  replaceStickers,
  transact,
  writeState,
  type NewSticker,
  type WritableDb,
} from '../../store/index.ts';

const manifestSchema = v.object({
  key: v.string(),
  name: v.string(),
  summary: v.string(),
  stickers: v.array(
    v.object({
      file: v.string(),
      emoji: v.string(),
      description: v.string(),
      bytes: v.number(),
      sha256: v.string(),
    }),
  ),
});
type Manifest = v.InferOutput<typeof manifestSchema>;

/** The packs that come with the app, found beside the sources as well as beside a bundle. */
function findFolder(): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let up = 0; up < 6; up += 1, folder = dirname(folder)) {
    const found = join(folder, 'resources', 'stickers');
    if (existsSync(found)) return found;
  }
  return null;
}

let read: readonly Manifest[] | null = null;

/** Pip first: people before things. Read once; none where the app came without them. */
export function manifests(): readonly Manifest[] {
  const folder = findFolder();
  read ??= (folder === null ? [] : readdirSync(folder))
    .map((key) => join(folder ?? '', key, 'manifest.json'))
    .filter((file) => existsSync(file))
    .map((file) => v.parse(manifestSchema, JSON.parse(readFileSync(file, 'utf8'))))
    .sort((a, b) => b.name.localeCompare(a.name, 'en'));
  return read;
}

/** The bundled pack that has this file. */
export const manifestWith = (sha256: string): Manifest | null =>
  manifests().find(({ stickers }) => stickers.some((one) => one.sha256 === sha256)) ?? null;

const toSticker = ({ emoji, description, bytes, sha256 }: Manifest['stickers'][number]): NewSticker => ({
  emoji,
  description,
  sha256,
  bytes,
  mediaType: 'image/webp',
  width: STICKER_EDGE,
  height: STICKER_EDGE,
  animated: false,
});

/** What the account's database has of a bundled pack. */
const stateKey = (key: string) => `bundled-stickers-${key}`;
const versionOf = ({ name, stickers }: Manifest) =>
  JSON.stringify([name, stickers.map((one) => [one.sha256, one.emoji, one.description])]);

/**
 * Puts the bundled packs among the account's, as they are in this version of the app, and their files into the
 * content store. A pack that was removed stays removed. Called when stickers are first looked at.
 */
export async function installBundled(db: WritableDb, media: Media): Promise<void> {
  const folder = findFolder();
  for (const manifest of manifests()) {
    const { key, name, summary, stickers } = manifest;
    for (const { file, sha256 } of stickers) {
      // Read and written, not copied: inside Electron's archive only reading is sure to work.
      if (!media.store.has(sha256))
        await media.store.addStream(chunkOf(readFileSync(join(folder ?? '', key, file))));
    }
    if (readState(db, stateKey(key)) === versionOf(manifest)) continue;
    transact(db, () => {
      const pack = { origin: 'bundled', bundledKey: key, name, summary, restricted: false } as const;
      const known = listPacks(db).find(({ bundledKey }) => bundledKey === key);
      if (known) replaceStickers(db, known.id, pack, stickers.map(toSticker));
      else addPack(db, pack, stickers.map(toSticker));
      writeState(db, stateKey(key), versionOf(manifest));
    });
  }
}

async function* chunkOf(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}
