import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Dispatch } from '../../dispatch.ts';
import { UsageError } from '../../cli.ts';
import { createBridgeSocket } from './bridge-socket.ts';
import { bindPort, serveOn } from './server.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

type Routes = (request: Request) => Promise<Response>;
const hello: Routes = () => Promise.resolve(new Response('the page'));
const echo: Dispatch = (name, params) => Promise.resolve({ ok: true, value: { name, params } });

async function start(routes: Routes = hello, dispatch: Dispatch = echo) {
  const counts: number[] = [];
  const bridge = createBridgeSocket(dispatch, (count) => counts.push(count));
  const bound = await bindPort(0);
  const server = serveOn(bound, routes, bridge.upgrade);
  open.push(() => {
    bridge.close();
    server.close();
  });
  return { ...server, bridge, counts, port: bound.port, host: `127.0.0.1:${String(bound.port)}` };
}
type Started = Awaited<ReturnType<typeof start>>;

interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: Buffer;
}

/** By hand, since fetch allows neither Host nor Origin to be set, and follows paths of its own. */
async function ask(server: Started, path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  const outgoing = httpRequest({ host: '127.0.0.1', port: server.port, path, method, headers });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) };
}

async function enter(server: Started): Promise<Record<string, string>> {
  const { pathname, search } = new URL(server.freshAddress());
  const answer = await ask(server, pathname + search);
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
  if (cookie === undefined) throw new Error(`no cookie: ${String(answer.status)}`);
  return { cookie };
}

describe('token and cookie', () => {
  it('trades a token for a strict cookie with the port in its name, once', async () => {
    const server = await start();
    const { pathname, search } = new URL(server.freshAddress());
    const answer = await ask(server, pathname + search);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/');
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^postcard-${String(server.port)}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    const again = await ask(server, pathname + search);
    expect(again.status).toBe(403);
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(again.body.toString()).not.toContain('the page');
  });

  it('serves the page by cookie, again and again', async () => {
    const server = await start();
    const headers = await enter(server);
    for (let n = 0; n < 2; n += 1)
      expect((await ask(server, '/', { headers })).body.toString()).toBe('the page');
  });

  it('makes a fresh token for each start', async () => {
    const server = await start();
    expect(server.freshAddress()).not.toBe(server.freshAddress());
    await enter(server);
    await enter(server);
  });

  it('does not spend a token on HEAD, and refuses a wrong one', async () => {
    const server = await start();
    const { pathname, search } = new URL(server.freshAddress());
    expect((await ask(server, pathname + search, { method: 'HEAD' })).status).toBe(403);
    expect((await ask(server, '/?token=guess')).status).toBe(403);
    expect((await ask(server, pathname + search)).status).toBe(303);
  });

  it.each(['/', '/index.html', '/media/file/x', '/assets/x.js'])(
    'refuses %s without the cookie',
    async (path) => {
      const server = await start();
      const cookie = `postcard-${String(server.port)}=${'A'.repeat(43)}; postcard-1=x`;
      for (const headers of [{}, { cookie }] as Record<string, string>[]) {
        const answer = await ask(server, path, { headers });
        expect(answer.status).toBe(403);
        expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
        expect(answer.headers['x-content-type-options']).toBe('nosniff');
      }
    },
  );
});

