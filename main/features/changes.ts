import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Message } from '../../contract/messages.ts';
import type { Events } from '../events.ts';
import { conversationsByIds, messagesByIds, unreadTotal, type ReadableDb } from '../store/index.ts';

/**
 * Gathers what changed in one turn of the event loop and tells the windows once; in a flood (a large group talks) ten
 * times a second, for each telling costs the store a few reads and the window a layout.
 */
export interface Changes {
  conversation(id: ConversationId): void;
  message(conversationId: ConversationId, id: MessageId): void;
  removed(conversationId: ConversationId, id: MessageId): void;
  /** So much changed that lists are to be read anew; told at most once a second. */
  everything(): void;
  /** Adds to a message what only the running app knows. */
  live(message: Message): Message;
  setProgress(conversationId: ConversationId, id: MessageId, progress: number | null): void;
  close(): void;
}

const RESET_EVERY_MS = 1000;
/** So many tellings in so many ms are told at once; what is more is a flood. */
const AT_ONCE = 8;
const AT_ONCE_MS = 800;
const FLOOD_EVERY_MS = 100;

export function createChanges(o: { db: ReadableDb; events: Events; onUnread(total: number): void }): Changes {
  const conversations = new Set<ConversationId>();
  const messages = new Map<ConversationId, Set<MessageId>>();
  const progress = new Map<MessageId, number>();
  let planned = false;
  /** When the last ones were told. */
  const told: number[] = [];
  let floodTimer: NodeJS.Timeout | null = null;
  let closed = false;
  let resetTimer: NodeJS.Timeout | null = null;

  const live = (message: Message): Message => {
    const share = progress.get(message.id);
    return share === undefined ? message : { ...message, progress: share };
  };
  const plan = () => {
    if (planned || closed) return;
    planned = true;
    const now = performance.now();
    const [first = -Infinity] = told;
    const wait = now - first < AT_ONCE_MS ? (told.at(-1) ?? now) + FLOOD_EVERY_MS - now : 0;
    if (told.length < AT_ONCE || wait <= 0) queueMicrotask(flush);
    else floodTimer = setTimeout(flush, wait);
  };
  const tellConversations = () => {
    const items = conversationsByIds(o.db, [...conversations]);
    conversations.clear();
    const total = unreadTotal(o.db, Date.now());
    o.events.emit('conversations.changed', { items, unreadTotal: total });
    o.onUnread(total);
  };
  const flush = () => {
    planned = false;
    if (closed) return;
    told.push(performance.now());
    if (told.length > AT_ONCE) told.shift();
    for (const [conversationId, ids] of messages) {
      const items = messagesByIds(o.db, [...ids]).map(live);
      if (items.length > 0) o.events.emit('messages.changed', { conversationId, items });
    }
    messages.clear();
    if (conversations.size > 0) tellConversations();
  };

  return {
    live,
    conversation: (id) => {
      conversations.add(id);
      plan();
    },
    message: (conversationId, id) => {
      const ids = messages.get(conversationId);
      if (ids) ids.add(id);
      else messages.set(conversationId, new Set([id]));
      conversations.add(conversationId);
      plan();
    },
    removed: (conversationId, id) => {
      progress.delete(id);
      messages.get(conversationId)?.delete(id);
      o.events.emit('messages.removed', { conversationId, ids: [id] });
      conversations.add(conversationId);
      plan();
    },
    everything: () => {
      resetTimer ??= setTimeout(() => {
        resetTimer = null;
        if (closed) return;
        o.events.emit('conversations.reset', {});
        o.onUnread(unreadTotal(o.db, Date.now()));
      }, RESET_EVERY_MS);
    },
    setProgress: (conversationId, id, share) => {
      if (share === null) progress.delete(id);
      else {
        progress.set(id, share);
        o.events.emit('messages.progress', { conversationId, id, progress: share });
      }
    },
    close: () => {
      closed = true;
      if (resetTimer) clearTimeout(resetTimer);
      if (floodTimer) clearTimeout(floodTimer);
    },
  };
}
