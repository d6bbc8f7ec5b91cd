import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { LIMITS } from './limits.ts';
import { isDiskFull } from './store/database.ts';
import { advanceUpload, findUpload } from './store/uploads.ts';
import { uploadFile } from './upload-files.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HubCore } from './core.ts';
import type { Upload } from './store/uploads.ts';

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, OPTIONS',
  'Access-Control-Allow-Headers': 'Content-Type, Range',
  'Access-Control-Expose-Headers': 'Accept-Ranges, Content-Length, Content-Range',
};

/** Serves /upload/TOKEN/NAME (XEP-0363 §6, §7): PUT once, then GET and HEAD with Range. */
export function serveUpload(core: HubCore, request: IncomingMessage, response: ServerResponse): void {
  for (const [name, value] of Object.entries(CORS)) response.setHeader(name, value);
  const token = /^\/upload\/([\w-]{20,64})\//.exec(request.url ?? '')?.[1];
  const upload = token === undefined ? null : findUpload(core.db, token);
  const work = async (): Promise<void> => {
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (!upload) drop(request, response, 404);
    else if (request.method === 'PUT') await receive(core, upload, request, response);
    else if (request.method === 'GET' || request.method === 'HEAD')
      await deliver(core, upload, request, response);
    else drop(request, response, 405);
  };
  work().catch((error: unknown) => {
    core.log(`An upload or download failed: ${String(error)}`);
    if (response.headersSent) response.destroy();
    else drop(request, response, isDiskFull(error) ? 507 : 500);
  });
}

/** Answers without reading the body, and closes, since the rest of it would be taken for a request. */
function drop(request: IncomingMessage, response: ServerResponse, status: number): void {
  response.writeHead(status, { Connection: 'close' }).end();
  request.resume();
}

async function receive(
  core: HubCore,
  upload: Upload,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { token, bytes } = upload;
  const announced = request.headers['content-length'];
  if (announced === undefined) return drop(request, response, 411);
  if (Number(announced) !== bytes) return drop(request, response, Number(announced) > bytes ? 413 : 400);
  if (!core.turn.run(() => advanceUpload(core.db, token, 'open', 'busy')))
    return drop(request, response, 403);
  request.setTimeout(LIMITS.transferIdleMs, () => request.destroy(new Error('The transfer stopped')));
  const temporary = `${uploadFile(core, token)}.part`;
  try {
    await pipeline(request, createWriteStream(temporary, { mode: 0o600 }));
    await settleFile(temporary, uploadFile(core, token), bytes);
  } catch (error) {
    await rm(temporary, { force: true });
    core.turn.run(() => advanceUpload(core.db, token, 'busy', 'open'));
    throw error;
  }
  const kept = core.turn.run(() => advanceUpload(core.db, token, 'busy', 'done'));
  core.turn.settle();
  // The account may have been removed meanwhile, and its uploads with it.
  if (!kept) await rm(uploadFile(core, token), { force: true });
  response.writeHead(kept ? 201 : 404).end();
}

/** Puts a complete file in its place so that it is there whole or not at all, after a power cut too. */
async function settleFile(temporary: string, file: string, bytes: number): Promise<void> {
  const handle = await open(temporary, 'r+');
  try {
    if ((await handle.stat()).size !== bytes) throw new Error('The file is incomplete');
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}

const SHOWN_INLINE = /^(?:image\/(?!svg)|video\/|audio\/)[\w.+-]+$/;

function headersOf(upload: Upload): Record<string, string> {
  const inline = SHOWN_INLINE.test(upload.type);
  const name = encodeURIComponent(upload.name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return {
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, max-age=31536000, immutable',
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    // Whatever the file says it is, no page of this origin may run in it.
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'Content-Type': inline ? upload.type : 'application/octet-stream',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'X-Content-Type-Options': 'nosniff',
  };
}

async function deliver(
  core: HubCore,
  upload: Upload,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (upload.state !== 'done') return drop(request, response, 404);
  const file = uploadFile(core, upload.token);
  const { size } = await stat(file);
  const range = readRange(request.headers.range, size);
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const partial = range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {};
  response.writeHead(range ? 206 : 200, {
    ...headersOf(upload),
    ...partial,
    'Content-Length': end - start + 1,
  });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  response.setTimeout(LIMITS.transferIdleMs, () => response.destroy());
  try {
    await pipeline(createReadStream(file, { start, end }), response);
  } catch (error) {
    // Whoever was downloading went away: a video player does that at every seek.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'))
      throw error;
  }
}

/** One range of RFC 9110 §14.2; several or malformed ones are ignored, as it allows. */
export function readRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [first = '', last = ''] = [match[1], match[2]];
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}
