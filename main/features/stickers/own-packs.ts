import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import { MAX_PACKS, MAX_STICKERS, STICKER_EDGE, type StickerPackId } from '../../../contract/stickers.ts';
import type { AllStickers, Sticker, StickerPack } from '../../../contract/stickers.ts';
import {
  addPack,
  addSticker,
  arrangePacks,
  attachmentById,
  countPacks,
  describeSticker,
  editPack,
  listPacks,
  outdated,
  packById,
  recentStickers,
  removePack,
  setShared,
  showPack,
  stickerById,
  stickersOf,
  transact,
  type PackRow,
  type ReadableDb,
  type StickerRow,
} from '../../store/index.ts';
import { STICKERS } from '../../xmpp/index.ts';
import { crossing } from '../media-errors.ts';
import { installBundled } from './bundled.ts';
import type { StickerSurroundings } from './index.ts';
import { packUri } from './pack-place.ts';
import type { PackSync } from './sync.ts';

const RECENT = 16;
/** Bytes of a sticker that is made here. */
const MAX_BYTES = 300_000;

type OwnMethod = Exclude<
  Extract<keyof Handlers, `stickers.${string}`>,
  'stickers.send' | 'stickers.keep' | 'stickers.preview' | 'stickers.addPack'
>;

/** My packs: what there is, their order, and making and sharing ones of my own. */
export function ownPackHandlers(
  o: StickerSurroundings & { sync: PackSync; changed(): void },
): Pick<Handlers, OwnMethod> {
  const { db, media } = o;
  let installing: Promise<void> | null = null;
  /** Once a start: the bundled packs are copied in when somebody looks at stickers first. */
  const installed = async () => {
    installing ??= installBundled(db, media);
    try {
      await crossing(installing);
    } catch (error) {
      installing = null;
      throw error;
    }
  };

  const existing = (id: StickerPackId): PackRow => {
    const pack = packById(db, id);
    if (!pack) throw new PostcardError('not-found');
    return pack;
  };
  const own = (id: StickerPackId): PackRow => {
    const pack = existing(id);
    if (pack.origin !== 'own') throw new PostcardError('invalid-argument');
    return pack;
  };
  const done = () => {
    o.changed();
    o.sync.ask();
  };
  const pathOf = async (picture: Parameters<Handlers['stickers.cut']>[0]['picture']) => {
    if (picture.kind === 'file') return (await o.incoming.resolve(picture.source)).path;
    const sha256 = attachmentById(db, picture.id)?.localSha256;
    const path = sha256 == null ? null : media.store.path(sha256);
    if (path === null) throw new PostcardError('file-missing');
    return path;
  };

  return {
    'stickers.all': async () => {
      await installed();
      return allStickers(db);
    },
    'stickers.arrange': ({ ids }) => {
      arrangePacks(db, ids);
      o.changed();
    },
    'stickers.removePack': ({ id }) => {
      removePack(db, existing(id).id);
      done();
    },
    'stickers.restorePack': ({ id }) => {
      if (existing(id).removed) showPack(db, id);
      done();
    },
    'stickers.createPack': ({ name }) => {
      if (countPacks(db) >= MAX_PACKS) throw new PostcardError('sticker-limit');
      const id = addPack(db, { origin: 'own', name, summary: '', restricted: false }, []);
      o.changed();
      return id;
    },
    'stickers.editPack': ({ id, name, stickers }) => {
      own(id);
      editPack(db, id, name, stickers);
      done();
    },
    'stickers.describe': ({ id, emoji, description }) => {
      const sticker = stickerById(db, id);
      if (!sticker) throw new PostcardError('not-found');
      own(sticker.packId);
      transact(db, () => {
        describeSticker(db, id, emoji, description);
        outdated(db, sticker.packId);
      });
      done();
    },
    'stickers.cut': async ({ picture, crop }) => {
      const file = await crossing(media.cut(await pathOf(picture), STICKER_EDGE, crop));
      return { sha256: file.sha256 };
    },
    'stickers.make': async ({ packId, source, emoji, description }) => {
      own(packId);
      const { path } = await o.incoming.resolve(source);
      const file = await crossing(media.sticker(path, STICKER_EDGE, MAX_BYTES));
      await o.incoming.release(source);
      const edges = { width: STICKER_EDGE, height: STICKER_EDGE, animated: false };
      const { sha256, mediaType, bytes } = file;
      const id = transact(db, () => {
        // Looked at again: it took a moment.
        own(packId);
        if (stickersOf(db, packId).length >= MAX_STICKERS) throw new PostcardError('sticker-limit');
        outdated(db, packId);
        return addSticker(db, packId, { emoji, description, sha256, mediaType, bytes, ...edges });
      });
      done();
      return id;
    },
    'stickers.share': async ({ id, shared }) => {
      const pack = existing(id);
      if (pack.restricted && shared) throw new PostcardError('sticker-pack-restricted');
      if (stickersOf(db, id).length === 0) throw new PostcardError('invalid-argument');
      // Told to the person only when others can really fetch it; taking it back waits for a connection by itself.
      if (shared) o.connection.online();
      if (pack.shared !== shared) setShared(db, id, shared);
      const current = existing(id);
      const item = shared ? (current.publishedId ?? (await o.sync.publish(current))) : '';
      done();
      return { uri: shared ? packUri({ owner: o.ownAddress, node: STICKERS, id: item }) : '' };
    },
  };
}

const publicSticker = ({ id, emoji, description, sha256, animated }: StickerRow): Sticker => ({
  id,
  emoji,
  description,
  sha256,
  animated,
});

function allStickers(db: ReadableDb): AllStickers {
  const packs = listPacks(db);
  return {
    packs: packs.filter(({ removed }) => !removed).map((pack) => publicPack(db, pack)),
    recent: recentStickers(db, RECENT).map(publicSticker),
    removed: packs.flatMap(({ id, removed, origin, name }) =>
      removed && origin === 'bundled' ? [{ id, name, count: stickersOf(db, id).length }] : [],
    ),
  };
}

function publicPack(db: ReadableDb, pack: PackRow): StickerPack {
  const { id, name, summary, origin, shared, restricted } = pack;
  return { id, name, summary, origin, shared, restricted, stickers: stickersOf(db, id).map(publicSticker) };
}
