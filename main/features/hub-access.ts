import { PostcardError } from '../../contract/errors.ts';
import type { HubMembership } from '../hub/election.ts';

/** The built-in hub as the app sees it: joined when it is first needed, then followed wherever it moves. */
export interface HubAccess {
  /** Joins the hub of this home; its address. Throws `hub-unavailable`. */
  join(): Promise<string>;
  /** Joins it in the background: the inbox is shown and can be read without it. `moved` tells the outcome. */
  lookFor(): void;
  /** Null while no instance hosts it. */
  url(): string | null;
  close(): Promise<void>;
}

/** ms; a take-over needs less than two seconds. */
const APPEARS_WITHIN = 10_000;
/** ms until a hub that could not be joined is looked for again. */
const LOOK_AGAIN = 5000;

export function createHubAccess(o: {
  join(): Promise<HubMembership>;
  moved(url: string | null): void;
  log(line: string): void;
}): HubAccess {
  let membership: Promise<HubMembership> | null = null;
  let joined: HubMembership | null = null;
  let again: NodeJS.Timeout | undefined;
  let closed = false;

  const member = (): Promise<HubMembership> => {
    membership ??= o.join().then(
      (m) => {
        joined = m;
        m.onChange(() => o.moved(m.url()));
        o.moved(m.url());
        return m;
      },
      (error: unknown) => {
        membership = null;
        o.log(
          `the hub could not be joined: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`,
        );
        const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
        throw new PostcardError('hub-unavailable', busy ? { reason: 'port-busy' } : {}, { cause: error });
      },
    );
    return membership;
  };

  const lookFor = () => {
    clearTimeout(again);
    member().catch(() => {
      if (closed) return;
      o.moved(null);
      // The port may be free, or the disk have room, in a moment.
      again = setTimeout(lookFor, LOOK_AGAIN);
    });
  };

  return {
    join: async () => {
      const m = await member();
      return m.url() ?? (await appears(m));
    },
    lookFor,
    url: () => joined?.url() ?? null,
    close: async () => {
      closed = true;
      clearTimeout(again);
      // One that is being joined this moment would go on hosting after the end.
      const m = await membership?.catch(() => null);
      await m?.close();
    },
  };
}

function appears(m: HubMembership): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new PostcardError('hub-unavailable'));
    }, APPEARS_WITHIN);
    const stop = m.onChange(() => {
      const url = m.url();
      if (url === null) return;
      clearTimeout(timer);
      stop();
      resolve(url);
    });
  });
}
