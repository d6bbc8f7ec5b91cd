import { PostcardError } from '../../../contract/errors.ts';
import { MAX_PACKS } from '../../../contract/stickers.ts';
import type { Media } from '../../media/index.ts';
import {
  addPack,
  countPacks,
  dropPack,
  listPacks,
  notPublished,
  retracted,
  retractions,
  setPublished,
  stickersOf,
  uploadedFile,
  type PackRow,
  type WritableDb,
} from '../../store/index.ts';
import type { PackItem, PackNode, Session, WirePack } from '../../xmpp/index.ts';
import type { AccountConnection } from '../connection.ts';
import type { FileHosts } from '../file-hosts.ts';
import { createTurns } from '../turns.ts';
import { fetchStickers } from './fetch-pack.ts';
import type { StickerFiles } from './files.ts';
import { isSound, nameOf, summaryOf, toWire } from './wire-pack.ts';

/** My packs on my own nodes: what I share on one that everybody may read, the rest on one for my devices alone. */
export interface PackSync {
  /** Something changed here, or may have changed there. */
  ask(): void;
  /** The same, and resolves when this pack is published; rejects where it can't be. */
  publish(pack: PackRow): Promise<string>;
  close(): void;
}

const NODES: readonly PackNode[] = ['open', 'private'];
/** Items of a node that are read: where there are as many, what is missing says nothing. */
const READ_AT_MOST = 200;

/** What another pack of somebody is by its author's word, kept so that its id stays. */
export interface KeptWire {
  readonly id: string;
  readonly pack: WirePack;
}
/** Written by `addPack` alone. */
export const keptWire = (pack: PackRow): KeptWire | null =>
  pack.wire === null ? null : (JSON.parse(pack.wire) as KeptWire);

/** The id of a pack's item, as it is now. */
export const itemIdOf = (db: WritableDb, pack: PackRow): string =>
  keptWire(pack)?.id ?? toWire(pack, stickersOf(db, pack.id), () => null).id;

export function createPackSync(o: {
  db: WritableDb;
  media: Media;
  connection: AccountConnection;
  hosts: FileHosts;
  files: StickerFiles;
  changed(): void;
  log(line: string): void;
}): PackSync {
  const { db, connection } = o;
  const control = new AbortController();

  const publish = async (pack: PackRow): Promise<string> => {
    const session = connection.online();
    const stickers = stickersOf(db, pack.id);
    for (const [at, one] of stickers.entries())
      await o.files.ensure({ ...one, name: `sticker-${at + 1}.${one.mediaType.split('/')[1] ?? 'webp'}` });
    const made =
      keptWire(pack) ?? toWire(pack, stickers, (sha256) => uploadedFile(db, 'packs', sha256)?.url ?? null);
    const node = pack.shared ? 'open' : 'private';
    await session.stickers.publish(node, made.id, made.pack);
    setPublished(db, pack.id, node, made.id);
    return made.id;
  };

  /** What was taken back or never published: the server hears of it in this order. */
  const tell = async (session: Session) => {
    for (const { node, item } of retractions(db)) {
      await session.stickers.retract(node, item);
      retracted(db, node, item);
    }
    for (const pack of listPacks(db)) {
      const mine = !pack.removed && (pack.origin !== 'bundled' || pack.shared);
      if (mine && pack.publishedId === null && stickersOf(db, pack.id).length > 0) await publish(pack);
    }
  };

  const read = async (session: Session, node: PackNode) => {
    const items = await session.stickers.own(node);
    const there = new Set(items?.map(({ id }) => id));
    for (const pack of listPacks(db).filter(({ publishedNode }) => publishedNode === node)) {
      if (items === null || pack.origin === 'bundled') {
        if (!there.has(pack.publishedId ?? '')) notPublished(db, pack.id);
      } else if (!there.has(pack.publishedId ?? '') && items.length < READ_AT_MOST) {
        dropPack(db, pack.id);
        o.changed();
      }
    }
    for (const item of items ?? []) await take(node, item);
  };

  /** A pack that another device of mine has published. */
  const take = async (node: PackNode, { id, pack }: PackItem) => {
    const going = retractions(db).some((one) => one.node === node && one.item === id);
    const known = () =>
      listPacks(db).some((one) => !one.removed && (one.publishedId === id || itemIdOf(db, one) === id));
    if (going || known() || !isSound(id, pack) || countPacks(db) >= MAX_PACKS) return;
    const stickers = await fetchStickers(pack, { ...o, signal: control.signal });
    if (known()) return;
    const facts = { name: nameOf(pack), summary: summaryOf(pack), restricted: pack.restricted };
    const rows = stickers.map((one, at) => ({ ...one, id: at, packId: 0 }));
    // Ids that nothing looks at: what is compared is what would be published.
    const own = toWire(facts, rows as never, () => null).id === id;
    addPack(
      db,
      {
        ...facts,
        origin: own ? 'own' : 'kept',
        ...(own ? {} : { wire: JSON.stringify({ id, pack }) }),
        published: { node, id },
      },
      stickers,
    );
    o.changed();
  };

  const run = async () => {
    if (!connection.isReady()) return;
    const session = connection.online();
    for (const node of NODES)
      await read(session, node).catch((error: unknown) => {
        // One pack whose files are gone keeps nothing else from being told.
        if (!(error instanceof PostcardError) || error.code === 'offline') throw error;
        o.log(`packs of this account were not read: ${error.code}`);
      });
    await tell(session);
  };
  const turns = createTurns(run, (error) => {
    if (error instanceof PostcardError && error.code === 'offline') return;
    o.log(`packs were not told: ${error instanceof PostcardError ? error.code : String(error)}`);
  });

  connection.listen({ onReady: () => turns.ask(), onPacksChanged: () => turns.ask() });
  return {
    ask: () => turns.ask(),
    publish,
    close: () => {
      turns.close();
      control.abort();
    },
  };
}
