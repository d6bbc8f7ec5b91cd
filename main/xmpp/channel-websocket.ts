import type { TLSSocket } from 'node:tls';
import WebSocket from 'ws';
import { PostcardError } from '../../contract/errors.ts';
import {
  type Channel,
  type ChannelReader,
  connectionProblem,
  isLoopbackHost,
  OPEN_TIMEOUT,
} from './channel.ts';
import { HARD_LIMIT } from './xml-stream.ts';

/**
 * Opens a WebSocket with the subprotocol `xmpp` (RFC 7395). `ws://` is for loopback only. For `wss://` the
 * certificate is that of the URL's host, as RFC 7395 section 5 has it for HTTPS.
 * Rejects with PostcardError `connection-insecure`, `certificate-invalid`, `server-not-found`, `server-unreachable`.
 */
export function openWebSocket(address: string, signal: AbortSignal): Promise<Channel> {
  const url = new URL(address);
  const secure = url.protocol === 'wss:';
  if (!secure && !isLoopbackHost(url.hostname)) {
    return Promise.reject(new PostcardError('connection-insecure', { host: url.hostname }));
  }
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'xmpp', {
      handshakeTimeout: OPEN_TIMEOUT,
      maxPayload: HARD_LIMIT,
      perMessageDeflate: false,
      followRedirects: false,
    });
    const abort = () => socket.terminate();
    const fail = (error: unknown) => {
      signal.removeEventListener('abort', abort);
      reject(connectionProblem(error, url.hostname));
    };
    socket.on('error', fail);
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      fail(new PostcardError('server-unreachable', { host: url.hostname, status: response.statusCode ?? 0 }));
    });
    let remote = '';
    socket.on('upgrade', (response) => {
      remote = (response.socket as TLSSocket).remoteAddress ?? '';
    });
    socket.on('open', () => {
      signal.removeEventListener('abort', abort);
      if (!secure && !isLoopbackHost(remote)) {
        socket.terminate();
        return reject(new PostcardError('connection-insecure', { host: url.hostname }));
      }
      socket.off('error', fail);
      resolve(new WebSocketChannel(socket, secure, `${url.protocol}//${url.host}`, url.hostname));
    });
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

class WebSocketChannel implements Channel {
  readonly framed = true;
  readonly secure: boolean;
  readonly label: string;
  readonly #socket: WebSocket;
  #reader: ChannelReader | null = null;
  #problem: PostcardError | null = null;

  constructor(socket: WebSocket, secure: boolean, label: string, host: string) {
    this.#socket = socket;
    this.secure = secure;
    this.label = label;
    socket.on('error', (error) => {
      this.#problem = connectionProblem(error, host);
    });
    socket.on('close', () => {
      const reader = this.#reader;
      this.#reader = null;
      reader?.onClosed(this.#problem);
    });
    socket.on('message', (data, binary) => {
      // RFC 7395 section 3.2: text frames only.
      if (binary) return socket.terminate();
      // `ws` hands a frame over as one Buffer unless told otherwise.
      this.#reader?.onText((data as Buffer).toString());
    });
  }

  read(reader: ChannelReader): void {
    if (this.#socket.readyState === WebSocket.CLOSED)
      return queueMicrotask(() => reader.onClosed(this.#problem));
    this.#reader = reader;
  }

  write(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(text, (error) => {
      if (error) this.#socket.terminate();
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  unsent(): number {
    return this.#socket.bufferedAmount;
  }

  end(): void {
    this.#socket.close();
  }

  destroy(): void {
    this.#socket.terminate();
  }
}
