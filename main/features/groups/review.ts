import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import { dropHeld, heldSender, listHeld, messageById, outboxByMessageId } from '../../store/index.ts';
import { standingOf } from './describe.ts';
import type { LogNote } from './moderation.ts';
import { sendNote, tellRoom } from './own-note.ts';
import { existingRoom, type GroupParts, type Told } from './parts.ts';
import { rightsOf } from './rights.ts';

/** Messages that the room's server holds back until a moderator has read them: our hub alone does. */
export function reviewHandlers(
  o: GroupParts & { told: Told },
): Pick<Handlers, 'groups.held' | 'groups.review' | 'groups.withdraw'> {
  const { db } = o;
  const moderated = (id: Parameters<typeof existingRoom>[1]) => {
    const room = existingRoom(db, id);
    if (!rightsOf(standingOf(room, Date.now())).moderate) throw new PostcardError('forbidden');
    return room;
  };
  return {
    'groups.held': ({ id }) => (moderated(id), listHeld(db, id)),
    'groups.withdraw': ({ messageId }) => {
      const message = messageById(db, messageId);
      const originId = outboxByMessageId(db, messageId)?.originId;
      if (originId === undefined || message?.problem?.code !== 'waits-for-moderator')
        throw new PostcardError('not-found');
      const { address } = existingRoom(db, message.conversationId);
      return tellRoom(o.connection.online(), {
        room: address,
        kind: 'discard',
        value: { message: originId },
      });
    },
    'groups.review': async ({ id, held, publish }) => {
      const room = moderated(id);
      const session = o.connection.online();
      const sender = heldSender(db, id, held);
      if (sender === null) throw new PostcardError('not-found');
      const value = { id: held, publish };
      if (await wasFirst(tellRoom(session, { room: room.address, kind: 'review', value }))) {
        const entry: LogNote = {
          what: publish ? 'held-published' : 'held-dropped',
          about: sender,
          reason: '',
        };
        sendNote(session, { room: room.address, kind: 'log', value: entry });
      }
      dropHeld(db, id, held);
      o.told.group(id);
    },
  };
}

/** False where another moderator has seen to it meanwhile: then theirs is what happened. */
async function wasFirst(told: Promise<void>): Promise<boolean> {
  try {
    await told;
    return true;
  } catch (error) {
    if (error instanceof PostcardError && error.code === 'not-found') return false;
    throw error;
  }
}
