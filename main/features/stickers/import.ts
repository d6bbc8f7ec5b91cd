import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { MAX_PACKS, MAX_STICKERS, type PackPreview, type StickerPackId } from '../../../contract/stickers.ts';
import {
  addPack,
  addSticker,
  attachmentsOfMessage,
  countPacks,
  listPacks,
  messageById,
  outdated,
  showPack,
  stickerMark,
  stickersOf,
  transact,
  type AttachmentRow,
  type NewSticker,
  type PackRow,
} from '../../store/index.ts';
import { STICKERS, type WirePack } from '../../xmpp/index.ts';
import { crossing } from '../media-errors.ts';
import { cleanLine } from '../plain-text.ts';
import { installBundled, manifestWith } from './bundled.ts';
import { fetchStickers, refused } from './fetch-pack.ts';
import type { StickerSurroundings } from './index.ts';
import { readPackUri, type PackPlace } from './pack-place.ts';
import { itemIdOf, type PackSync } from './sync.ts';
import { isSound, LIMITS, nameOf, summaryOf, wordsOf } from './wire-pack.ts';

type Place = Parameters<Handlers['stickers.preview']>[0]['place'];
/** A pack that can be added: one that came with the app, or one that somebody has published. */
type Found = { readonly bundled: PackRow } | { readonly at: PackPlace; readonly pack: WirePack };

/** Keeping what others sent: one sticker, or the pack it is of. */
export function importHandlers(
  o: StickerSurroundings & { sync: PackSync; changed(): void },
): Pick<Handlers, 'stickers.keep' | 'stickers.preview' | 'stickers.addPack'> {
  const { db, media } = o;
  const done = () => {
    o.changed();
    o.sync.ask();
  };

  const stickerIn = (id: MessageId): AttachmentRow => {
    const found = attachmentsOfMessage(db, id).find(({ kind }) => kind === 'sticker');
    if (!found) throw new PostcardError('not-found');
    return found;
  };
  /** Of a sticker that came: by its file, for one that comes with the app; else where its sender says. */
  const placeOf = async (place: Place): Promise<PackPlace | { readonly bundled: PackRow }> => {
    if (place.kind === 'link') {
      const at = readPackUri(place.uri);
      if (at === null) throw new PostcardError('not-found');
      return at;
    }
    const { localSha256 } = stickerIn(place.id);
    const manifest = localSha256 === null ? null : manifestWith(localSha256);
    if (manifest !== null) {
      await crossing(installBundled(db, media));
      const bundled = listPacks(db).find(({ bundledKey }) => bundledKey === manifest.key);
      if (bundled) return { bundled };
    }
    const mark = stickerMark(db, place.id);
    const sender = messageById(db, place.id)?.sender.address;
    if (!mark || mark.pack === null || sender === undefined) throw new PostcardError('not-found');
    return { owner: mark.owner ?? sender, node: mark.node ?? STICKERS, id: mark.pack };
  };
  const find = async (place: Place): Promise<Found> => {
    const at = await placeOf(place);
    if ('bundled' in at) return at;
    const pack = await o.connection.online().stickers.fetch(at.owner, at.node, at.id);
    if (!isSound(at.id, pack)) throw refused();
    return { at, pack };
  };
  const known = (id: string) =>
    listPacks(db).some((pack) => !pack.removed && (pack.publishedId === id || itemIdOf(db, pack) === id));

  const add = async ({ at, pack }: { at: PackPlace; pack: WirePack }) => {
    if (pack.restricted) throw new PostcardError('sticker-pack-restricted');
    if (countPacks(db) >= MAX_PACKS) throw new PostcardError('sticker-limit');
    const stickers = await fetchStickers(pack, {
      media,
      hosts: o.hosts,
      signal: AbortSignal.timeout(300_000),
    });
    // Twice at once: the second finds it.
    if (known(at.id)) return;
    const facts = { name: nameOf(pack), summary: summaryOf(pack), restricted: false };
    addPack(db, { origin: 'kept', ...facts, wire: JSON.stringify({ id: at.id, pack }) }, stickers);
  };

  return {
    'stickers.keep': async ({ id, packName }) => {
      const sticker = await measured(stickerIn(id), o);
      const mark = stickerMark(db, id);
      const words = wordsOf({ fallback: mark?.emoji ?? '', title: mark?.description ?? '' });
      transact(db, () => {
        const packId = packNamed(packName, o);
        const there = stickersOf(db, packId);
        if (there.some(({ sha256 }) => sha256 === sticker.sha256)) return;
        if (there.length >= MAX_STICKERS) throw new PostcardError('sticker-limit');
        outdated(db, packId);
        addSticker(db, packId, { ...sticker, ...words, emoji: words.emoji || '🖼️' });
      });
      done();
    },
    'stickers.preview': async ({ place }) => {
      const found = await find(place);
      return 'bundled' in found ? previewOfBundled(found.bundled, o) : previewOf(found, known(found.at.id));
    },
    'stickers.addPack': async ({ place }) => {
      const found = await find(place);
      if ('bundled' in found) {
        if (found.bundled.removed) showPack(db, found.bundled.id);
      } else if (!known(found.at.id)) await add(found);
      done();
    },
  };
}

/** The pack of my own with this name; made when there is none. */
function packNamed(name: string, { db }: StickerSurroundings): StickerPackId {
  const there = listPacks(db).find((pack) => pack.origin === 'own' && !pack.removed && pack.name === name);
  if (there) return there.id;
  if (countPacks(db) >= MAX_PACKS) throw new PostcardError('sticker-limit');
  return addPack(db, { origin: 'own', name: cleanLine(name, 60), summary: '', restricted: false }, []);
}

/** A file that came, looked at as those of packs are. */
async function measured(
  { localSha256 }: AttachmentRow,
  { media }: StickerSurroundings,
): Promise<Omit<NewSticker, 'emoji' | 'description'>> {
  const path = localSha256 === null ? null : media.store.path(localSha256);
  if (localSha256 === null || path === null) throw new PostcardError('file-missing');
  const facts = await crossing(media.inspect(path));
  const { width, height, frames, bytes, mediaType } = facts;
  if (Math.max(width, height) > LIMITS.edge || frames > LIMITS.frames || bytes > LIMITS.fileBytes)
    throw new PostcardError('image-too-large', { limit: LIMITS.fileBytes, width, height });
  return { sha256: localSha256, mediaType, bytes, width, height, animated: frames > 1 };
}

const previewOf = ({ at, pack }: { at: PackPlace; pack: WirePack }, added: boolean): PackPreview => ({
  name: nameOf(pack),
  summary: summaryOf(pack),
  restricted: pack.restricted,
  added,
  owner: at.owner,
  stickers: pack.stickers.map(wordsOf),
});

const previewOfBundled = (pack: PackRow, { db }: StickerSurroundings): PackPreview => ({
  name: pack.name,
  summary: pack.summary,
  restricted: false,
  added: !pack.removed,
  owner: '',
  stickers: stickersOf(db, pack.id).map(({ emoji, description }) => ({ emoji, description })),
});
