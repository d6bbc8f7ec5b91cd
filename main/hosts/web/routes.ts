import { describeBug } from '../../describe-bug.ts';
import { withSecurityHeaders } from './headers.ts';

type Serve = (request: Request) => Promise<Response>;

/**
 * What a window can load, the same in both hosts: `/media/…` and `POST /staged` from the core, the rest from the
 * built page. Never rejects.
 */
export function createRoutes(core: Serve, page: Serve, log: (line: string) => void): Serve {
  return async (request) => {
    const { pathname } = new URL(request.url);
    try {
      const ofCore = pathname === '/staged' || pathname.startsWith('/media/');
      return withSecurityHeaders(await (ofCore ? core : page)(request));
    } catch (error) {
      // A page that went away in the middle is not a bug.
      if (!request.signal.aborted)
        log(`${request.method} ${pathname.split('/')[1] ?? ''}: ${describeBug(error)}`);
      return withSecurityHeaders(new Response(null, { status: 500 }));
    }
  };
}
