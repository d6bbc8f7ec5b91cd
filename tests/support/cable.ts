import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A TCP cable between a client and a server on loopback that can be damaged: cut (both ends get a reset), stalled
 * (open, but nothing passes), refused (no new connections), or cut after so many bytes. It carries anything that
 * is TCP: WebSocket, STARTTLS, TLS and HTTP.
 */
export class Cable {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Set<Pair>();
  #refusing = false;
  #stalled = false;
  #cutAfter: number | null = null;
  /** How many connections have been cut since it was laid. */
  cuts = 0;

  private constructor(server: Server, port: number, target: number) {
    this.#server = server;
    this.port = port;
    this.#target = target;
    server.on('connection', (client) => this.#connect(client));
  }

  /** Lays a cable from a free port to `target`, a port of 127.0.0.1. */
  static async to(target: number): Promise<Cable> {
    const server = createServer({ pauseOnConnect: true, noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No port for a cable');
    return new Cable(server, address.port, target);
  }

  /** How many connections it carries now. */
  get carried(): number {
    return this.#pairs.size;
  }

  /** Cuts every connection at once, in the middle of whatever is under way. New ones are possible. */
  cut(): void {
    for (const pair of this.#pairs) pair.cut();
  }

  /** Cuts the next connection, or those there are, after so many more bytes from the client. */
  cutAfter(bytes: number): void {
    if (this.#pairs.size === 0) this.#cutAfter = bytes;
    for (const pair of this.#pairs) pair.cutAfter(bytes);
  }

  /** Connections stay open, and nothing passes any more, in neither direction. */
  stall(): void {
    this.#stalled = true;
    for (const pair of this.#pairs) pair.stall();
  }

  /** Cuts all connections and resets new ones. */
  refuse(): void {
    this.#refusing = true;
    this.cut();
  }

  /** New connections work again; what was stalled flows on. */
  mend(): void {
    this.#refusing = false;
    this.#stalled = false;
    this.#cutAfter = null;
    for (const pair of this.#pairs) pair.flow();
  }

  async remove(): Promise<void> {
    this.refuse();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #connect(client: Socket): void {
    if (this.#refusing) {
      client.on('error', ignoreReset).resetAndDestroy();
      return;
    }
    const server = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    const pair = new Pair(client, server, () => (this.cuts += 1));
    this.#pairs.add(pair);
    pair.onEnd(() => this.#pairs.delete(pair));
    if (this.#cutAfter !== null) pair.cutAfter(this.#cutAfter);
    this.#cutAfter = null;
    if (!this.#stalled) pair.flow();
  }
}

/** Resets are what a cable is for; both ends see them for themselves. */
function ignoreReset(): void {
  return undefined;
}

/** No encoding is set, so text never comes; the type can't know. */
const bytesOf = (data: string | Buffer): Buffer => (typeof data === 'string' ? Buffer.from(data) : data);

class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #onCut: () => void;
  #left = Infinity;
  #flowing = false;

  constructor(client: Socket, server: Socket, onCut: () => void) {
    this.#client = client;
    this.#server = server;
    this.#onCut = onCut;
    client.pause();
    server.pause();
    client.on('error', ignoreReset).on('close', () => server.destroy());
    server.on('error', ignoreReset).on('close', () => client.destroy());
    client.on('data', (data) => this.#up(bytesOf(data))).on('end', () => server.end());
    server.on('data', (data) => this.#pass(bytesOf(data), server, client)).on('end', () => client.end());
    // A listener for data starts the flow; that is for flow() to do.
    if (!this.#flowing) this.stall();
  }

  onEnd(listener: () => void): void {
    this.#client.once('close', listener);
  }

  cut(): void {
    if (this.#client.destroyed) return;
    this.#onCut();
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  cutAfter(bytes: number): void {
    this.#left = bytes;
  }

  stall(): void {
    this.#flowing = false;
    this.#client.pause();
    this.#server.pause();
  }

  flow(): void {
    this.#flowing = true;
    this.#client.resume();
    this.#server.resume();
  }

  #up(data: Buffer): void {
    if (data.length < this.#left) {
      this.#left -= data.length;
      this.#pass(data, this.#client, this.#server);
      return;
    }
    // What comes before the cut must have left, or it would be a cut before it.
    this.#server.write(data.subarray(0, this.#left), () => this.cut());
  }

  #pass(data: Buffer, from: Socket, to: Socket): void {
    if (to.write(data)) return;
    from.pause();
    to.once('drain', () => this.#flowing && from.resume());
  }
}
