import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openTcp } from './transport-tcp.ts';

const servers: net.Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`;
const features = (inner: string) => `<stream:features>${inner}</stream:features>`;
const tls = `xmlns='urn:ietf:params:xml:ns:xmpp-tls'`;

/** A plain server that answers each read with the next of these. */
async function serve(...answers: string[]): Promise<number> {
  const server = net.createServer((socket) => {
    const left = [...answers];
    socket.on('data', () => socket.write(left.shift() ?? ''));
    socket.on('error', () => undefined);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const open = (port: number, direct = false) =>
  openTcp({ host: '127.0.0.1', port, direct, names: ['test.example'] }, AbortSignal.timeout(5000));

describe('STARTTLS', () => {
  it('refuses what is injected in the clear after <proceed/>', async () => {
    const port = await serve(header + features(`<starttls ${tls}/>`), `<proceed ${tls}/><message/>`);
    await expect(open(port)).rejects.toMatchObject({ code: 'connection-insecure' });
    const other = await serve(header + features(`<starttls ${tls}/>`), `<proceed ${tls}/>more`);
    await expect(open(other)).rejects.toMatchObject({ code: 'connection-insecure' });
  });

  it('refuses a server that refuses it, or speaks something else', async () => {
    const port = await serve(header + features(`<starttls ${tls}/>`), `<failure ${tls}/>`);
    await expect(open(port)).rejects.toMatchObject({ code: 'server-unreachable' });
    await expect(open(await serve('HTTP/1.1 400 Bad Request\r\n\r\n'))).rejects.toMatchObject({
      code: 'server-unreachable',
    });
    await expect(open(await serve('SSH-2.0-x\r\n'), true)).rejects.toMatchObject({
      code: 'server-unreachable',
    });
  });

  it('goes on without it on loopback only', async () => {
    const channel = await open(await serve(header + features('')));
    expect(channel.secure).toBe(false);
    channel.destroy();
  });
});
