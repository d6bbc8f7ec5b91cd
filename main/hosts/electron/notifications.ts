import { Notification } from 'electron';
import type { ConversationId } from '../../../contract/ids.ts';
import type { NativeNotification } from '../../ports.ts';

export interface Notifications {
  show(notification: NativeNotification): void;
  dismiss(conversationId: ConversationId): void;
}

/** The system's notifications, at most one a conversation. They are held on to: a collected one is not clickable. */
export function createNotifications(raise: () => void, log: (line: string) => void): Notifications {
  const shown = new Map<ConversationId, Notification>();
  const dismiss = (id: ConversationId) => {
    const notification = shown.get(id);
    shown.delete(id);
    notification?.close();
  };
  return {
    dismiss,
    show: ({ conversationId, title, body, onClick }) => {
      if (!Notification.isSupported()) return;
      dismiss(conversationId);
      const notification = new Notification({ title, body });
      shown.set(conversationId, notification);
      const forget = () => {
        if (shown.get(conversationId) === notification) shown.delete(conversationId);
      };
      notification.on('click', () => {
        forget();
        raise();
        onClick();
      });
      notification.on('close', forget);
      notification.on('failed', () => {
        forget();
        log('the system refused a notification');
      });
      notification.show();
    },
  };
}
