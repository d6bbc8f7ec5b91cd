import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Events } from '../events.ts';
import type { Ports } from '../ports.ts';
import { conversationById, messageById, type ReadableDb } from '../store/index.ts';
import { shouldNotify } from './notification-rule.ts';
import type { SettingsFeature } from './settings.ts';

export interface Notifications {
  /** To be called once for each incoming message, after it has been stored. */
  received(m: { conversationId: ConversationId; id: MessageId; history: boolean; repeat: boolean }): void;
  /** What is still shown of a conversation goes away. */
  read(conversationId: ConversationId): void;
  readonly handlers: Pick<Handlers, 'notifications.inView'>;
}

const MAX_BODY = 200;

export function createNotifications(o: {
  db: ReadableDb;
  ports: Ports;
  events: Events;
  settings: SettingsFeature;
}): Notifications {
  let view: { focused: boolean; conversationId: ConversationId | null } = {
    focused: false,
    conversationId: null,
  };

  const show = (conversationId: ConversationId, title: string, body: string) => {
    if (o.ports.notificationsShownBy === 'page') {
      o.events.emit('notifications.show', { conversationId, title, body });
      return;
    }
    const onClick = () => o.events.emit('notifications.opened', { conversationId });
    o.ports.notify({ conversationId, title, body, onClick });
  };

  return {
    received: ({ conversationId, id, history, repeat }) => {
      const conversation = conversationById(o.db, conversationId);
      const message = messageById(o.db, id);
      if (!conversation || !message) return;
      const settings = o.settings.current();
      const wanted = shouldNotify({
        enabled: settings.notifications,
        outgoing: message.outgoing,
        history,
        repeat,
        inView: view.focused && view.conversationId === conversationId,
        mutedUntil: conversation.mutedUntil,
        now: Date.now(),
      });
      if (!wanted) return;
      const photo = message.attachments.length > 0 ? 'Photo' : '';
      const text = [photo, message.text].filter(Boolean).join(': ');
      show(
        conversationId,
        conversation.name,
        settings.notificationPreview ? text.slice(0, MAX_BODY) : 'New message',
      );
    },
    read: (conversationId) => o.ports.dismiss(conversationId),
    handlers: {
      'notifications.inView': (params) => {
        view = params;
        if (view.focused && view.conversationId !== null) o.ports.dismiss(view.conversationId);
      },
    },
  };
}
