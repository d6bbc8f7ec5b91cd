import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer } from './rogue-server.ts';

const disco = 'http://jabber.org/protocol/disco#info';
const upload = 'urn:xmpp:http:upload:0';

/** An upload service (XEP-0363) of a rogue server that does as it likes with what it is sent. */
export interface SlowUploads {
  /** For the rogue server. */
  readonly answer: Answer;
  /** What becomes of a file: `slowly` takes a piece every 200 ms, a number is the status it ends with. */
  next: 'take' | 'slowly' | number;
  /** How many were given up by the sender. */
  readonly broken: number;
  /** The bytes of those that came whole. */
  readonly taken: readonly number[];
  stop(): Promise<void>;
}

export async function slowUploads(): Promise<SlowUploads> {
  const state = { next: 'take' as SlowUploads['next'], broken: 0, taken: [] as number[] };
  const server = createServer((request, response) => receive(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It listens on TCP.
  const { port } = server.address() as AddressInfo;
  let slots = 0;
  const answer: Answer = ({ payload, element }) => {
    if (payload === upload) {
      const url = `http://127.0.0.1:${port}/upload/${(slots += 1)}/photo.jpg`;
      return `<slot xmlns='${upload}'><put url='${url}'/><get url='${url}'/></slot>`;
    }
    if (payload !== disco || element.attributes['to'] !== 'localhost') return null;
    return (
      `<query xmlns='${disco}'><identity category='server' type='im'/>` +
      `<feature var='urn:xmpp:mam:2'/><feature var='${upload}'/></query>`
    );
  };
  return Object.assign(state, {
    answer,
    async stop() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}

interface State {
  next: SlowUploads['next'];
  broken: number;
  taken: number[];
}

function receive(state: State, request: IncomingMessage, response: ServerResponse): void {
  const how = state.next;
  let bytes = 0;
  request.on('close', () => {
    if (!request.complete) state.broken += 1;
  });
  request.on('data', (data: Buffer) => {
    bytes += data.length;
    if (how !== 'slowly') return;
    request.pause();
    setTimeout(() => request.resume(), 200);
  });
  request.on('end', () => {
    if (how === 'take') state.taken.push(bytes);
    response.writeHead(typeof how === 'number' ? how : 201).end();
  });
}
