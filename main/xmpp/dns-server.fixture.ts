import { createSocket, type Socket } from 'node:dgram';

/** One SRV record (RFC 2782). */
interface SrvRecord {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  readonly target: string;
}

const SRV = 33;
const NO_SUCH_NAME = 3;

const nameBytes = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.subarray(at + 1, at + 1 + length).toString());
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}

function answer(query: Buffer, zone: ReadonlyMap<string, readonly SrvRecord[]>): Buffer {
  const { name, end } = readName(query);
  const found = query.readUInt16BE(end - 4) === SRV ? (zone.get(name) ?? []) : [];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  // A recursive answer to a recursive question (RFC 1035 section 4.1.1).
  head.writeUInt16BE(0x8180 | (found.length === 0 ? NO_SUCH_NAME : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found.length, 6);
  const records = found.map(({ priority, weight, port, target }) => {
    const data = Buffer.concat([Buffer.alloc(6), nameBytes(target)]);
    [priority, weight, port].forEach((value, i) => data.writeUInt16BE(value, 2 * i));
    const record = Buffer.alloc(12);
    [0xc00c, SRV, 1].forEach((value, i) => record.writeUInt16BE(value, 2 * i));
    record.writeUInt32BE(1, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([head, query.subarray(12, end), ...records]);
}

/** A name server on loopback that knows SRV records and nothing else; it keeps what it was asked for. */
export class DnsServer {
  readonly zone = new Map<string, readonly SrvRecord[]>();
  readonly asked: string[] = [];
  readonly #socket: Socket = createSocket('udp4');

  /** `host:port`, for `dns.setServers`. */
  async listening(): Promise<string> {
    this.#socket.on('message', (query, from) => {
      this.asked.push(readName(query).name);
      this.#socket.send(answer(query, this.zone), from.port, from.address);
    });
    await new Promise<void>((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}
