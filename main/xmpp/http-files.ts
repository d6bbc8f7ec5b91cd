import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PostcardError } from '../../contract/errors.ts';
import { type CheckedUrl, checkUrl } from './http-guard.ts';
import type { Download, DownloadRequest, UploadRequest } from './types.ts';

/** Silence on the line after which a transfer is given up, in ms. */
const IDLE = 30_000;
const MAX_REDIRECTS = 3;
const never = () => false;

interface Exchange {
  readonly request: http.ClientRequest;
  readonly response: Promise<http.IncomingMessage>;
}

/** Connects to the checked addresses alone, without cookies, credentials or a shared pool of connections. */
function open(to: CheckedUrl, options: http.RequestOptions): Exchange {
  const { url, addresses } = to;
  const pinned: LookupFunction = (_host, wanted, callback) => {
    const first = addresses[0];
    if (wanted.all) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
  const request = (url.protocol === 'https:' ? https : http).request(url, {
    ...options,
    agent: false,
    lookup: pinned,
    timeout: IDLE,
  });
  const response = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('idle')));
  });
  return { request, response };
}

/**
 * PUTs a file to its slot (XEP-0363 section 6), streamed, never followed to another address. Rejects with
 * PostcardError `upload-failed` {status | reason}, `file-too-large` {limit: 0, unknown}, `file-missing`, `cancelled`.
 */
export async function uploadFile(upload: UploadRequest): Promise<void> {
  const { slot, path, bytes, mediaType, signal } = upload;
  const size = await stat(path).then(
    (found) => found.size,
    () => -1,
  );
  // Servers refuse another size than the slot's; the file changed or went after it was chosen.
  if (size !== bytes) throw new PostcardError('file-missing');
  try {
    const to = await checkUrl(slot.put, upload.allowPrivate ?? never);
    const headers = { ...slot.headers, 'content-length': bytes, 'content-type': mediaType };
    const { request, response } = open(to, { method: 'PUT', headers, ...(signal ? { signal } : {}) });
    let handed = 0;
    const count = (sofar: number) => {
      handed = sofar;
      upload.onProgress?.(sofar);
    };
    const sent = pipeline(createReadStream(path), counter(count), request);
    // The answer may come before the end (413): it says more than the broken pipe that follows.
    sent.catch(() => undefined);
    const answer = await response;
    answer.resume();
    const status = answer.statusCode ?? 0;
    if (status === 413) throw new PostcardError('file-too-large', { limit: 0 });
    if (status < 200 || status > 299) throw new PostcardError('upload-failed', { status });
    // A server that has all of it may close before the pipe notes its own end.
    if (handed < bytes) await sent;
  } catch (error) {
    throw uploadProblem(error, signal);
  }
}

function counter(onProgress: (bytes: number) => void): Transform {
  let count = 0;
  return new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      count += chunk.length;
      onProgress(count);
      done(null, chunk);
    },
  });
}

function uploadProblem(error: unknown, signal: AbortSignal | undefined): PostcardError {
  if (signal?.aborted) return new PostcardError('cancelled', {}, { cause: error });
  if (error instanceof PostcardError) {
    if (!error.code.startsWith('download-')) return error;
    return new PostcardError('upload-failed', error.detail, { cause: error });
  }
  return new PostcardError('upload-failed', { reason: reasonOf(error) }, { cause: error });
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return (error as NodeJS.ErrnoException).code ?? error.message;
}

/**
 * Fetches a file without credentials: https, or http on loopback; not from private networks unless allowed; at
 * most 3 redirects, each checked again; 30 s of silence end it. The limit is on what really comes. Rejects with
 * PostcardError `download-refused` {host, reason}, `download-failed` {status | reason}, `file-too-large` {limit},
 * `cancelled`.
 */
export async function downloadFile(download: DownloadRequest): Promise<Download> {
  const { signal, maxBytes } = download;
  try {
    const response = await follow(download);
    const declared = Number(response.headers['content-length'] ?? Number.NaN);
    const bytes = Number.isSafeInteger(declared) && declared >= 0 ? declared : null;
    if (bytes !== null && bytes > maxBytes) {
      response.destroy();
      throw new PostcardError('file-too-large', { limit: maxBytes });
    }
    const type = response.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    return { mediaType: type || null, bytes, body: limited(response, download, bytes) };
  } catch (error) {
    throw downloadProblem(error, signal);
  }
}

async function follow({ url, signal, allowPrivate = never }: DownloadRequest): Promise<http.IncomingMessage> {
  let next = url;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const to = await checkUrl(next, allowPrivate);
    // A compressed answer would make the limit meaningless.
    const headers = { 'accept-encoding': 'identity' };
    const { request, response } = open(to, { method: 'GET', headers, ...(signal ? { signal } : {}) });
    request.end();
    const answer = await response;
    const status = answer.statusCode ?? 0;
    if (status === 200) return answer;
    answer.destroy();
    const location = answer.headers.location;
    if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, to.url)) {
      throw new PostcardError('download-failed', { status });
    }
    next = new URL(location, to.url).href;
  }
  throw new PostcardError('download-failed', { reason: 'redirects' });
}

async function* limited(
  response: Readable,
  { maxBytes, signal, onProgress }: DownloadRequest,
  total: number | null,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    for await (const chunk of response as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > maxBytes) throw new PostcardError('file-too-large', { limit: maxBytes });
      onProgress?.(received, total);
      yield chunk;
    }
    if (total !== null && received !== total)
      throw new PostcardError('download-failed', { reason: 'cut short' });
  } catch (error) {
    throw downloadProblem(error, signal);
  } finally {
    response.destroy();
  }
}

function downloadProblem(error: unknown, signal: AbortSignal | undefined): PostcardError {
  if (signal?.aborted) return new PostcardError('cancelled', {}, { cause: error });
  if (error instanceof PostcardError) return error;
  return new PostcardError('download-failed', { reason: reasonOf(error) }, { cause: error });
}
