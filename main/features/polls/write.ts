import { randomUUID } from 'node:crypto';
import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { durably, insertOutgoing, isGroup, type WritableDb } from '../../store/index.ts';
import type { Changes } from '../changes.ts';
import type { BeforeSending } from '../groups/before-sending.ts';
import type { NoteQueue } from './queue.ts';
import type { Outbox } from '../outbox.ts';

/** What the handlers of this folder are made of. */
export interface PollParts {
  readonly db: WritableDb;
  readonly ownAddress: string;
  readonly changes: Changes;
  readonly outbox: Pick<Outbox, 'pump'>;
  readonly refuse: BeforeSending;
  readonly queue: NoteQueue;
}

/**
 * Sends a message that asks. `keep` stores what it asks, in the same transaction. Throws `invalid-argument` for what is no
 * group, and what `refuse` does.
 */
export function ask(
  o: PollParts,
  conversationId: ConversationId,
  text: string,
  keep: (db: WritableDb, id: MessageId) => void,
): void {
  if (!isGroup(o.db, conversationId)) throw new PostcardError('invalid-argument');
  o.refuse({ conversationId, text, media: false });
  const id = durably(o.db, () => {
    const written = insertOutgoing(o.db, {
      ...{ conversationId, text, originId: randomUUID() },
      ...{ sentAt: Date.now(), senderAddress: o.ownAddress },
    });
    keep(o.db, written);
    return written;
  });
  o.outbox.pump();
  o.changes.message(conversationId, id);
}
