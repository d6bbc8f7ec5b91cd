import { protocol, type Session } from 'electron';

/** The page's origin: a scheme of our own, since file: pages share one origin and have no headers. */
export const pageOrigin = 'postcard://app';
export const pageUrl = `${pageOrigin}/`;

/**
 * Before the app is ready. `stream`: media elements ask for parts. `codeCache`: compiled scripts are kept.
 * No `corsEnabled`, no
 * `bypassCSP`.
 */
export function registerPageScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme: 'postcard', privileges }]);
}

/** Serves the page and its media from the same routes as the browser host. */
export function servePage(session: Session, routes: (request: Request) => Promise<Response>): void {
  session.protocol.handle('postcard', (request) =>
    new URL(request.url).host === 'app'
      ? routes(request)
      : Promise.resolve(new Response(null, { status: 404 })),
  );
}

/** Whether an address belongs to the page. `URL.origin` is `null` for schemes of one's own in Node. */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol: scheme, host } = new URL(url);
  return scheme === 'postcard:' && host === 'app';
}
