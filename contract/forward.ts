import * as v from 'valibot';
import { method } from './define.ts';
import { address, messageId } from './ids.ts';

/** Messages that are passed on at once. */
export const MOST_FORWARDED = 100;
/** People they are passed on to at once. */
export const MOST_RECEIVERS = 20;

export const forward = {
  /**
   * Sends these messages to each of these people, in the order of the conversation. Files that are not here are
   * fetched first. Throws not-found, download-failed, offline.
   */
  'messages.forward': method<{ count: number }>()(
    v.object({
      ids: v.pipe(v.array(messageId), v.minLength(1), v.maxLength(MOST_FORWARDED)),
      to: v.pipe(v.array(address), v.minLength(1), v.maxLength(MOST_RECEIVERS)),
      /** Say who wrote them. */
      named: v.boolean(),
    }),
  ),
};
