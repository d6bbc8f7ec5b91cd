import * as v from 'valibot';
import {
  deleteMessage,
  forgetMessage,
  messageById,
  outboxByOriginId,
  transact,
  type GroupRef,
  type WritableDb,
} from '../../store/index.ts';
import type { InboundMessage } from '../../xmpp/index.ts';
import type { Changes } from '../changes.ts';

const discarded = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ message: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)) }),
);

/**
 * Our hub's room says that a message of mine which waited for a moderator was withdrawn (`groups.withdraw`): then it is gone
 * here. Not for one that does not wait: a room takes no message of mine away otherwise.
 */
export function onWithdrawn(
  { db, changes }: { db: WritableDb; changes: Changes },
  { note, room }: InboundMessage,
  { conversationId }: GroupRef,
): void {
  if (room?.byRoom !== true || note?.family !== 'groups' || note.kind !== 'discarded') return;
  const said = v.safeParse(discarded, note.json);
  const row = said.success ? outboxByOriginId(db, said.output.message) : null;
  if (row?.conversationId !== conversationId) return;
  const { messageId } = row;
  if (messageById(db, messageId)?.problem?.code !== 'waits-for-moderator') return;
  transact(db, () => {
    forgetMessage(db, messageId);
    deleteMessage(db, messageId);
  });
  changes.removed(conversationId, messageId);
}
