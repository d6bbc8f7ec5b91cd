import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';

/**
 * A Node request as a fetch Request. The body streams, at the speed at which it is read; the signal aborts when
 * the page goes away before the answer is complete.
 */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse, origin: string): Request {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // `duplex` is required for a streaming body (fetch standard) and missing in the types of the DOM.
  const init: RequestInit & { duplex?: 'half' } = {
    method,
    headers: headersOf(incoming),
    signal: gone.signal,
  };
  if (hasBody) {
    // The same class under two names: Node's own types and those of the DOM.
    init.body = Readable.toWeb(incoming) as unknown as ReadableStream;
    init.duplex = 'half';
  }
  return new Request(new URL(pathOf(incoming), origin), init);
}

/**
 * The path and query; absolute and `*` forms of the request line (RFC 9112 section 3.2) count as `/`, and so does
 * `//host/`, which the URL parser would take for another host.
 */
export function pathOf(incoming: IncomingMessage): string {
  const url = incoming.url ?? '/';
  return /^\/(?![/\\])/.test(url) ? url : '/';
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}

/** Bytes up to which an answer is sent in one piece: a stream costs more than it saves. */
const onePiece = 1_000_000;

/** Sends a fetch Response, with backpressure. Resolves when it is sent or the other side has gone. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null || outgoing.req.method === 'HEAD') {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  const length = Number(response.headers.get('content-length') ?? Infinity);
  if (length <= onePiece) {
    await sendWhole(response, outgoing);
    return;
  }
  // See above: one class, two names.
  const body = Readable.fromWeb(response.body as unknown as NodeReadableStream);
  try {
    await pipeline(body, outgoing);
  } catch {
    // The page went away, or the file broke in the middle: the length that was promised tells the page.
    outgoing.destroy();
  }
}

async function sendWhole(response: Response, outgoing: ServerResponse): Promise<void> {
  try {
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch {
    // The file broke in the middle: the length that was promised tells the page.
    outgoing.destroy();
  }
}
