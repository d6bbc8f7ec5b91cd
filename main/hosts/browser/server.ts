import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { UsageError } from '../../cli.ts';
import { withSecurityHeaders } from '../web/headers.ts';
import { createAdmission, type Admission } from './admission.ts';
import type { BridgeSocket } from './bridge-socket.ts';
import { pathOf, sendResponse, toRequest } from './fetch-adapter.ts';
import { refusal } from './refusal.ts';

// Not imported: the module's namespace would load Node's fetch as well, 20 ms before the address is there.
const { createServer } = process.getBuiltinModule('node:http');

export interface BrowserServer {
  freshAddress(): string;
  close(): void;
}

/** A server on 127.0.0.1 alone that does not answer anybody yet. */
export interface BoundPort {
  readonly port: number;
  readonly server: Server;
}

/**
 * Takes the loopback port before anything else is opened.
 * @param port 0 is any
 * @throws UsageError when the port is taken
 */
export async function bindPort(port: number): Promise<BoundPort> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  return { server, port: await listen(server, port) };
}

/**
 * Lets pages in and serves them.
 * @param routes what a page that was let in can load
 * @param upgrade takes the sockets of pages that were let in
 */
export function serveOn(
  { server, port }: BoundPort,
  routes: (request: Request) => Promise<Response>,
  upgrade: BridgeSocket['upgrade'],
): BrowserServer {
  const admission = createAdmission(port);
  server.on('request', (incoming, outgoing) => {
    void respond(incoming, outgoing, admission, routes);
  });
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The other side may vanish during the handshake; there is nobody to tell.
    socket.on('error', () => socket.destroy());
    if (mayConnect(incoming, admission)) upgrade(incoming, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return {
    freshAddress: () => admission.freshAddress(),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(listenProblem(error, port));
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
      else resolve(address.port);
    });
  });
}

function listenProblem(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UsageError(`Port ${String(port)} is in use; choose another with --port, or leave it out.`);
  }
  if (error.code === 'EACCES') {
    return new UsageError(
      `Port ${String(port)} may not be used by this user; choose one above 1023 with --port.`,
    );
  }
  return error;
}

function mayConnect(incoming: IncomingMessage, admission: Admission): boolean {
  return (
    pathOf(incoming).split('?')[0] === '/bridge' &&
    admission.hostIsOurs(incoming) &&
    admission.originIsOurs(incoming) &&
    admission.hasCookie(incoming)
  );
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  admission: Admission,
  routes: (request: Request) => Promise<Response>,
): Promise<void> {
  const refused = admit(incoming, admission);
  if (refused !== null) {
    // A body that nobody reads would hold the connection open.
    incoming.resume();
    await sendResponse(withSecurityHeaders(refused), outgoing);
    return;
  }
  const origin = `http://${incoming.headers.host ?? ''}`;
  await sendResponse(await routes(toRequest(incoming, outgoing, origin)), outgoing);
}

/** null when the request may pass, else its answer. */
function admit(incoming: IncomingMessage, admission: Admission): Response | null {
  const refuse = (status: number) => new Response(null, { status, headers: { connection: 'close' } });
  if (!admission.hostIsOurs(incoming)) return refuse(421);
  const { method = '' } = incoming;
  if (!['GET', 'HEAD', 'POST'].includes(method)) return refuse(405);
  if (method === 'POST' && !admission.originIsOurs(incoming)) return refuse(403);
  const { pathname, searchParams } = new URL(pathOf(incoming), 'http://page');
  const token = searchParams.get('token');
  if (pathname === '/' && token !== null && method === 'GET') return enter(incoming, token, admission);
  if (!admission.hasCookie(incoming)) return refusal();
  // A page is a navigation, which may come from anywhere (a bookmark, a link); what it loads may not.
  if (pathname !== '/' && !admission.fetchedByOurPage(incoming)) return refuse(403);
  return null;
}

/** Trades the token for the cookie. Somebody who is in already and opens a used address is let through. */
function enter(incoming: IncomingMessage, token: string, admission: Admission): Response {
  const cookie = admission.redeem(token);
  if (cookie === null && !admission.hasCookie(incoming)) return refusal();
  const headers = new Headers({ location: '/', 'cache-control': 'no-store' });
  if (cookie !== null) headers.set('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}
