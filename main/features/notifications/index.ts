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
import { inGroup, words, wordsOf } from './texts.ts';

interface Received {
  readonly conversationId: ConversationId;
  readonly id: MessageId;
  readonly history: boolean;
  readonly repeat: boolean;
}

/** See docs/mechanisms/notifications.md. */
export interface Notifications {
  /** To be called once for each incoming message, after it has been stored. */
  received(m: Received): void;
  /** Somebody reacted to a message of mine: told without a sound, and counted as nothing unread. */
  reacted(m: { conversationId: ConversationId; id: MessageId; emoji: string }): void;
  /** What is still shown of a conversation goes away. */
  read(conversationId: ConversationId): void;
  /** A message was taken back: what is still shown of it goes away. */
  unsent(conversationId: ConversationId, id: MessageId): void;
  close(): void;
  readonly handlers: Pick<Handlers, 'notifications.inView'>;
}

/** ms after a connection is up in which what piled up comes in, and what other devices have read of it. */
const SETTLE = 1_500;
/** Conversations whose notification is decided in one turn of the process. */
const AT_ONCE = 20;

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
      enabled: conversation.group ? settings.groupNotifications : settings.notifications,
      notify: conversation.group?.notify ?? null,
      mention: message.mentions.some(({ own }) => own) || message.replyTo?.own === true,
      blocked: message.fromBlocked,
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
  /** Who it is from: in a group its author, too. */
  const named = (conversation: Conversation, message: Message) =>
    conversation.kind === 'group' ? { name: inGroup(message.sender.name, conversation.name) } : conversation;
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

  /** What each conversation's notification is about. */
  const newest = new Map<ConversationId, MessageId>();
  const waiting = new Map<ConversationId, Received>();
  let timer: NodeJS.Timeout | null = null;
  let settled = 0;
  let first = true;
  o.connection.listen({
    onReady: () => {
      if (!o.newAccount || !first) settled = Date.now() + SETTLE;
      first = false;
    },
  });
  const received = ({ conversationId, id, ...m }: Received): void => {
    const conversation = conversationById(o.db, conversationId);
    const message = messageById(o.db, id);
    if (!conversation || !message || message.unsent) return;
    const { show, sound } = decided(conversation, message, m);
    if (!show) return;
    const text = wordsOf(o.settings.current().notificationText, named(conversation, message), message);
    const shown = { conversationId, ...text, silent: !sound };
    newest.set(conversationId, id);
    if (byPage) return o.events.emit('notifications.show', shown);
    o.ports.notify({
      ...shown,
      words,
      onClick: () => o.events.emit('notifications.opened', { conversationId }),
      onReply: (answer) => orOpen(conversationId, () => o.onReply(conversationId, answer)),
      onMarkRead: () => orOpen(conversationId, () => o.onMarkRead(conversationId, id)),
    });
  };

  const reacted: Notifications['reacted'] = ({ conversationId, id, emoji }) => {
    const conversation = conversationById(o.db, conversationId);
    const message = messageById(o.db, id);
    if (!conversation || !message?.outgoing || message.unsent) return;
    // The rule is that of a message of theirs which nobody has read.
    const news = [
      { ...conversation, unread: 1 },
      { ...message, outgoing: false },
    ] as const;
    // What piled up while the connection was away is no news.
    if (settled > Date.now() || !decided(...news, { history: false, repeat: false }).show) return;
    const text = wordsOf(o.settings.current().notificationText, conversation, message);
    const shown = { conversationId, title: text.title, body: bodyOf(emoji, text.body), silent: true };
    if (byPage) return o.events.emit('notifications.show', shown);
    o.ports.notify({
      ...shown,
      words,
      onClick: () => o.events.emit('notifications.opened', { conversationId }),
      onReply: (answer) => orOpen(conversationId, () => o.onReply(conversationId, answer)),
      onMarkRead: () => orOpen(conversationId, () => o.onMarkRead(conversationId, id)),
    });
  };
  const bodyOf = (emoji: string, body: string) =>
    o.settings.current().notificationText === 'full' ? `${emoji} ${body}` : words.reaction;

  /** Some at a time: thousands of conversations may have something new. */
  const decideWaiting = () => {
    const left = settled - Date.now();
    // Connected anew meanwhile.
    if (left > 0) return void (timer = setTimeout(decideWaiting, left));
    timer = null;
    for (const m of [...waiting.values()].slice(0, AT_ONCE)) {
      waiting.delete(m.conversationId);
      received(m);
    }
    if (waiting.size > 0) timer = setTimeout(decideWaiting);
  };
  /** A notification shows the newest message of its conversation: of what piled up no other has to be decided. */
  const wait = (m: Received, ms: number) => {
    if (m.history && waiting.has(m.conversationId)) return;
    // In the order of their newest messages.
    waiting.delete(m.conversationId);
    waiting.set(m.conversationId, m);
    timer ??= setTimeout(decideWaiting, ms);
  };

  return {
    received: (m) => {
      const left = settled - Date.now();
      // Behind those of its conversation that still wait.
      if (left > 0 || waiting.has(m.conversationId)) wait(m, Math.max(0, left));
      else received(m);
    },
    reacted,
    close: () => {
      waiting.clear();
      if (timer) clearTimeout(timer);
    },
    read: dismiss,
    unsent: (conversationId, id) => {
      if (newest.get(conversationId) === id) dismiss(conversationId);
    },
    handlers: {
      'notifications.inView': (params) => {
        view = params;
        if (view.focused && view.conversationId !== null) dismiss(view.conversationId);
      },
    },
  };
}