describe('who asks', () => {
  it('refuses a name that was rebound to 127.0.0.1', async () => {
    const server = await start();
    const headers = await enter(server);
    for (const host of ['evil.example', `evil.example:${String(server.port)}`, '127.0.0.1', '127.0.0.1:1']) {
      expect((await ask(server, '/', { headers: { ...headers, host } })).status).toBe(421);
    }
    const host = `localhost:${String(server.port)}`;
    expect((await ask(server, '/', { headers: { ...headers, host } })).status).toBe(200);
  });

  it('takes POST from its own page alone, and no other methods', async () => {
    const server = await start();
    const headers = await enter(server);
    const post = async (origin: Record<string, string>) =>
      (
        await ask(server, '/staged', {
          method: 'POST',
          headers: { ...headers, ...origin },
          body: Buffer.from('x'),
        })
      ).status;
    expect(await post({ origin: `http://${server.host}` })).toBe(200);
    expect(await post({})).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(await post({ origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await post({ origin: `https://${server.host}` })).toBe(403);
    expect((await ask(server, '/', { method: 'DELETE', headers })).status).toBe(405);
  });

  it('serves nothing that a page of another port embeds', async () => {
    const server = await start();
    const headers = await enter(server);
    const from = async (site: string) =>
      (await ask(server, '/media/file/x', { headers: { ...headers, 'sec-fetch-site': site } })).status;
    expect(await from('same-origin')).toBe(200);
    expect(await from('same-site')).toBe(403);
    expect(await from('cross-site')).toBe(403);
  });

  it('does not take another host from the request line', async () => {
    const seen: string[] = [];
    const server = await start((request) => {
      seen.push(request.url);
      return hello(request);
    });
    const headers = await enter(server);
    for (const path of ['//evil.example/media/x', 'http://evil.example/media/x', '/\\evil.example/x']) {
      await ask(server, path, { headers });
    }
    expect(seen.map((url) => new URL(url).host)).toEqual([server.host, server.host, server.host]);
  });

  it('says in one line when the port is taken', async () => {
    const { port } = await start();
    await expect(bindPort(port)).rejects.toThrow(UsageError);
    await expect(bindPort(port)).rejects.toThrow(/^Port \d+ is in use[^\n]*$/);
  });
});

describe('bytes both ways', () => {
  it('passes a Range on and the part back', async () => {
    const server = await start((request) => {
      const headers = { 'content-range': 'bytes 2-3/6', 'content-length': '2' };
      const part = request.headers.get('range') === 'bytes=2-3' ? 'cd' : 'wrong';
      return Promise.resolve(new Response(part, { status: 206, headers }));
    });
    const headers = { ...(await enter(server)), range: 'bytes=2-3' };
    const answer = await ask(server, '/media/file/x', { headers });
    expect([answer.status, answer.headers['content-range'], answer.body.toString()]).toEqual([
      206,
      'bytes 2-3/6',
      'cd',
    ]);
  });

  it('streams 20 MB up and down unchanged', async () => {
    const bytes = randomBytes(20_000_000);
    const server = await start((request) => Promise.resolve(new Response(request.body)));
    const headers = { ...(await enter(server)), origin: `http://${server.host}` };
    const answer = await ask(server, '/staged?name=x', { method: 'POST', headers, body: bytes });
    const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(digest(answer.body)).toBe(digest(bytes));
  });

  it('stops reading for a page that has gone', async () => {
    let cancelled: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => (cancelled = resolve));
    const endless = () =>
      new ReadableStream({
        pull: (controller) => {
          controller.enqueue(new Uint8Array(65_536));
        },
        cancel: () => {
          cancelled();
        },
      });
    const server = await start(() => Promise.resolve(new Response(endless())));
    const headers = await enter(server);
    const outgoing = httpRequest({ host: '127.0.0.1', port: server.port, path: '/media/file/x', headers });
    outgoing.on('error', () => undefined);
    outgoing.end();
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    await once(answer, 'data');
    outgoing.destroy();
    await gone;
  });
});

describe('bridge', () => {
  const page = '/bridge?page=page-0001';

  async function connect(server: Started, headers: Record<string, string>, path = page) {
    const socket = new WebSocket(`ws://${server.host}${path}`, { headers });
    const frames: unknown[] = [];
    const waiting: (() => void)[] = [];
    socket.on('message', (data: Buffer) => {
      frames.push(JSON.parse(data.toString()));
      waiting.shift()?.();
    });
    const next = async (): Promise<unknown> => {
      if (frames.length === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return frames.shift();
    };
    open.push(() => {
      socket.terminate();
    });
    await once(socket, 'open');
    return { socket, next };
  }

  it('answers calls and sends events', async () => {
    const server = await start();
    const { socket, next } = await connect(server, {
      ...(await enter(server)),
      origin: `http://${server.host}`,
    });
    expect(await next()).toEqual({ run: expect.any(String) as string });
    socket.send(JSON.stringify({ id: 1, name: 'app.state', params: {} }));
    expect(await next()).toEqual({ id: 1, outcome: { ok: true, value: { name: 'app.state', params: {} } } });
    server.bridge.send('app.changed', { phase: 'ready' });
    expect(await next()).toEqual({ event: 'app.changed', payload: { phase: 'ready' } });
  });

  it('answers at once the calls that a page begins with, and not again when it repeats them', async () => {
    let calls = 0;
    const server = await start(hello, () => Promise.resolve({ ok: true, value: (calls += 1) }));
    const headers = { ...(await enter(server)), origin: `http://${server.host}` };
    const call = JSON.stringify({ id: 1, name: 'app.state', params: {} });
    const first = `&calls=${encodeURIComponent(JSON.stringify([call]))}`;
    for (let n = 0; n < 2; n += 1) {
      const { next } = await connect(server, headers, page + first);
      expect(await next()).toEqual({ run: expect.any(String) as string });
      expect(await next()).toEqual({ id: 1, outcome: { ok: true, value: 1 } });
    }
  });

  it.each(['nonsense', '{}', '[1]', 'null'])('lets no page in that begins with %j', async (calls) => {
    const server = await start();
    const headers = { ...(await enter(server)), origin: `http://${server.host}` };
    const path = `${page}&calls=${encodeURIComponent(calls)}`;
    await expect(connect(server, headers, path)).rejects.toThrow(/400/);
    expect(server.counts).toEqual([]);
  });

  it.each<[string, (server: Started, cookie: Record<string, string>) => Record<string, string>]>([
    ['without a cookie', (server) => ({ origin: `http://${server.host}` })],
    ['without an origin', (_server, cookie) => cookie],
    ['from another page', (_server, cookie) => ({ ...cookie, origin: 'https://evil.example' })],
    ['from another port', (_server, cookie) => ({ ...cookie, origin: 'http://127.0.0.1:1' })],
    [
      'under a rebound name',
      (server, cookie) => ({
        ...cookie,
        host: `evil.example:${String(server.port)}`,
        origin: `http://evil.example:${String(server.port)}`,
      }),
    ],
  ])('lets nobody in %s', async (_case, headers) => {
    const server = await start();
    const cookie = await enter(server);
    await expect(connect(server, headers(server, cookie))).rejects.toThrow(/403/);
    expect(server.counts).toEqual([]);
  });

  it('does not carry out again what a page repeats after a reconnect', async () => {
    let calls = 0;
    const server = await start(hello, () => Promise.resolve({ ok: true, value: (calls += 1) }));
    const headers = { ...(await enter(server)), origin: `http://${server.host}` };
    const call = JSON.stringify({ id: 7, name: 'messages.send', params: {} });
    for (let n = 0; n < 2; n += 1) {
      const { socket, next } = await connect(server, headers);
      await next();
      socket.send(call);
      expect(await next()).toEqual({ id: 7, outcome: { ok: true, value: 1 } });
      socket.terminate();
    }
    const other = await connect(server, headers, '/bridge?page=page-0002');
    await other.next();
    other.socket.send(call);
    expect(await other.next()).toEqual({ id: 7, outcome: { ok: true, value: 2 } });
  });

  it.each(['nonsense', '{}', '{"id":0,"name":"app.state"}', '{"id":"1"}', '[]'])(
    'closes the socket of a page that says %j',
    async (text) => {
      const server = await start();
      const { socket } = await connect(server, { ...(await enter(server)), origin: `http://${server.host}` });
      socket.send(text);
      const [code] = (await once(socket, 'close')) as [number];
      expect(code).toBe(1008);
    },
  );

  it('knows when the last page has gone', async () => {
    const server = await start();
    const { socket } = await connect(server, { ...(await enter(server)), origin: `http://${server.host}` });
    socket.close();
    await expect.poll(() => server.counts).toEqual([1, 0]);
  });
});
