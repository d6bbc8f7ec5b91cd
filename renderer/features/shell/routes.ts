import type { RouteLocationNormalizedLoaded } from 'vue-router';
import type { ConversationId } from '../../../contract/ids.ts';

/** The conversation that the address names, or null. Whether there is one is for the core to say. */
export function conversationOf(route: Pick<RouteLocationNormalizedLoaded, 'params'>): ConversationId | null {
  const { id } = route.params;
  const number = typeof id === 'string' ? Number(id) : NaN;
  return Number.isSafeInteger(number) && number > 0 ? (number as ConversationId) : null;
}
