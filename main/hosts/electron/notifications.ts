import { Notification } from 'electron';
import type { ConversationId } from '../../../contract/ids.ts';
import type { NativeNotification } from '../../ports.ts';
import { askSessionBus } from './session-bus.ts';

export interface Notifications {
  show(notification: NativeNotification): void;
  dismiss(conversationId: ConversationId): void;
}

/** The body as the system has to get it. */
export type BodyText = (body: string) => string;

/**
 * What somebody else wrote must not become markup. Linux desktops with `body-markup` (Desktop Notifications
 * Specification 1.2) take tags in the body for what they are, links and pictures among them, and Electron passes it
 * on as it is; the title is plain everywhere.
 */
export async function bodyText(): Promise<BodyText> {
  if (process.platform === 'win32' || process.platform === 'darwin') return (body) => body;
  const [name, path] = ['org.freedesktop.Notifications', '/org/freedesktop/Notifications'];
  const capabilities = await askSessionBus(name, path, `${name}.GetCapabilities`);
  // Who does not answer now may still show it later: entities to read are the lesser harm.
  const plain = capabilities !== null && !capabilities.includes("'body-markup'");
  return plain ? (body) => body : withoutMarkup;
}

const withoutMarkup: BodyText = (body) =>
  body.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Answering and marking as read in the notification itself: the systems that have it (Electron ignores it elsewhere). */
function buttons(words: NativeNotification['words']): Electron.NotificationConstructorOptions {
  if (process.platform !== 'darwin' && process.platform !== 'win32') return {};
  return {
    hasReply: true,
    replyPlaceholder: words.reply,
    actions: [{ type: 'button', text: words.markRead }],
  };
}

/** The system's notifications, at most one a conversation. They are held on to: a collected one is not clickable. */
export function createNotifications(
  raise: () => void,
  asBody: BodyText,
  log: (line: string) => void,
): Notifications {
  const shown = new Map<ConversationId, Notification>();
  const dismiss = (id: ConversationId) => {
    const notification = shown.get(id);
    shown.delete(id);
    notification?.close();
  };
  return {
    dismiss,
    show: ({ conversationId, title, body, silent, words, onClick, onReply, onMarkRead }) => {
      if (!Notification.isSupported()) return;
      dismiss(conversationId);
      const notification = new Notification({ title, body: asBody(body), silent, ...buttons(words) });
      shown.set(conversationId, notification);
      const forget = () => {
        if (shown.get(conversationId) === notification) shown.delete(conversationId);
      };
      notification.on('click', () => {
        forget();
        raise();
        onClick();
      });
      notification.on('reply', (details, earlier: string | undefined) => {
        forget();
        // Electrons before 40 give the text as the second argument, and an event without it.
        const text = (details as { reply?: string }).reply ?? earlier ?? '';
        if (text.trim() !== '') onReply(text);
      });
      notification.on('action', () => {
        forget();
        onMarkRead();
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
