import { randomUUID } from 'node:crypto';
import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Message } from '../../contract/messages.ts';
import {
  conversationById,
  deleteMessage,
  durably,
  insertOutgoing,
  markFor,
  messageById,
  messagesPage,
  outboxByMessageId,
  retry,
  saveDraft,
  searchMessages,
  setDraftReply,
  type MentionMark,
  type WritableDb,
} from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { Downloads } from './downloads.ts';
import { mentionsFor } from './group-messages/mentions-written.ts';
import type { Nudges } from './nudges/index.ts';
import type { Outbox } from './outbox.ts';
import type { Requests } from './requests.ts';
import type { UndoSend } from './undo-send.ts';
import type { Uploads } from './uploads.ts';

type MessageHandlers = Pick<
  Handlers,
  'messages.page' | 'messages.send' | 'messages.retry' | 'messages.discard' | 'messages.search'
>;

/** Texts: the timeline's pages, writing, trying again, taking back what has not gone out, and the search. */
export function messageHandlers(o: {
  db: WritableDb;
  ownAddress: string;
  changes: Changes;
  outbox: Outbox;
  uploads: Uploads;
  downloads: Downloads;
  nudges: Nudges;
  requests: Requests;
  undoSend: UndoSend;
}): MessageHandlers {
  const { db, changes } = o;
  const existing = (id: Message['id']): Message => {
    const message = messageById(db, id);
    if (!message) throw new PostcardError('not-found');
    return message;
  };
  const told = (message: Message): Message => {
    changes.message(message.conversationId, message.id);
    return changes.live(message);
  };

  return {
    'messages.page': (params) => {
      const page = messagesPage(db, params);
      // Of somebody not let in, or not looked at, nothing is fetched before it is asked for.
      const silent = params.ahead === true || conversationById(db, params.conversationId)?.request !== 'none';
      for (const message of page.items)
        if (!silent && !message.fromBlocked && message.attachments.length > 0) o.downloads.wanted(message.id);
      return { ...page, items: page.items.map(changes.live) };
    },
    'messages.send': ({ conversationId, text, anyway, replyTo, mentions }) => {
      o.nudges.before({ conversationId, text, media: false, anyway });
      o.requests.writing(conversationId);
      const holdUntil = o.undoSend.until();
      const id = durably(db, () =>
        writeText(db, {
          ...{ conversationId, text, replyTo: replyTo ?? null, holdUntil, from: o.ownAddress },
          mentions: mentionsFor(db, { conversationId, text, chosen: mentions ?? [] }),
        }),
      );
      o.undoSend.arrange();
      o.outbox.pump();
      return told(existing(id));
    },
    'messages.retry': ({ id }) => {
      if (existing(id).state !== 'failed') return;
      durably(db, () => retry(db, id));
      told(existing(id));
      o.uploads.pump();
      o.outbox.pump();
    },
    'messages.discard': ({ id }) => {
      const message = existing(id);
      const row = outboxByMessageId(db, id);
      // On the wire it may have arrived already: it can't be taken back by forgetting it.
      const waits = row !== null && row.stage !== 'wire';
      if (!message.outgoing || (message.state !== 'failed' && !waits))
        throw new PostcardError('already-sent');
      o.uploads.cancel(id);
      durably(db, () => deleteMessage(db, id));
      changes.removed(message.conversationId, id);
      o.outbox.pump();
    },
    'messages.search': (params) => searchMessages(db, params),
  };
}

function writeText(
  db: WritableDb,
  o: {
    conversationId: ConversationId;
    text: string;
    replyTo: Message['id'] | null;
    holdUntil: number;
    from: string;
    mentions: readonly MentionMark[];
  },
) {
  const reply = o.replyTo === null ? null : markFor(db, o.replyTo);
  const id = insertOutgoing(db, {
    conversationId: o.conversationId,
    originId: randomUUID(),
    text: o.text,
    sentAt: Date.now(),
    senderAddress: o.from,
    reply,
    holdUntil: o.holdUntil,
    mentions: o.mentions,
  });
  saveDraft(db, o.conversationId, '');
  if (reply) setDraftReply(db, o.conversationId, null);
  return id;
}
