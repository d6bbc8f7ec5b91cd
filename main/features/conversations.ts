import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import {
  conversationById,
  ensureConversation,
  listConversations,
  markRead,
  saveDraft,
  setArchived,
  setGroupNotify,
  setMuted,
  setPinned,
  unreadTotal,
  type WritableDb,
} from '../store/index.ts';
import { bareAddress } from './bare-address.ts';
import type { Changes } from './changes.ts';
import type { Mutes } from './mutes.ts';
import type { Notifications } from './notifications/index.ts';
import type { ReadSync } from './read-sync.ts';
import type { Status } from './status.ts';
import type { People } from './people.ts';

type ConversationHandlers = Pick<
  Handlers,
  | 'conversations.list'
  | 'conversations.get'
  | 'conversations.start'
  | 'conversations.markRead'
  | 'conversations.saveDraft'
  | 'conversations.setPinned'
  | 'conversations.setArchived'
  | 'conversations.setMuted'
  | 'conversations.setNotify'
>;

/** The inbox. */
export function conversationHandlers(o: {
  db: WritableDb;
  ownAddress: string;
  changes: Changes;
  notifications: Notifications;
  status: Status;
  readSync: ReadSync;
  mutes: Mutes;
  /** Something of a conversation was read here. */
  onRead?(id: ConversationId): void;
  people: People;
}): ConversationHandlers {
  const { db, changes } = o;
  const existing = (id: ConversationId) => {
    const conversation = conversationById(db, id);
    if (!conversation) throw new PostcardError('not-found');
    return conversation;
  };
  const change = (id: ConversationId, write: () => void) => {
    existing(id);
    write();
    changes.conversation(id);
  };

  return {
    'conversations.list': (params) => {
      const page = listConversations(db, params);
      // On a fresh profile the archive brings conversations with people nobody has asked about yet.
      for (const { kind, address } of page.items) if (kind === 'direct') o.people.met(address);
      return { ...page, unreadTotal: unreadTotal(db, Date.now()) };
    },
    'conversations.get': ({ id }) => existing(id),
    'conversations.start': ({ address }) => {
      const bare = bareAddress(address);
      const kind = bare === o.ownAddress ? 'self' : 'direct';
      const id = ensureConversation(db, { address: bare, kind, started: true });
      o.people.met(bare);
      changes.conversation(id);
      return existing(id);
    },
    'conversations.markRead': ({ id, upTo }) => {
      if (markRead(db, id, upTo)) {
        changes.conversation(id);
        o.status.read(id);
        o.readSync.read(id);
        o.onRead?.(id);
      }
      if (existing(id).unread === 0) o.notifications.read(id);
    },
    'conversations.saveDraft': ({ id, text }) => change(id, () => saveDraft(db, id, text)),
    'conversations.setPinned': ({ id, pinned }) => change(id, () => setPinned(db, id, pinned)),
    'conversations.setArchived': ({ id, archived }) => change(id, () => setArchived(db, id, archived)),
    'conversations.setMuted': ({ id, until }) => {
      change(id, () => setMuted(db, id, until));
      o.mutes.changed();
    },
    'conversations.setNotify': ({ id, notify }) => {
      if (!setGroupNotify(db, id, notify)) throw new PostcardError('not-found');
      changes.conversation(id);
    },
  };
}
