import type { Conversation } from '../../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Events } from '../../events.ts';
import type { Ports } from '../../ports.ts';
import { conversationById, messageById, type ReadableDb } from '../../store/index.ts';
import type { AccountConnection } from '../connection.ts';
import type { SettingsFeature } from '../settings.ts';
import { isQuiet } from './quiet-hours.ts';
import { decide } from './rule.ts';
import { words, wordsOf } from './texts.ts';

/** See docs/mechanisms/notifications.md. */
export interface Notifications {
  /** To be called once for each incoming message, after it has been stored. */
  received(m: { conversationId: ConversationId; id: MessageId; history: boolean; repeat: boolean }): void;
  /** What is still shown of a conversation goes away. */
  read(conversationId: ConversationId): void;
  close(): void;
  readonly handlers: Pick<Handlers, 'notifications.inView'>;
}

/** ms after a connection is up in which what piled up comes in, and what other devices have read of it. */
const SETTLE = 1_500;

export function createNotifications(o: {
  db: ReadableDb;
  ports: Ports;
  connection: AccountConnection;
  /** No other device can have read anything of it yet. */
  newAccount: boolean;
  events: Events;
  settings: SettingsFeature;
  /** Written into the notification of this conversation. */
  onReply(id: ConversationId, text: string): void;
  /** Up to the message that the notification was about. */
  onMarkRead(id: ConversationId, upTo: MessageId): void;
  log(line: string): void;
}): Notifications {
  const byPage = o.ports.notificationsShownBy === 'page';
  let view: { focused: boolean; conversationId: ConversationId | null } = {
    focused: false,
    conversationId: null,
  };

  const decided = (
    conversation: Conversation,
    message: Message,
    m: { history: boolean; repeat: boolean },
  ) => {
    const settings = o.settings.current();
    const now = Date.now();
    return decide({
      ...m,
      enabled: settings.notifications,
      sound: settings.notificationSound,
      outgoing: message.outgoing,
      read: conversation.unread === 0,
      inView: view.focused && view.conversationId === conversation.id,
      request: conversation.request !== 'none',
      mutedUntil: conversation.mutedUntil,
      quiet: isQuiet(settings.quietHours, now),
      now,
    });
  };
  const dismiss = (conversationId: ConversationId) => {
    if (byPage) o.events.emit('notifications.dismiss', { conversationId });
    else o.ports.dismiss(conversationId);
  };

  /** What does not work in a notification (a full disk) can be done in the window, which says why. */
  const orOpen = (conversationId: ConversationId, act: () => void) => {
    try {
      act();
    } catch (error) {
      o.log(`a notification's button did not work: ${String(error)}`);
      o.ports.focusWindow();
      o.events.emit('notifications.opened', { conversationId });
    }
  };

  const waiting = new Set<NodeJS.Timeout>();
  let settled = 0;
  let first = true;
  o.connection.listen({
    onReady: () => {
      if (!o.newAccount || !first) settled = Date.now() + SETTLE;
      first = false;
    },
  });
  const received: Notifications['received'] = ({ conversationId, id, ...m }) => {
    const conversation = conversationById(o.db, conversationId);
    const message = messageById(o.db, id);
    if (!conversation || !message) return;
    const { show, sound } = decided(conversation, message, m);
    if (!show) return;
    const text = wordsOf(o.settings.current().notificationText, conversation, message);
    const shown = { conversationId, ...text, silent: !sound };
    if (byPage) return o.events.emit('notifications.show', shown);
    o.ports.notify({
      ...shown,
      words,
      onClick: () => o.events.emit('notifications.opened', { conversationId }),
      onReply: (answer) => orOpen(conversationId, () => o.onReply(conversationId, answer)),
      onMarkRead: () => orOpen(conversationId, () => o.onMarkRead(conversationId, id)),
    });
  };

  return {
    received: (m) => {
      const wait = settled - Date.now();
      if (wait <= 0) return received(m);
      const timer = setTimeout(() => {
        waiting.delete(timer);
        received(m);
      }, wait);
      waiting.add(timer);
    },
    close: () => waiting.forEach((timer) => clearTimeout(timer)),
    read: dismiss,
    handlers: {
      'notifications.inView': (params) => {
        view = params;
        if (view.focused && view.conversationId !== null) dismiss(view.conversationId);
      },
    },
  };
}
