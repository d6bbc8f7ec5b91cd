import { createServer, type Server } from 'node:net';

/** Opens a port of loopback; null when it is taken. */
const open = (port: number) =>
  new Promise<Server | null>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

/**
 * A port such that it and the ports at these offsets are free now. Below the range that systems hand out for
 * outgoing connections, so that none of those takes it before the server does.
 */
export async function freePort(...offsets: number[]): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const port = 20_000 + Math.floor(Math.random() * 11_000);
    const opened = await Promise.all([0, ...offsets].map((offset) => open(port + offset)));
    await Promise.all(opened.filter((server) => server !== null).map(close));
    if (opened.every((server) => server !== null)) return port;
  }
  throw new Error('No free port between 20000 and 31000');
}
