import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Connection } from './connection.ts';
import { DOMAIN } from './jid.ts';
import { LIMITS } from './limits.ts';
import { LoginGate } from './login-gate.ts';
import { serveUpload } from './upload-http.ts';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HubCore } from './core.ts';

export interface HttpSide {
  port: number;
  close(): Promise<void>;
}

/**
 * Listens on 127.0.0.1 and nowhere else: WebSocket at /xmpp-websocket, files at /upload/, identity at /postcard-hub.
 * @throws with code EADDRINUSE or EACCES when the port can't be had
 */
export async function listen(core: HubCore, port: number, homeId: string): Promise<HttpSide> {
  const server = createServer((request, response) => serve(core, homeId, request, response));
  server.headersTimeout = 10_000;
  server.requestTimeout = 0; // uploads have their own limit: no progress for a while
  server.maxConnections = LIMITS.connections;
  const sockets = acceptWebSockets(core, server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  server.on('error', (error) => core.log(`The hub's listener failed: ${error.message}`));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The hub has no port');
  return { port: address.port, close: () => closeAll(server, sockets) };
}

function acceptWebSockets(core: HubCore, server: Server): WebSocketServer {
  const gate = new LoginGate();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LIMITS.stanzaBytes,
    handleProtocols: (offered) => (offered.has('xmpp') ? 'xmpp' : false),
  });
  sockets.on('connection', (socket) => new Connection(core, socket, gate));
  server.on('upgrade', (request, socket, head) => {
    const status = refusal(request, sockets.clients.size);
    if (status) refuse(socket, status);
    else sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });
  return sockets;
}

/** Why a WebSocket may not be opened; null when it may. */
function refusal(request: IncomingMessage, open: number): string | null {
  if (!isLoopbackHost(request.headers.host)) return '421 Misdirected Request';
  if (!isLoopbackOrigin(request.headers.origin)) return '403 Forbidden';
  if (pathOf(request) !== '/xmpp-websocket') return '404 Not Found';
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes('xmpp')) return '400 Bad Request';
  return open >= LIMITS.connections ? '503 Service Unavailable' : null;
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** A page of the web that had its name point here (DNS rebinding) shows another name in Host. */
function isLoopbackHost(host: string | undefined): boolean {
  return host !== undefined && /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(host);
}

/** Programs send no Origin; pages only the app's own, which are on loopback. */
function isLoopbackOrigin(origin: string | undefined): boolean {
  return origin === undefined || /^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(origin);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function serve(core: HubCore, homeId: string, request: IncomingMessage, response: ServerResponse): void {
  const path = pathOf(request);
  response.on('error', (error) => core.log(`An answer broke off: ${error.message}`));
  if (!isLoopbackHost(request.headers.host)) response.writeHead(421).end();
  else if (path.startsWith('/upload/')) serveUpload(core, request, response);
  else if (request.method !== 'GET') response.writeHead(405).end();
  else if (path === '/postcard-hub') identify(homeId, response).end();
  // Kept open: its end tells the other instances of this home that the hub is gone.
  else if (path === '/postcard-hub/watch') identify(homeId, response).flushHeaders();
  else response.writeHead(404).end();
}

function identify(homeId: string, response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.write(`${JSON.stringify({ name: 'postcard-hub', homeId, domain: DOMAIN })}\n`);
  return response;
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // What the connections were told at the end gets a moment to leave.
  const gone = Promise.all(
    [...sockets.clients].map((ws) => new Promise<void>((r) => ws.once('close', () => r()))),
  );
  const timer = setTimeout(() => sockets.clients.forEach((ws) => ws.terminate()), 300);
  await gone;
  clearTimeout(timer);
  server.closeAllConnections();
  await closed;
}
