import * as v from 'valibot';
import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
import { messageById, messageOfStanza, setRoomPin, type WritableDb } from '../../store/index.ts';
import { standingOf } from './describe.ts';
import { messageIn } from './moderation.ts';
import type { ArrivedNote } from './notes.ts';
import { tellRoom } from './own-note.ts';
import type { GroupParts } from './parts.ts';
import { parseJson } from './policy-schema.ts';
import { rightsOf } from './rights.ts';

const pinNote = v.object({
  message: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
  pinned: v.boolean(),
});

/** Applies the note of a moderator (whoever calls this knows that they are one). True when a pin is another now. */
export function readPinNote(db: WritableDb, a: ArrivedNote): { stanzaId: string } | null {
  const said = v.safeParse(pinNote, parseJson(a.note.json));
  if (!said.success) return null;
  const { message: stanzaId, pinned } = said.output;
  const given = { stanzaId, pinned, at: a.message.sentAt, latest: a.latest };
  return setRoomPin(db, a.conversationId, given) ? { stanzaId } : null;
}

/** Windows hear of a pin that is another now. */
export function tellPin(
  o: Pick<GroupParts, 'db' | 'changes' | 'events'>,
  conversationId: ConversationId,
  stanzaId: string,
): void {
  const id = messageOfStanza(o.db, conversationId, stanzaId);
  if (id === null) return;
  o.changes.message(conversationId, id);
  o.events.emit('pins.changed', { conversationId });
}

/** Pins for everybody in a group: docs/mechanisms/pins.md "For everybody". */
export function roomPinHandlers(o: GroupParts): Pick<Handlers, 'pins.setForAll'> {
  return {
    'pins.setForAll': async ({ id, pinned }) => {
      const { room, stanzaId } = messageIn(o, id);
      // It was taken back while its menu was open.
      if (pinned && messageById(o.db, id)?.unsent) throw new PostcardError('not-found');
      if (!rightsOf(standingOf(room, Date.now())).moderate) throw new PostcardError('forbidden');
      const value = { message: stanzaId, pinned };
      // It counts here as for everybody else: when the room has passed it on.
      await tellRoom(o.connection.online(), { room: room.address, kind: 'pin', value });
    },
  };
}
