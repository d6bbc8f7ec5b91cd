import net from 'node:net';
import tls from 'node:tls';
import { domainToASCII } from 'node:url';
import { PostcardError } from '../../contract/errors.ts';
import {
  type Channel,
  type ChannelReader,
  connectionProblem,
  isLoopbackHost,
  OPEN_TIMEOUT,
} from './channel.ts';
import { requestTls } from './starttls.ts';

export interface TcpEndpoint {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (XEP-0368) instead of STARTTLS (RFC 6120 section 5). */
  readonly direct: boolean;
  /** Names the certificate may be for; the first one goes into SNI. */
  readonly names: readonly string[];
}

/**
 * Opens TCP and TLS. STARTTLS is required: a server that does not offer it is refused with
 * `connection-insecure`, except on loopback, where nobody is in between.
 * Rejects with PostcardError `connection-insecure`, `certificate-invalid`, `server-not-found`, `server-unreachable`.
 */
export async function openTcp(endpoint: TcpEndpoint, signal: AbortSignal): Promise<Channel> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(OPEN_TIMEOUT)]);
  const label = `${endpoint.direct ? 'xmpps' : 'xmpp'}://${endpoint.host}:${endpoint.port}`;
  let socket: net.Socket | null = null;
  try {
    socket = await settled(net.connect({ host: endpoint.host, port: endpoint.port }), 'connect', limit);
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 30_000);
    if (!endpoint.direct && !(await requestTls(socket, endpoint.names[0] ?? endpoint.host, limit))) {
      if (!isLoopbackHost(socket.remoteAddress ?? '')) {
        throw new PostcardError('connection-insecure', { host: endpoint.host });
      }
      // The stream that asked for features is left behind; a plain one starts afresh on a socket of its own.
      socket.destroy();
      socket = await settled(net.connect({ host: endpoint.host, port: endpoint.port }), 'connect', limit);
      return new TcpChannel(socket, false, label, endpoint.host);
    }
    const secured = tls.connect({ socket, ...tlsOptions(endpoint) });
    await settled(secured, 'secureConnect', limit);
    return new TcpChannel(secured, true, label, endpoint.host);
  } catch (error) {
    socket?.destroy();
    throw connectionProblem(error, endpoint.host);
  }
}

function tlsOptions(endpoint: TcpEndpoint): tls.ConnectionOptions {
  const names = endpoint.names.map((name) => (net.isIP(name) ? name : domainToASCII(name)));
  const sni = names.find((name) => net.isIP(name) === 0);
  return {
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(sni === undefined ? {} : { servername: sni }),
    ...(endpoint.direct ? { ALPNProtocols: ['xmpp-client'] } : {}),
    checkServerIdentity: (_host, certificate) => {
      let refused: Error | undefined;
      for (const name of names) {
        refused = tls.checkServerIdentity(name, certificate);
        if (refused === undefined) return undefined;
      }
      return refused ?? new Error('no name to verify');
    },
  };
}

/** Waits for the event that says a socket is ready; rejects on error, close or abort, and destroys it then. */
export function settled<T extends net.Socket>(socket: T, event: string, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish = (error: Error | null) => {
      socket.off(event, ready);
      socket.off('error', finish);
      socket.off('close', closed);
      signal.removeEventListener('abort', aborted);
      if (error === null) return resolve(socket);
      // A socket that is given up may still report an error, which nobody else would hear.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const ready = () => finish(null);
    const closed = () => finish(new Error('closed'));
    const aborted = () => finish(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }));
    socket.on(event, ready);
    socket.on('error', finish);
    socket.on('close', closed);
    if (signal.aborted) aborted();
    else signal.addEventListener('abort', aborted, { once: true });
  });
}

class TcpChannel implements Channel {
  readonly framed = false;
  readonly secure: boolean;
  readonly label: string;
  readonly #socket: net.Socket;
  #reader: ChannelReader | null = null;
  #problem: PostcardError | null = null;

  constructor(socket: net.Socket, secure: boolean, label: string, host: string) {
    this.#socket = socket;
    this.secure = secure;
    this.label = label;
    const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    socket.on('data', (chunk) => {
      try {
        this.#reader?.onText(utf8.decode(chunk as Uint8Array, { stream: true }));
      } catch (error) {
        // Only the decoder throws here; readers don't. RFC 6120 section 11.6: UTF-8 or nothing.
        this.#problem = connectionProblem(error, host);
        socket.destroy();
      }
    });
    socket.on('error', (error) => {
      this.#problem = connectionProblem(error, host);
    });
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      const reader = this.#reader;
      this.#reader = null;
      reader?.onClosed(this.#problem);
    });
  }

  read(reader: ChannelReader): void {
    if (this.#socket.closed) return queueMicrotask(() => reader.onClosed(this.#problem));
    this.#reader = reader;
  }

  write(text: string): void {
    if (this.#socket.writable) this.#socket.write(text);
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  unsent(): number {
    return this.#socket.writableLength;
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
