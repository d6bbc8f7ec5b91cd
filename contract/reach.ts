import * as v from 'valibot';
import { event, method } from './define.ts';
import type { ErrorCode } from './errors.ts';
import { address } from './ids.ts';
import type { Person } from './people.ts';

/** How far what was chosen under "Who can message me" holds. */
export interface ReachState {
  /**
   * `server`: it refuses what isn't wanted, also while this app is closed. `app`: the server has no such means, so
   * this app files or drops what arrives. `unknown`: not asked yet.
   */
  readonly enforcedBy: 'server' | 'app' | 'unknown';
  /** Saved here, and the server has not heard of it yet. */
  readonly waiting: boolean;
  /** Why the last choice was taken back; null when it was not. */
  readonly problem: ErrorCode | null;
}

export interface BlockedPerson extends Person {
  /** Unix time in ms; of a block that another app made: when this one heard of it. */
  readonly since: number;
  /** The server has not heard of it yet: it holds in this app alone. */
  readonly waiting: boolean;
}

export const reach = {
  'reach.state': method<ReachState>()(v.object({})),
  'reach.changed': event<ReachState>(),
  /** Everybody blocked, the newest first. */
  'reach.blocked': method<{ items: readonly BlockedPerson[] }>()(v.object({})),
  /**
   * Nothing of theirs arrives any more, and following ends both ways. Holds here when it returns, on the server as
   * soon as there is a connection. `wasFollowing`: what an Undo has to begin anew.
   */
  'reach.block': method<{ wasFollowing: boolean }>()(v.object({ address })),
  'reach.unblock': method()(v.object({ address })),
  /** Who is blocked has changed, here or elsewhere. */
  'reach.blockedChanged': event<{ items: readonly BlockedPerson[] }>(),
};
