import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { downloadFile, uploadFile } from './http-files.ts';
import { isPublicAddress } from './http-guard.ts';

const allowPrivate = () => true;
const received: { url: string; bytes: number; headers: http.IncomingHttpHeaders }[] = [];
let server: http.Server;
let base: string;
let folder: string;

function answer(request: http.IncomingMessage, response: http.ServerResponse): void {
  const path = request.url ?? '';
  if (request.method === 'PUT') {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => {
      received.push({ url: path, bytes, headers: request.headers });
      response.writeHead(path === '/full' ? 507 : path === '/large' ? 413 : 201).end();
    });
  } else if (path.startsWith('/to/')) {
    response.writeHead(302, { location: decodeURIComponent(path.slice(4)) }).end();
  } else if (path === '/loop') {
    response.writeHead(302, { location: '/loop' }).end();
  } else if (path === '/endless') {
    const more = () => response.write(Buffer.alloc(64 * 1024), () => setImmediate(more));
    response.writeHead(200, { 'content-type': 'image/png' });
    more();
  } else if (path === '/gone') {
    response.writeHead(404).end();
  } else {
    response
      .writeHead(200, { 'content-type': 'image/jpeg; x=y', 'content-length': 5000 })
      .end(Buffer.alloc(5000));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-http-'));
  server = http.createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function fetchAll(url: string, maxBytes = 10_000, allow = allowPrivate): Promise<number> {
  const download = await downloadFile({ url, maxBytes, allowPrivate: allow });
  let count = 0;
  for await (const chunk of download.body) count += chunk.length;
  return count;
}

describe('downloads', () => {
  it('streams a file, also after a redirect', async () => {
    expect(await fetchAll(`${base}/x.jpg`)).toBe(5000);
    expect(await fetchAll(`${base}/to/${encodeURIComponent('/x.jpg')}`)).toBe(5000);
  });

  it.each([
    ['/x.jpg', 4999, 'file-too-large'],
    ['/endless', 200_000, 'file-too-large'],
    ['/gone', 1000, 'download-failed'],
    ['/loop', 1000, 'download-failed'],
    [`/to/${encodeURIComponent('http://files.example/x')}`, 1000, 'download-refused'],
    [`/to/${encodeURIComponent('file:///etc/passwd')}`, 1000, 'download-refused'],
  ])('%s with a limit of %i bytes: %s', async (path, limit, code) => {
    await expect(fetchAll(base + path, limit)).rejects.toMatchObject({ code });
  });

  it.each([
    'http://192.168.0.1/x',
    'file:///etc/passwd',
    'https://u:p@example.org/',
    'https://10.0.0.1/x',
    'https://[::1]/x',
    'nonsense',
  ])('refuses %s', async (url) => {
    await expect(fetchAll(url, 1000, () => false)).rejects.toMatchObject({ code: 'download-refused' });
  });

  it('refuses loopback for hosts that are not my own server', async () => {
    await expect(fetchAll(`${base}/x.jpg`, 10_000, () => false)).rejects.toMatchObject({
      code: 'download-refused',
    });
  });

  it('can be cancelled', async () => {
    const stop = new AbortController();
    const download = await downloadFile({
      url: `${base}/endless`,
      maxBytes: 1e9,
      allowPrivate,
      signal: stop.signal,
    });
    const read = (async () => {
      for await (const chunk of download.body) if (chunk.length > 0) stop.abort();
    })();
    await expect(read).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('knows public addresses from the others', () => {
    expect(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8'].every(isPublicAddress)).toBe(true);
    const inner = [
      '127.0.0.1',
      '10.1.2.3',
      '169.254.169.254',
      '100.64.0.1',
      '::1',
      'fe80::1',
      'fc00::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '0.0.0.0',
      '224.0.0.1',
    ];
    expect(inner.filter(isPublicAddress)).toEqual([]);
  });
});

describe('uploads', () => {
  it('streams the file with the headers of the slot and reports progress', async () => {
    const path = join(folder, 'a');
    await writeFile(path, Buffer.alloc(300_000));
    const seen: number[] = [];
    const slot = { put: `${base}/put`, get: '', headers: { Authorization: 'token' } };
    await uploadFile({
      slot,
      path,
      bytes: 300_000,
      mediaType: 'image/png',
      allowPrivate,
      onProgress: (sent) => seen.push(sent),
    });
    expect(received.at(-1)).toMatchObject({
      url: '/put',
      bytes: 300_000,
      headers: { authorization: 'token', 'content-type': 'image/png' },
    });
    expect(seen.at(-1)).toBe(300_000);
  });

  it.each([
    ['/full', 10, 'upload-failed'],
    ['/large', 10, 'file-too-large'],
    ['/put', 11, 'file-missing'],
  ])('%s with %i bytes stated: %s', async (put, bytes, code) => {
    const path = join(folder, 'b');
    await writeFile(path, Buffer.alloc(10));
    const slot = { put: base + put, get: '', headers: {} };
    await expect(
      uploadFile({ slot, path, bytes, mediaType: 'image/png', allowPrivate }),
    ).rejects.toMatchObject({ code });
  });
});
