import { PostcardError } from '../../contract/errors.ts';
import type { MessageId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { UnsendOutlook } from '../../contract/message-changes.ts';
import type { Message } from '../../contract/messages.ts';
import {
  addVersion,
  conversationById,
  correctionIds,
  deleteMessage,
  durably,
  forgetMessage,
  idsOf,
  messageById,
  outboxByMessageId,
  setText,
  versionsOf,
  type WritableDb,
} from '../store/index.ts';
import { RETRACTION, type OutboundEffect } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import type { Effects } from './effects/index.ts';
import { renameMentions } from './group-messages/mentions-written.ts';
import { mayEdit, mayUnsend } from './groups/may-post.ts';
import type { Outbox } from './outbox.ts';
import type { Eraser } from './unsend/eraser.ts';
import { purge } from './unsend/purges.ts';
import type { Uploads } from './uploads.ts';

/** Editing and taking back what one has written: docs/mechanisms/edit-unsend.md. */
export function messageChangeHandlers(o: {
  db: WritableDb;
  connection: AccountConnection;
  changes: Changes;
  effects: Effects;
  outbox: Outbox;
  uploads: Uploads;
  eraser: Eraser;
  /** The account lives on the hub, which deletes the file of a message that is taken back. */
  onThisComputer: boolean;
}): Pick<Handlers, 'messages.edit' | 'messages.versions' | 'messages.unsendOutlook' | 'messages.unsend'> {
  const { db, changes } = o;
  /** Throws not-found for what is not mine, or is gone. */
  const mine = (id: MessageId): Message => {
    const message = messageById(db, id);
    if (!message?.outgoing || message.unsent) throw new PostcardError('not-found');
    return message;
  };
  /** Nothing of it can have left this computer. */
  const waits = (message: Message): boolean => {
    const row = outboxByMessageId(db, message.id);
    return row === null ? message.state === 'failed' : row.stage !== 'wire';
  };
  const discard = (message: Message) => {
    o.uploads.cancel(message.id);
    durably(db, () => {
      forgetMessage(db, message.id);
      deleteMessage(db, message.id);
    });
    changes.removed(message.conversationId, message.id);
    o.eraser.run();
    o.outbox.pump();
  };

  return {
    'messages.edit': ({ id, text }) => {
      const message = mine(id);
      const files = message.attachments.length > 0;
      if (text.trim() === '' && !files) throw new PostcardError('invalid-argument');
      if (text === message.text) return;
      mayEdit(db, message.conversationId, text);
      if (waits(message)) {
        durably(db, () => {
          setText(db, id, text);
          renameMentions(db, message.conversationId, id, text);
        });
        return changes.message(message.conversationId, id);
      }
      o.effects.own({
        conversationId: message.conversationId,
        id,
        kind: 'edit',
        local: (_, { originId, at }) => {
          const changed = addVersion(db, id, { at, text, correctionId: originId, latest: true });
          if (changed) renameMentions(db, message.conversationId, id, text);
          return changed;
        },
        tell: [{ kind: 'edit', target: wireId(db, id), text, caption: files }],
      });
    },
    'messages.versions': ({ id }) => ({ items: versionsOf(db, id) }),
    'messages.unsendOutlook': async ({ id }) => {
      const message = mine(id);
      return outlook(o, message, waits(message));
    },
    'messages.unsend': ({ id }) => {
      const message = mine(id);
      if (waits(message)) return discard(message);
      mayUnsend(db, message.conversationId);
      const tell = retractions(db, message);
      o.effects.own({
        conversationId: message.conversationId,
        id,
        kind: 'unsend',
        local: (_, { at }) => purge(db, id, at),
        tell,
      });
    },
  };
}

/** What the message itself was sent with. Throws not-found for one that has no id to be known by. */
function wireId(db: WritableDb, id: MessageId): string {
  const known = idsOf(db, id)?.ids[0];
  if (known === undefined) throw new PostcardError('not-found');
  return known;
}

/**
 * The message, what repeats its caption for other apps, and each correction: servers erase only what is named, and a
 * correction is a message of its own to them.
 */
function retractions(db: WritableDb, message: Message): OutboundEffect[] {
  const target = wireId(db, message.id);
  const corrections = correctionIds(db, message.id);
  // Whether it went out with one is not known for sure: it may have been an album's, or been taken away since.
  const captioned = message.attachments.length > 0 && message.sticker === null;
  const caption: OutboundEffect[] = captioned ? [{ kind: 'edit', target, text: '', caption: true }] : [];
  return [
    { kind: 'unsend', target, silent: false },
    ...caption,
    ...corrections.map((id): OutboundEffect => ({ kind: 'unsend', target: id, silent: true })),
  ];
}

async function outlook(
  o: { db: WritableDb; connection: AccountConnection; onThisComputer: boolean },
  message: Message,
  waiting: boolean,
): Promise<UnsendOutlook> {
  const upload = message.attachments.length === 0 ? null : o.onThisComputer ? 'deleted' : 'expires';
  const conversation = conversationById(o.db, message.conversationId);
  const session = o.connection.isReady() ? o.connection.online() : null;
  if (waiting || !session || conversation === null)
    return { waiting, otherApp: null, server: null, upload: waiting ? null : upload };
  const [otherApp, server] = await Promise.all([
    // Everybody's app in a group is another one.
    conversation.kind === 'group'
      ? null
      : conversation.kind === 'self' || session.supports(conversation.address, RETRACTION),
    session.serverSupports(RETRACTION),
  ]);
  return { waiting, otherApp, server, upload };
}
