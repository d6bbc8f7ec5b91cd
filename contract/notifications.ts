import * as v from 'valibot';
import { event, method } from './define.ts';
import { conversationId, type ConversationId } from './ids.ts';

export interface PageNotification {
  readonly conversationId: ConversationId;
  readonly title: string;
  readonly body: string;
  readonly silent: boolean;
}

export const notifications = {
  /** What is in view: decides whether something needs a notification. Sent on every change of focus or conversation. */
  'notifications.inView': method()(
    v.object({ focused: v.boolean(), conversationId: v.nullable(conversationId) }),
  ),
  /** Sent where the page shows notifications itself (`AppState.notifications` is `page`). */
  'notifications.show': event<PageNotification>(),
  /** What is still shown of it goes away: it was read. */
  'notifications.dismiss': event<{ conversationId: ConversationId }>(),
  /** Somebody clicked a notification, or started the app for a conversation. */
  'notifications.opened': event<{ conversationId: ConversationId }>(),
};
