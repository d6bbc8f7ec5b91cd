import { open, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { PostcardError } from '../../contract/errors.ts';
import { attachmentId } from '../../contract/ids.ts';
import type { Media } from '../media/index.ts';
import { attachmentById, type ReadableDb } from '../store/index.ts';
import { sniff, SNIFF_BYTES } from '../media/sniff.ts';
import { crossing } from './media-errors.ts';
import { RENDERED, type Shown } from './shown-file.ts';
import { createStagedRoute } from './staged-route.ts';

/**
 * `/media/attachment/ID`, `/media/thumbnail/ID` (of an attachment), `/media/staged/ID` (see staged-route.ts),
 * `/media/file/SHA256`, `/media/still/SHA256` (its thumbnail) and `/media/avatar/SHA256`, with Range (RFC 9110 section 14).
 */
export function createMediaRoutes(o: {
  db: ReadableDb;
  media: Media;
}): (request: Request) => Promise<Response> {
  const thumbnail = async (sha256: string): Promise<Shown> => {
    const file = await crossing(o.media.thumbnail(sha256));
    return { sha256: file.sha256, mediaType: file.mediaType, name: null };
  };
  const ofAttachment = (text: string) => {
    const id = v.safeParse(attachmentId, Number(text));
    const row = id.success ? attachmentById(o.db, id.output) : null;
    return row?.localSha256 == null
      ? null
      : { sha256: row.localSha256, mediaType: row.mediaType, name: row.name };
  };
  const staged = createStagedRoute(o);
  const find = async (kind: string, key: string, form: string): Promise<Shown | null> => {
    if (kind === 'attachment') return ofAttachment(key);
    if (kind === 'thumbnail') {
      const row = ofAttachment(key);
      return row && thumbnail(row.sha256);
    }
    if (kind === 'staged') return staged.find(key, form);
    if (kind === 'file' || kind === 'avatar') return ofFile(key);
    // The first picture of one that moves.
    if (kind === 'still') return o.media.store.has(key) ? thumbnail(key) : null;
    return null;
  };
  const ofFile = async (sha256: string): Promise<Shown | null> => {
    const path = o.media.store.path(sha256);
    return path === null ? null : { sha256, mediaType: await typeOf(path), name: null };
  };

  return async (request) => {
    const [, , kind = '', key = '', form = ''] = new URL(request.url).pathname.split('/');
    try {
      const shown = await find(kind, decodeURIComponent(key), form);
      const path = shown && o.media.store.path(shown.sha256);
      return shown && path !== null ? answer(o.media, shown, (await stat(path)).size, request) : notFound();
    } catch (error) {
      if (error instanceof PostcardError || error instanceof URIError) return notFound();
      throw error;
    }
  };
}

const notFound = () => new Response(null, { status: 404, headers: { 'cache-control': 'no-store' } });

async function typeOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return sniff(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function answer(media: Media, shown: Shown, size: number, request: Request): Response {
  const range = parseRange(request.headers.get('range'), size);
  const headers = new Headers({
    'content-type': RENDERED.has(shown.mediaType) ? shown.mediaType : 'application/octet-stream',
    'content-disposition': disposition(shown),
    'accept-ranges': 'bytes',
    'cache-control': 'private, max-age=3600',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const opened = media.store.open(shown.sha256, range ?? undefined);
  headers.set('content-length', String(opened.bytes));
  if (range) headers.set('content-range', `bytes ${range.start}-${range.end}/${size}`);
  return new Response(opened.stream, { status: range ? 206 : 200, headers });
}

function disposition(shown: Shown): string {
  const kind = RENDERED.has(shown.mediaType) ? 'inline' : 'attachment';
  return shown.name === null ? kind : `${kind}; filename*=UTF-8''${encodeURIComponent(shown.name)}`;
}

/** One range, as browsers ask for it; several or a malformed one count as none (RFC 9110 section 14.2). */
export function parseRange(
  header: string | null,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const suffix = match[1] === '';
  const start = suffix ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = suffix || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1);
  if (start >= size || (suffix && Number(match[2]) === 0)) return 'unsatisfiable';
  return end < start ? null : { start, end };
}
