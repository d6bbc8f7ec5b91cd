import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPageFiles } from './page-files.ts';
import { createRoutes } from './routes.ts';

function site() {
  const above = mkdtempSync(join(tmpdir(), 'postcard-page-'));
  writeFileSync(join(above, 'secret.txt'), 'secret');
  const root = join(above, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<p>index</p>');
  writeFileSync(join(root, 'assets', 'app-1a2b.js'), 'run()');
  return root;
}

const get = (path: string, init?: RequestInit) => new Request(`http://127.0.0.1:1${path}`, init);

describe('page files', () => {
  it('serves the index, and assets that may be kept for ever', async () => {
    const page = createPageFiles(site());
    const index = await page(get('/'));
    expect(await index.text()).toBe('<p>index</p>');
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    const script = await page(get('/assets/app-1a2b.js?x'));
    expect(await script.text()).toBe('run()');
    expect(script.headers.get('cache-control')).toContain('immutable');
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/assets//app-1a2b.js',
    '/assets',
    '/assets/',
    '/index.html%00.js',
    '/constructor',
  ])('has no %s', async (path) => {
    const answer = await createPageFiles(site())(get(path));
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('takes GET and HEAD alone', async () => {
    const page = createPageFiles(site());
    expect((await page(get('/', { method: 'POST' }))).status).toBe(405);
    const head = await page(get('/', { method: 'HEAD' }));
    expect([head.status, await head.text(), head.headers.get('content-length')]).toEqual([200, '', '12']);
  });
});

describe('routes', () => {
  const named = (name: string) => (request: Request) =>
    Promise.resolve(new Response(`${name} ${new URL(request.url).pathname}`));

  it('gives media and staged files to the core, the rest to the page', async () => {
    const routes = createRoutes(named('core'), named('page'), () => undefined);
    const answers = ['/media/file/1', '/staged', '/', '/staged/x', '/mediax'].map(async (path) =>
      (await routes(get(path))).text(),
    );
    expect(await Promise.all(answers)).toEqual([
      'core /media/file/1',
      'core /staged',
      'page /',
      'page /staged/x',
      'page /mediax',
    ]);
  });

  it('adds the policy, and leaves a stricter one alone', async () => {
    const strict = () =>
      Promise.resolve(new Response('', { headers: { 'content-security-policy': 'sandbox' } }));
    const routes = createRoutes(strict, named('page'), () => undefined);
    const { headers } = await routes(get('/'));
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect((await routes(get('/media/x'))).headers.get('content-security-policy')).toBe('sandbox');
  });

  it('turns a bug into 500 and one line without its message', async () => {
    const lines: string[] = [];
    const routes = createRoutes(
      () => Promise.reject(new Error('hunter2')),
      named('page'),
      (line) => lines.push(line),
    );
    expect((await routes(get('/media/x'))).status).toBe(500);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('hunter2');
  });
});
