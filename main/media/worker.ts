import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { MediaError, fromFileError } from './errors.ts';
import { openContentStore } from './files/content-store.ts';
import type { ContentStore } from './files/content-store.ts';
import { findThumbnail, noteThumbnail } from './files/thumbnail-index.ts';
import type { JobKind, JobReply, JobRequest, Jobs, WorkerData } from './jobs.ts';
import { encode } from './pipeline/encode.ts';
import { renderEdited } from './pipeline/edited.ts';
import { inspect } from './pipeline/inspect.ts';
import { makeAvatar, makePlaceholder, makeThumbnail } from './pipeline/small.ts';
import { readSource } from './pipeline/source.ts';
import { cutSquare, makeSticker } from './pipeline/sticker.ts';
import { loadSharp } from './sharp-build.ts';
import type { EncodeOptions, EncodedPhoto, StoredFile } from './types.ts';

/** The image worker: everything that decodes, encodes or hashes pictures, away from the main thread. */

// Node types workerData as any; the only starter of this file is main/media/index.ts.
const { folder, build } = workerData as WorkerData;
const sharp = loadSharp(build);
// Pictures are seldom asked for twice in a row, and the cache would only hold memory.
sharp.cache(false);
// sniff.ts lets these through alone; should it ever err, the loaders for documents still can't run.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}`),
});
const store = await openContentStore(folder);

type Handlers = { [K in JobKind]: (args: Jobs[K]['args']) => Promise<Jobs[K]['result']> };

const handlers: Handlers = {
  inspect: ({ path }) => inspect(sharp, path),
  thumbnail: ({ path, sha256, maxEdge }) => thumbnail(store, path, sha256, maxEdge),
  placeholder: ({ path }) => makePlaceholder(sharp, path),
  avatar: async ({ path, edge, crop }) => store.addBytes(await makeAvatar(sharp, path, edge, crop)),
  cut: async ({ path, edge, crop }) => store.addBytes(await cutSquare(sharp, path, edge, crop)),
  sticker: async ({ path, edge, maxBytes }) => store.addBytes(await makeSticker(sharp, path, edge, maxBytes)),
  render: async ({ path, recipe, maxEdge }) =>
    store.addBytes(await renderEdited(sharp, path, recipe, maxEdge), { durable: false }),
  encode: ({ path, options }) => encodePhoto(path, options),
};

async function encodePhoto(path: string, options: EncodeOptions): Promise<EncodedPhoto> {
  const { data, width, height, mediaType, unchanged } = await encode(sharp, path, options);
  const file = await store.addBytes(data);
  return { file, width, height, bytes: file.bytes, mediaType, unchanged };
}

async function thumbnail(
  files: ContentStore,
  path: string,
  known: string | null,
  edge: number,
): Promise<StoredFile> {
  const source = await readSource(sharp, path);
  const sha256 = known ?? createHash('sha256').update(source.bytes).digest('hex');
  const cached = await findThumbnail(folder, files, sha256, edge);
  if (cached) return cached;
  const file = await files.addBytes(await makeThumbnail(sharp, source, edge), { durable: false });
  await noteThumbnail(folder, sha256, edge, {
    sha256: file.sha256,
    bytes: file.bytes,
    mediaType: file.mediaType,
  });
  return file;
}

function failure(id: number, error: unknown): JobReply {
  const known = error instanceof MediaError ? error : fromFileError(error);
  const cause = error instanceof Error && error.cause instanceof Error ? ` ${error.cause.message}` : '';
  const message = error instanceof Error ? error.message + cause : String(error);
  return { id, ok: false, code: known.code, message, ...(known.detail && { detail: known.detail }) };
}

parentPort?.on('message', ({ id, kind, args }: JobRequest) => {
  // The kind picks handler and arguments alike; TypeScript can't follow that through a map.
  const run = handlers[kind] as (args: unknown) => Promise<Jobs[JobKind]['result']>;
  run(args).then(
    (result) => parentPort?.postMessage({ id, ok: true, result } satisfies JobReply),
    (error: unknown) => parentPort?.postMessage(failure(id, error)),
  );
});
