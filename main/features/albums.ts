import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as v from 'valibot';
import { PostcardError } from '../../contract/errors.ts';
import { messageId, type MessageId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Media, OpenedFile } from '../media/index.ts';
import type { Ports } from '../ports.ts';
import {
  albumFiles,
  photosAround,
  setStagedAlbumCaption,
  stagedAlbumCaption,
  type AlbumFile,
  type WritableDb,
} from '../store/index.ts';
import { distinctNames, safeName } from './safe-name.ts';
import { zipped } from './zip.ts';

export interface Albums {
  readonly handlers: Pick<Handlers, 'albums.caption' | 'albums.setCaption' | 'albums.around' | 'albums.save'>;
  /** `/media/album/MESSAGE`: a ZIP of its photos; null where it is another path. */
  serve(request: Request): Response | null;
}

/** A photo that is here, under the name it is saved by. */
interface Saved {
  readonly name: string;
  readonly sha256: string;
}

const ROUTE = /^\/media\/album\/(\d{1,16})$/;

/** Looking at the photos of a conversation and taking a whole album along; see docs/mechanisms/albums.md. */
export function createAlbums(o: {
  db: WritableDb;
  media: Media;
  ports: Pick<Ports, 'chooseFolder'>;
}): Albums {
  const { db, media } = o;

  const save = async (id: MessageId): Promise<Awaited<ReturnType<Handlers['albums.save']>>> => {
    const all = albumFiles(db, id);
    const files = here(media, all);
    if (files.length === 0) throw new PostcardError('not-found');
    const missing = all.length - files.length;
    if (o.ports.chooseFolder === null) return { kind: 'download', path: `/media/album/${id}`, missing };
    const folder = await o.ports.chooseFolder();
    if (folder === null) return { kind: 'cancelled' };
    await saveInto(media, folder, files);
    return { kind: 'saved', count: files.length, missing, folder: basename(folder) || folder };
  };

  return {
    handlers: {
      'albums.caption': ({ conversationId }) => stagedAlbumCaption(db, conversationId),
      'albums.setCaption': ({ conversationId, caption }) =>
        setStagedAlbumCaption(db, conversationId, caption),
      'albums.around': (params) => {
        const found = photosAround(db, params);
        if (!found) throw new PostcardError('not-found');
        return found;
      },
      'albums.save': ({ id }) => save(id),
    },
    serve: (request) => {
      const [, number] = ROUTE.exec(new URL(request.url).pathname) ?? [];
      const id = number === undefined ? null : v.safeParse(messageId, Number(number));
      if (!id) return null;
      const files = id.success ? here(media, albumFiles(db, id.output)) : [];
      return files.length === 0
        ? new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } })
        : zipOf(media, files);
    },
  };
}

/** Those that are in the media store, under names that are safe and different from each other. */
function here(media: Media, files: readonly AlbumFile[]): Saved[] {
  const found = files.flatMap(({ name, sha256 }) =>
    sha256 !== null && media.store.has(sha256) ? { name: safeName(name, 'photo'), sha256 } : [],
  );
  const names = distinctNames(found.map(({ name }) => name));
  return found.map(({ sha256, name }, at) => ({ sha256, name: names[at] ?? name }));
}

// The DOM's and Node's types of one and the same web stream differ.
const content = (opened: OpenedFile) =>
  Readable.fromWeb(opened.stream as unknown as Parameters<typeof Readable.fromWeb>[0]);

/** Each beside what is there already, never over it. Throws disk-full, file-missing. */
async function saveInto(media: Media, folder: string, files: readonly Saved[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, sha256 } of files) {
    const path = await freePath(folder, name);
    try {
      await pipeline(content(media.store.open(sha256)), createWriteStream(path, { flags: 'wx' }));
    } catch (error) {
      await rm(path, { force: true });
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOSPC' || code === 'EDQUOT') throw new PostcardError('disk-full', {}, { cause: error });
      throw new PostcardError('file-missing', { name }, { cause: error });
    }
  }
}

async function freePath(folder: string, name: string): Promise<string> {
  const taken: string[] = [];
  for (;;) {
    const candidate = distinctNames([...taken, name]).at(-1) ?? name;
    const found = await stat(join(folder, candidate)).catch(() => null);
    if (!found) return join(folder, candidate);
    taken.push(candidate);
  }
}

/** Made while it is fetched: never more of it in memory than a piece. */
function zipOf(media: Media, files: readonly Saved[]): Response {
  const entries = files.map(({ name, sha256 }) => ({
    name,
    content: () => content(media.store.open(sha256)) as AsyncIterable<Uint8Array>,
  }));
  // The DOM's and Node's types of one and the same web stream differ.
  const body = Readable.toWeb(Readable.from(zipped(entries), { objectMode: false })) as unknown as BodyInit;
  return new Response(body, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="Postcard album.zip"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  });
}
