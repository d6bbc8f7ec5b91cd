import { execFileSync, spawnSync } from 'node:child_process';
import { promises as dns } from 'node:dns';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openChannel } from './discovery.ts';
import { DnsServer } from './dns-server.fixture.ts';

const domain = 'chat.example';
const [direct, plain] = [`_xmpps-client._tcp.${domain}`, `_xmpp-client._tcp.${domain}`];

let folder: string;
let trustedBefore: string[];
let dnsBefore: string[];
let names: DnsServer;
const servers: net.Server[] = [];

/** A certificate that signs itself, for a name. */
function certificate(name: string): { key: Buffer; cert: Buffer } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const made = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
  ];
  execFileSync(
    'openssl',
    [...made, '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-keyout', key, '-out', cert],
    {
      stdio: 'ignore',
    },
  );
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** A server for direct TLS (XEP-0368); says who asked for which name. */
async function serve(credentials: { key: Buffer; cert: Buffer }): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  // Within the handshake: it is known here before the other side goes on.
  const SNICallback = (name: string, done: (error: null) => void) => {
    asked.push(name);
    done(null);
  };
  const server = tls.createServer({ ...credentials, SNICallback }, (socket) => {
    socket.on('error', () => undefined);
  });
  return { port: await listen(server), asked };
}

async function listen(server: net.Server): Promise<number> {
  servers.push(server);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const port = await listen(net.createServer());
  const server = servers.pop();
  await new Promise((resolve) => server?.close(resolve));
  return port;
}

const srv = (port: number, priority = 0, weight = 0) => ({ priority, weight, port, target: 'localhost' });
const open = () => openChannel({ domain, endpoint: null }, { last: null }, AbortSignal.timeout(10_000));

let own: { key: Buffer; cert: Buffer };
let other: { key: Buffer; cert: Buffer };

beforeAll(() => {
  if (!hasOpenssl) return;
  folder = mkdtempSync(join(tmpdir(), 'postcard-srv-'));
  own = certificate(domain);
  other = certificate('elsewhere.example');
  trustedBefore = tls.getCACertificates('default');
  tls.setDefaultCACertificates([String(own.cert), String(other.cert)]);
});
afterAll(() => {
  if (!hasOpenssl) return;
  tls.setDefaultCACertificates(trustedBefore);
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  dnsBefore = dns.getServers();
  names = new DnsServer();
  dns.setServers([await names.listening()]);
});
afterEach(async () => {
  dns.setServers(dnsBefore);
  await names.stop();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Node makes no certificates. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)('SRV records', () => {
  it('direct TLS comes first, and the certificate is that of the domain, whatever the record points to', async () => {
    const server = await serve(own);
    names.zone.set(direct, [srv(server.port)]);
    names.zone.set(plain, [srv(await closedPort())]);
    const channel = await open();
    expect(channel.secure).toBe(true);
    expect(channel.label).toContain(String(server.port));
    channel.destroy();
    expect(server.asked).toEqual([domain]);
    expect(names.asked).toEqual([direct]);
  });

  it('go by priority, then by weight, until one answers', async () => {
    const [best, heavy, light] = [await closedPort(), await serve(own), await serve(own)];
    names.zone.set(direct, [srv(light.port, 10, 1), srv(heavy.port, 10, 9), srv(best, 5)]);
    const channel = await open();
    channel.destroy();
    expect([heavy.asked, light.asked]).toEqual([[domain], []]);
  });

  it('lead to nobody who has another certificate, and that is what is said', async () => {
    const forged = await serve(other);
    names.zone.set(direct, [srv(forged.port)]);
    await expect(open()).rejects.toMatchObject({ code: 'certificate-invalid' });
  });

  it('of no service, or none at all: the domain itself is tried, and what is said is that it is not there', async () => {
    names.zone.set(direct, [{ ...srv(0), target: '.' }]);
    await expect(open()).rejects.toMatchObject({ code: 'server-not-found' });
    expect(names.asked).toContain(plain);
  });

  it('are asked for anew once the way that worked last is gone', async () => {
    const [gone, server] = [await closedPort(), await serve(own)];
    names.zone.set(direct, [srv(server.port)]);
    const last = { kind: 'tcp', host: 'localhost', port: gone, direct: true, names: [domain] } as const;
    const channel = await openChannel({ domain, endpoint: null }, { last }, AbortSignal.timeout(10_000));
    channel.destroy();
    expect(server.asked).toEqual([domain]);
  });
});
