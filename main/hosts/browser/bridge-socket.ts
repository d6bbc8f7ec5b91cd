import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Dispatch } from '../../dispatch.ts';
import { createPageCalls, parseJson, type PageCalls } from './calls.ts';

/** Bytes of one frame from a page; the longest draft is far below. */
const mostBytes = 4_000_000;
/** Bytes that may wait for a page that does not read; it reconnects and reads everything anew. */
const mostWaiting = 64_000_000;
/** How long a page's calls are remembered after its socket has gone, ms. */
const pageMemory = 120_000;

export interface BridgeSocket {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  send(name: string, payload: unknown): void;
  close(): void;
}

interface Page {
  readonly calls: PageCalls;
  sockets: number;
  forget: NodeJS.Timeout | undefined;
}

/**
 * Calls and events as JSON over one WebSocket a page. `?page=` names the page; the first frame names this run of
 * the host, so that a page knows whether calls that it repeats can have been carried out already. `&calls=` are the
 * frames that a page begins with: answered at once, they spare a new page two ways while it is busy with its script.
 */
export function createBridgeSocket(dispatch: Dispatch, pagesChanged: (open: number) => void): BridgeSocket {
  const server = new WebSocketServer({ noServer: true, maxPayload: mostBytes, perMessageDeflate: false });
  const run = randomUUID();
  const pages = new Map<string, Page>();

  const connected = (socket: WebSocket, key: string, calls: readonly string[]) => {
    const page = pages.get(key) ?? { calls: createPageCalls(dispatch), sockets: 0, forget: undefined };
    pages.set(key, page);
    clearTimeout(page.forget);
    page.sockets += 1;
    const handle = (text: string) => {
      if (!page.calls.handle(text, (frame) => sendTo(socket, frame))) socket.close(1008);
    };
    socket.on('message', (data, binary) => {
      // `ws` gives text as a Buffer unless told otherwise.
      handle(binary || !Buffer.isBuffer(data) ? '' : data.toString('utf8'));
    });
    socket.on('close', () => {
      page.sockets -= 1;
      if (page.sockets === 0) {
        page.forget = setTimeout(() => pages.delete(key), pageMemory);
        page.forget.unref();
      }
      pagesChanged(server.clients.size);
    });
    // `close` follows, and there is nothing else to do about it.
    socket.on('error', () => socket.terminate());
    socket.send(JSON.stringify({ run }));
    calls.forEach(handle);
    pagesChanged(server.clients.size);
  };

  return {
    upgrade: (request, socket, head) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://page');
      const key = searchParams.get('page') ?? '';
      const calls = firstCalls(searchParams.get('calls') ?? '[]');
      if (!/^[\w-]{8,64}$/.test(key) || calls === null) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (open) => {
        connected(open, key, calls);
      });
    },
    send: (name, payload) => {
      const frame = JSON.stringify({ event: name, payload });
      for (const socket of server.clients) sendTo(socket, frame);
    },
    close: () => {
      for (const socket of server.clients) socket.close(1001);
      for (const page of pages.values()) clearTimeout(page.forget);
      server.close();
    },
  };
}

/** A JSON list of frames; null when it is none. Each frame is checked like one that comes over the socket. */
function firstCalls(text: string): string[] | null {
  const list: unknown = parseJson(text);
  return Array.isArray(list) && list.every((frame) => typeof frame === 'string') ? list : null;
}

function sendTo(socket: WebSocket, frame: string): void {
  if (socket.readyState !== socket.OPEN) return;
  if (socket.bufferedAmount > mostWaiting) socket.terminate();
  else socket.send(frame);
}
