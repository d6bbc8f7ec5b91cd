import * as v from 'valibot';
import type { Outcome } from '../../../contract/errors.ts';
import type { Dispatch } from '../../dispatch.ts';

const call = v.object({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  name: v.unknown(),
  params: v.unknown(),
});

/** The page says up to which number it has its answers; these are forgotten. */
const frame = v.union([call, v.object({ done: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) })]);

/** One page's calls. It outlives the page's socket: after a reconnect, a repeated call is not carried out again. */
export interface PageCalls {
  /** Handles one frame; `reply` gets the answer of a call. False when the frame is not one of the protocol. */
  handle(text: string, reply: (frame: string) => void): boolean;
}

export function createPageCalls(dispatch: Dispatch): PageCalls {
  const outcomes = new Map<number, Promise<Outcome<unknown>>>();
  let forgotten = 0;
  const forget = (upTo: number) => {
    forgotten = Math.max(forgotten, upTo);
    for (const id of outcomes.keys()) if (id <= forgotten) outcomes.delete(id);
  };
  return {
    handle: (text, reply) => {
      const parsed = v.safeParse(frame, parseJson(text));
      if (!parsed.success) return false;
      if ('done' in parsed.output) {
        forget(parsed.output.done);
        return true;
      }
      const { id, name, params } = parsed.output;
      // Answered and acknowledged long ago: a page of ours does not ask that.
      if (id <= forgotten) return false;
      const outcome = outcomes.get(id) ?? dispatch(name, params);
      outcomes.set(id, outcome);
      // Dispatch never rejects.
      void outcome.then((settled) => {
        reply(JSON.stringify({ id, outcome: settled }));
      });
      return true;
    },
  };
}

/** What a page sent, or undefined when it is no JSON: nothing of the protocol is. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No frame of the protocol: the caller closes the socket.
    return undefined;
  }
}
