import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PostcardError } from '../../contract/errors.ts';
import type { FileSource } from '../../contract/ids.ts';

/** Files that a page handed over by `POST /staged`: pasted pictures, and all files of the browser host. */
export interface IncomingFiles {
  /** Answers with `{ id }`, or with `{ code }` and a status of 400, 413 or 507. */
  receive(request: Request): Promise<Response>;
  /** The file's path on this computer, and the name it was chosen under. Throws `file-missing`. */
  resolve(source: FileSource): Promise<{ path: string; name: string }>;
  /** An upload that has been copied where it belongs is not needed any more. */
  release(source: FileSource): Promise<void>;
}

/** Bytes. Above every limit of the photo pipeline and of most servers: those refuse with their own words. */
const MAX_BYTES = 2_000_000_000;

/** @param folder emptied at start: an upload lives only until it is staged. */
export async function openIncomingFiles(folder: string): Promise<IncomingFiles> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    receive: (request) => receive(folder, request),
    resolve: async (source) => {
      const path = source.kind === 'path' ? source.path : await uploadPath(folder, source.id);
      if (!isAbsolute(path)) throw new PostcardError('file-missing');
      const found = await stat(path).catch(() => null);
      if (!found?.isFile()) throw new PostcardError('file-missing', { name: basename(path) });
      return { path, name: source.kind === 'path' ? basename(path) : source.name };
    },
    release: async (source) => {
      if (source.kind === 'upload') await rm(join(folder, source.id), { force: true });
    },
  };
}

async function uploadPath(folder: string, id: string): Promise<string> {
  const names = await readdir(folder);
  if (!names.includes(id)) throw new PostcardError('file-missing');
  return join(folder, id);
}

async function receive(folder: string, request: Request): Promise<Response> {
  if (!request.body) return Response.json({ code: 'file-missing' }, { status: 400 });
  const id = randomBytes(16).toString('base64url');
  const path = join(folder, id);
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > MAX_BYTES ? new PostcardError('file-too-large', { limit: MAX_BYTES }) : null, chunk);
    },
  });
  try {
    // The DOM's and Node's types of one and the same web stream differ.
    const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
    await pipeline(body, limit, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    return Response.json({ id });
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof PostcardError) return Response.json({ code: error.code }, { status: 413 });
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
      return Response.json({ code: 'disk-full' }, { status: 507 });
    throw error;
  }
}
