import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import type { PageNotification } from '../../../contract/notifications.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { useApp } from '../shell/app.ts';

type Permission = NotificationPermission | 'absent';
const current = (): Permission => ('Notification' in globalThis ? Notification.permission : 'absent');

/** Notifications that the page shows itself, where the host can't, and telling the core what is in view. */
export const useNotifications = defineStore('notifications', () => {
  const app = useApp();
  const permission = ref<Permission>(current());
  const putOff = ref(false);
  let told = '';
  const shown = new Map<ConversationId, Notification>();

  /** Asks the browser; only ever after a click. */
  async function allow() {
    if ('Notification' in globalThis) permission.value = await Notification.requestPermission();
  }

  function show(
    { conversationId, title, body, silent }: PageNotification,
    open: (id: ConversationId) => void,
  ) {
    if (app.state?.notifications !== 'page' || current() !== 'granted') return;
    // One a conversation: a newer one takes the place of what has not been looked at.
    const one = new Notification(title, { body, silent, tag: `conversation-${conversationId}` });
    shown.set(conversationId, one);
    one.onclose = () => shown.get(conversationId) === one && shown.delete(conversationId);
    one.onclick = () => {
      globalThis.focus();
      one.close();
      open(conversationId);
    };
  }

  function start(open: (id: ConversationId) => void) {
    bridge.on('notifications.show', (notification) => show(notification, open));
    bridge.on('notifications.dismiss', ({ conversationId }) => shown.get(conversationId)?.close());
    bridge.on('notifications.opened', ({ conversationId }) => open(conversationId));
  }

  /** What is in view; told only when it changes. */
  async function inView(focused: boolean, conversationId: ConversationId | null) {
    const now = `${focused} ${conversationId}`;
    if (now === told) return;
    told = now;
    const outcome = await ask('notifications.inView', { focused, conversationId });
    // Told again with the next change; until then a notification too many is the lesser harm.
    if (!outcome.ok) told = '';
  }

  const later = () => (putOff.value = true);
  return { permission, putOff, start, allow, later, inView };
});
