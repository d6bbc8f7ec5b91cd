import { randomUUID } from 'node:crypto';
import { PostcardError } from '../../../contract/errors.ts';
import type { MessageId } from '../../../contract/ids.ts';
import { messageById, questionNote, roomById } from '../../store/index.ts';
import { standingOf } from '../groups/describe.ts';
import { sendNote } from '../groups/own-note.ts';
import { rightsOf } from '../groups/rights.ts';
import type { AccountConnection } from '../connection.ts';
import type { PollParts } from './write.ts';

/**
 * Takes one question out of its box for everybody (XEP-0424 for mine, XEP-0425 as a moderator); it goes here when the room
 * says so. Throws `not-found`, `forbidden`, `offline`, `moderation-unsupported`.
 */
export async function removeQuestion(
  o: PollParts & { connection: AccountConnection },
  { id, question, reason }: { id: MessageId; question: string; reason: string },
): Promise<void> {
  const message = messageById(o.db, id);
  const found = message?.questions && questionNote(o.db, message.conversationId, question);
  const room = message ? roomById(o.db, message.conversationId) : null;
  if (!message || !found || room === null) throw new PostcardError('not-found');
  const session = o.connection.online();
  if (found.who === o.ownAddress) return void session.send(retraction(room.address, question));
  if (!rightsOf(standingOf(room, Date.now())).moderate) throw new PostcardError('forbidden');
  await session.rooms.moderate(room.address, question, reason);
  const about = found.who.startsWith('occupant:') ? '' : found.who;
  sendNote(session, {
    room: room.address,
    kind: 'log',
    value: { what: 'deleted', about, reason, message: question },
  });
}

const retraction = (room: string, target: string) => ({
  ...{ id: randomUUID(), to: room, room: true, body: null, file: null },
  effect: { kind: 'unsend' as const, target, silent: false },
  ...{ wantsReceipt: false, markable: false, tellsChatState: false },
});
