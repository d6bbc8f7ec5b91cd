import { PostcardError } from '../../../contract/errors.ts';
import { MAX_PACKS } from '../../../contract/stickers.ts';
import type { Media } from '../../media/index.ts';
import {
  addPack,
  adopt,
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
/** A private node (XEP-0223) of which items were taken back; `NODE:ITEM`, `yes` or `no`. */
const TAKEN_BACK = 'urn:postcard:stickers-taken-back:0';

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

  /** Items that one of my devices took back: what is only missing may have fallen out of a node that keeps few. */
  let takenBack: ReadonlySet<string> = new Set();
  /** Published since the start; once is enough, or a node that keeps few would be written to for ever. */
  const told = new Set<string>();
  const keyOf = (node: PackNode, item: string) => `${node}:${item}`;

  const setTakenBack = async (session: Session, node: PackNode, item: string, is: boolean) => {
    const id = keyOf(node, item);
    if (takenBack.has(id) === is) return;
    await session.privateStorage.publish(TAKEN_BACK, { id, text: is ? 'yes' : 'no' });
    takenBack = new Set(is ? [...takenBack, id] : [...takenBack].filter((one) => one !== id));
  };

  const publish = async (pack: PackRow): Promise<string> => {
    const session = connection.online();
    const stickers = stickersOf(db, pack.id);
    for (const [at, one] of stickers.entries())
      await o.files.ensure({ ...one, name: `sticker-${at + 1}.${one.mediaType.split('/')[1] ?? 'webp'}` });
    const made =
      keptWire(pack) ?? toWire(pack, stickers, (sha256) => uploadedFile(db, 'packs', sha256)?.url ?? null);
    const node = pack.shared ? 'open' : 'private';
    await setTakenBack(session, node, made.id, false);
    await session.stickers.publish(node, made.id, made.pack);
    setPublished(db, pack.id, node, made.id);
    told.add(keyOf(node, made.id));
    return made.id;
  };

  /** What was taken back or never published: the server hears of it in this order. */
  const tell = async (session: Session) => {
    for (const { node, item } of retractions(db)) {
      await setTakenBack(session, node, item, true);
      await session.stickers.retract(node, item);
      retracted(db, node, item);
      told.delete(keyOf(node, item));
    }
    for (const pack of listPacks(db)) {
      const mine = !pack.removed && (pack.origin !== 'bundled' || pack.shared);
      if (!mine || pack.publishedId !== null || stickersOf(db, pack.id).length === 0) continue;
      const key = keyOf(pack.shared ? 'open' : 'private', itemIdOf(db, pack));
      if (!told.has(key)) await publish(pack);
    }
  };

  const read = async (session: Session) => {
    takenBack = new Set(
      (await session.privateStorage.items(TAKEN_BACK)).flatMap(({ id, text }) => (text === 'yes' ? id : [])),
    );
    const lists = new Map<PackNode, readonly PackItem[]>();
    for (const node of NODES) lists.set(node, (await session.stickers.own(node)) ?? []);
    const has = (node: PackNode, item: string) => lists.get(node)?.some(({ id }) => id === item) ?? false;
    for (const { id, origin, publishedNode: node, publishedId: item } of listPacks(db)) {
      if (node === null || item === null || has(node, item)) continue;
      const other = node === 'open' ? 'private' : 'open';
      if (has(other, item)) adopt(db, id, other, item);
      else if (origin !== 'bundled' && takenBack.has(keyOf(node, item))) {
        dropPack(db, id);
        o.changed();
      } else notPublished(db, id);
    }
    for (const [node, items] of lists)
      for (const item of items)
        if (!takenBack.has(keyOf(node, item.id)))
          await take(node, item).catch((error: unknown) => {
            // One pack whose files are gone keeps nothing else from being told.
            if (!(error instanceof PostcardError) || error.code === 'offline') throw error;
            o.log(`a pack of this account was not fetched: ${error.code}`);
          });
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
    await read(session);
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
