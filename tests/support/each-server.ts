import { afterAll, beforeAll, describe } from 'vitest';
import { missing, serverKinds, startServer, trust } from './servers.ts';
import type { ServerKind, ServerOptions, TestServer } from './servers.ts';

/**
 * The same cases against the hub, Prosody and ejabberd, each started afresh for them. A server that is not there is
 * skipped (tests/support/prepare.ts prints the reason). `server` may be called inside of cases only. `kinds`: fewer
 * of them, where the others lack what the cases are about.
 */
export function describeEachServer(
  title: string,
  cases: (server: () => TestServer) => void,
  options: ServerOptions & { readonly kinds?: readonly ServerKind[] } = {},
): void {
  describe.each(options.kinds ?? serverKinds)(`${title}: %s`, (kind) => {
    describe.skipIf(missing(kind) !== null)('', () => {
      let running: TestServer | null = null;
      beforeAll(async () => {
        running = await startServer(kind, options);
        trust(running);
      });
      afterAll(() => running?.stop());
      cases(() => {
        if (running === null) throw new Error(`${kind} is not running`);
        return running;
      });
    });
  });
}

let count = 0;
/** A user name that no other case has. */
export const newName = (name: string): string => `${name}${(count += 1)}`;
