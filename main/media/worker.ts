import { createHash } from 'node:crypto';
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
import type { Sharp } from './sharp-build.ts';
import type { EncodeOptions, EncodedPhoto, StoredFile } from './types.ts';

/** The image worker: everything that decodes, encodes or hashes pictures, in a process of its own. */

type Handlers = { [K in JobKind]: (args: Jobs[K]['args']) => Promise<Jobs[K]['result']> };

interface Tools {
  sharp: Sharp;
  store: ContentStore;
  folder: string;
}

// The only starter of this file is job-queue.ts: what it sends first is about all that follows.
process.once('message', (data: WorkerData) => {
  // A failure here ends the process, and the queue says so of each job.
  const prepared = prepare(data);
  process.on('message', (request: JobRequest) => void prepared.then((handlers) => answer(handlers, request)));
});
// The app has gone, and nobody waits for the picture that is being decoded; a decoder can't be stopped otherwise.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl+C reaches every process of a terminal: the app decides what becomes of the work under way.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function prepare({ folder, build }: WorkerData): Promise<Handlers> {
  const sharp = loadSharp(build);
  // Pictures are seldom asked for twice in a row, and the cache would only hold memory.
  sharp.cache(false);
  // sniff.ts lets these through alone; should it ever err, the loaders for documents still can't run.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif', 'Tiff'].map((name) => `VipsForeignLoad${name}`),
  });
  return handlersOf({ sharp, store: await openContentStore(folder), folder });
}

function handlersOf(tools: Tools): Handlers {
  const { sharp, store } = tools;
  return {
    inspect: ({ path }) => inspect(sharp, path),
    thumbnail: ({ path, sha256, maxEdge }) => thumbnail(tools, path, sha256, maxEdge),
    placeholder: ({ path }) => makePlaceholder(sharp, path),
    avatar: async ({ path, edge, crop }) => store.addBytes(await makeAvatar(sharp, path, edge, crop)),
    cut: async ({ path, edge, crop }) => store.addBytes(await cutSquare(sharp, path, edge, crop)),
    sticker: async ({ path, edge, maxBytes }) =>
      store.addBytes(await makeSticker(sharp, path, edge, maxBytes)),
    render: async ({ path, recipe, maxEdge }) =>
      store.addBytes(await renderEdited(sharp, path, recipe, maxEdge), { durable: false }),
    encode: ({ path, options }) => encodePhoto(tools, path, options),
  };
}

function answer(handlers: Handlers, { id, kind, args }: JobRequest): void {
  // The kind picks handler and arguments alike; TypeScript can't follow that through a map.
  const run = handlers[kind] as (args: unknown) => Promise<Jobs[JobKind]['result']>;
  const reply = (message: JobReply) => process.send?.(message);
  run(args).then(
    (result) => reply({ id, ok: true, result }),
    (error: unknown) => reply(failure(id, error)),
  );
}

async function encodePhoto(
  { sharp, store }: Tools,
  path: string,
  options: EncodeOptions,
): Promise<EncodedPhoto> {
  const { data, width, height, mediaType, unchanged } = await encode(sharp, path, options);
  const file = await store.addBytes(data);
  return { file, width, height, bytes: file.bytes, mediaType, unchanged };
}

async function thumbnail(
  { sharp, store, folder }: Tools,
  path: string,
  known: string | null,
  edge: number,
): Promise<StoredFile> {
  const source = await readSource(sharp, path);
  const sha256 = known ?? createHash('sha256').update(source.bytes).digest('hex');
  const cached = await findThumbnail(folder, store, sha256, edge);
  if (cached) return cached;
  const file = await store.addBytes(await makeThumbnail(sharp, source, edge), { durable: false });
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
