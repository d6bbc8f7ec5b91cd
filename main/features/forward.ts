import { randomUUID } from 'node:crypto';
import { PostcardError } from '../../contract/errors.ts';
import type { MessageId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Message } from '../../contract/messages.ts';
import {
  attachmentsOfMessage,
  durably,
  ensureConversation,
  groupByAddress,
  insertOutgoing,
  messagesByIds,
  stickerMark,
  type NewAttachment,
  type WritableDb,
} from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { Downloads } from './downloads.ts';
import type { BeforeSending } from './groups/before-sending.ts';
import type { Outbox } from './outbox.ts';
import type { Requests } from './requests.ts';
import type { Uploads } from './uploads.ts';
import { bareAddress } from './bare-address.ts';

/** Messages passed on to others, files as they came: docs/mechanisms/forward.md. */
export function forwardHandlers(o: {
  db: WritableDb;
  ownAddress: string;
  changes: Changes;
  downloads: Downloads;
  outbox: Outbox;
  uploads: Uploads;
  requests: Requests;
  refuse?: BeforeSending;
}): Pick<Handlers, 'messages.forward'> {
  const { db, ownAddress } = o;

  /** In the order of their conversations. Throws not-found when one is gone, or has no content any more. */
  const found = (ids: readonly MessageId[]): Message[] => {
    const wanted = new Set(ids);
    const messages = messagesByIds(db, [...wanted]).filter(({ unsent }) => !unsent);
    if (messages.length < wanted.size) throw new PostcardError('not-found');
    return messages;
  };
  const write = (message: Message, address: string, named: boolean): Message['conversationId'] => {
    const conversationId = ensureConversation(db, {
      address,
      kind: address === ownAddress ? 'self' : 'direct',
    });
    const sticker = message.sticker === null ? null : stickerMark(db, message.id);
    const source = named ? (message.forwarded?.from ?? message.sender.name) : '';
    const id = insertOutgoing(db, {
      conversationId,
      originId: randomUUID(),
      text: message.text,
      sentAt: Date.now(),
      senderAddress: ownAddress,
      attachments: attachmentsOfMessage(db, message.id).map(copyOf),
      // Where its pack is would tell whom it came from.
      ...(sticker === null ? {} : { sticker: { ...sticker, pack: null, owner: null, node: null } }),
      forwarded: source,
    });
    o.changes.message(conversationId, id);
    return conversationId;
  };

  /** A group that does not take one of them gets none. */
  const mayGo = (message: Message, address: string, messages: number) => {
    const group = groupByAddress(db, address);
    if (!group) return;
    const { conversationId } = group;
    o.refuse?.({ conversationId, text: message.text, media: message.attachments.length > 0, messages });
  };

  return {
    'messages.forward': async ({ ids, to, named }) => {
      // What is not on this computer is fetched first; what can't be fetched is not passed on.
      for (const message of found(ids))
        for (const { id } of message.attachments) await o.downloads.fetched(id);
      const addresses = [...new Set(to.map(bareAddress))];
      // All of it or nothing: a second try sends none twice.
      const conversations = durably(db, () => {
        const messages = found(ids);
        for (const address of addresses) for (const one of messages) mayGo(one, address, messages.length);
        return addresses.map((address) => messages.map((one) => write(one, address, named))[0]);
      });
      for (const id of conversations) if (id !== undefined) o.requests.writing(id);
      o.uploads.pump();
      o.outbox.pump();
      return { count: addresses.length };
    },
  };
}

/** The file as it is here, bit for bit. It gets an address of its own: the other one goes with its message. */
const copyOf = (file: ReturnType<typeof attachmentsOfMessage>[number]): NewAttachment => {
  const { kind, name, mediaType, bytes, width, height, thumbhash, localSha256 } = file;
  if (localSha256 === null) throw new PostcardError('file-missing', { name });
  return { kind, name, mediaType, bytes, width, height, thumbhash, localSha256 };
};
