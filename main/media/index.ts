import { MediaError } from './errors.ts';
import { openContentStore } from './files/content-store.ts';
import { findThumbnail } from './files/thumbnail-index.ts';
import { openJobQueue } from './job-queue.ts';
import { chooseBuild } from './sharp-build.ts';
import type { Media, OpenMediaOptions } from './types.ts';
import { forkWorker } from './worker-process.ts';

export { MediaError } from './errors.ts';
export type * from './types.ts';

/** px of a thumbnail's and an avatar's edge unless told otherwise. */
const THUMBNAIL_EDGE = 640;
const AVATAR_EDGE = 256;

/** Beside this code when it runs from its sources; the bundled app says where its own is. */
const WORKER = './worker.ts';

/** Opens the photo pipeline and its files; see docs/mechanisms/photos-pipeline.md. */
export async function openMedia(options: OpenMediaOptions): Promise<Media> {
  const { folder, build = chooseBuild() } = options;
  const store = await openContentStore(folder);
  const workerFile = options.workerFile ?? new URL(WORKER, import.meta.url);
  const jobs = openJobQueue({
    workerFile,
    workerData: { folder, build },
    startWorker: options.startWorker ?? forkWorker,
  });
  return {
    store,
    inspect: (path, signal) => jobs.run('inspect', { path }, signal),
    encode: (path, encodeOptions, signal) => jobs.run('encode', { path, options: encodeOptions }, signal),
    thumbnail: async (source, maxEdge = THUMBNAIL_EDGE, signal) => {
      const sha256 = /^[0-9a-f]{64}$/.test(source) ? source : null;
      // Lists ask for the same ones again and again: found here, the worker is not even woken.
      const known = sha256 && (await findThumbnail(folder, store, sha256, maxEdge));
      if (known) return known;
      const path = sha256 ? store.path(sha256) : source;
      if (path === null) throw new MediaError('file-missing');
      return jobs.run('thumbnail', { path, sha256, maxEdge }, signal);
    },
    avatar: (path, edge = AVATAR_EDGE, crop) => jobs.run('avatar', { path, edge, crop }),
    render: (path, recipe, maxEdge, signal) => jobs.run('render', { path, recipe, maxEdge }, signal),
    placeholder: (path) => jobs.run('placeholder', { path }),
    cut: (path, edge, crop) => jobs.run('cut', { path, edge, crop }),
    sticker: (path, edge, maxBytes) => jobs.run('sticker', { path, edge, maxBytes }),
    close: () => jobs.close(),
  };
}
