import { app, net } from 'electron';

type Serve = (request: Request) => Promise<Response>;

/** What the build tool's own page needs beyond ours: styles that it injects, and its socket. Never in a build. */
const devPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
  "connect-src 'self' ws://localhost:* ws://127.0.0.1:*";

/**
 * `npm run dev`: the page comes from the development server, still under our own origin, so that everything else
 * is as it will be. Anywhere else this changes nothing.
 */
export function withDevServer(page: Serve): Serve {
  const url = process.env['ELECTRON_RENDERER_URL'];
  if (app.isPackaged || url === undefined || !/^http:\/\/(localhost|127\.0\.0\.1):\d+\/?$/.test(url))
    return page;
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await net.fetch(new URL(pathname + search, url).href, { method: request.method });
    const headers = new Headers(answer.headers);
    headers.set('content-security-policy', devPolicy);
    return new Response(answer.body, { status: answer.status, headers });
  };
}
