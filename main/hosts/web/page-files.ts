import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wasm': 'application/wasm',
};

/**
 * Serves the built page. Its files are listed once, and a path is served only when it is exactly one of these:
 * nothing that is requested ever becomes part of a file name.
 */
export function createPageFiles(root: string): (request: Request) => Promise<Response> {
  const files = new Map(list(root, ''));
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    }
    const { pathname } = new URL(request.url);
    const path = pathname === '/' ? '/index.html' : pathname;
    const file = files.get(path);
    if (file === undefined) return new Response('Not found', { status: 404 });
    const body = await readFile(file);
    return new Response(request.method === 'HEAD' ? null : body, {
      headers: {
        'content-type': types[extname(file)] ?? 'application/octet-stream',
        'content-length': String(body.byteLength),
        // The build puts a hash of the content into these names.
        'cache-control': path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
      },
    });
  };
}

/** URL path → file, of everything below a folder. Not `recursive`: Electron's archive support lacks that. */
function list(folder: string, under: string): [string, string][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const file = join(folder, entry.name);
    const path = `${under}/${entry.name}`;
    if (entry.isDirectory()) return list(file, path);
    return entry.isFile() ? [[encodeURI(path), file]] : [];
  });
}
