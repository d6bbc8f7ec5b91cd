import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { PostcardError } from '../../../contract/errors.ts';
import {
  addPollNote,
  countsVotes,
  dropNote,
  durably,
  markNoteOnWire,
  markNoteTaken,
  messageById,
  nextNoteAt,
  noteByOriginId,
  notesOfMessage,
  notesToSend,
  requeueNote,
  requeueNotes,
  type OutgoingNote,
  type WritableDb,
} from '../../store/index.ts';
import type { Bounce, RoomNote } from '../../xmpp/index.ts';
import type { Changes } from '../changes.ts';
import type { AccountConnection } from '../connection.ts';
import { composeSaid } from './wire.ts';

/** Handed to the stream in one go. */
const AT_ONCE = 50;
/** How often a room that does not know me is told the same. */
const MOST_TRIES = 3;
/** ms until a disk that took nothing is tried again. */
const TRY_AGAIN = 5000;

/**
 * What waits to be told about polls and boxes. A note to a room is done when the room's copy of it comes, live or from
 * its archive, which is read before anything is sent again; one to a person when my server has it.
 */
export interface NoteQueue {
  pump(): void;
  /** The room gave this one back. In the transaction that stores it. */
  returned(originId: string): void;
  close(): void;
}

export function createNoteQueue(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  changes: Changes;
  /** Groups that can be written to now. */
  openRooms(): readonly ConversationId[];
  /** Whether a room has to be asked if it still knows me. */
  doubt(room: string): void;
  log(line: string): void;
}): NoteQueue {
  const { db, connection } = o;
  let planned = false;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;

  const later = (ms: number) => {
    if (timer) clearTimeout(timer);
    timer = closed ? null : setTimeout(pump, ms);
  };
  const send = () => {
    if (closed || !connection.isReady()) return;
    const session = connection.online();
    const now = Date.now();
    const notes = notesToSend(db, { open: o.openRooms(), now, limit: AT_ONCE });
    const composed = notes.flatMap((note) => {
      const what = noteNow(db, note);
      return what === null ? [] : [{ note, what }];
    });
    // Before a byte leaves: what is not marked is not held by a stream that is resumed.
    durably(db, () => {
      for (const note of notes)
        if (composed.some((one) => one.note === note)) markNoteOnWire(db, note.id);
        else dropNote(db, note.id);
    });
    for (const { note, what } of composed) session.send(messageOf(note, what));
    if (notes.length === AT_ONCE) return pump();
    const next = nextNoteAt(db, now);
    if (next !== null) later(next - now);
  };
  const attempt = () => {
    planned = false;
    try {
      send();
    } catch (error) {
      // A stream that is gone is asked again by the next one.
      if (error instanceof PostcardError && error.code === 'offline') return;
      o.log(`votes and questions could not be sent: ${String(error)}`);
      later(TRY_AGAIN);
    }
  };
  const pump = () => {
    if (planned || closed) return;
    planned = true;
    queueMicrotask(attempt);
  };
  const tell = ({ conversationId, messageId }: { conversationId: ConversationId; messageId: MessageId }) =>
    o.changes.message(conversationId, messageId);

  /** My server has it. What went to a person is now as if it had come back. */
  const taken = (originId: string) => {
    const note = noteByOriginId(db, originId);
    if (!note) return;
    durably(db, () => {
      if (note.toAddress === null) return markNoteTaken(db, note.id);
      keepOwn(db, note, o.ownAddress);
      dropNote(db, note.id);
    });
    if (note.toAddress !== null) tell(note);
  };
  const bounced = (bounce: Bounce) => {
    const note = noteByOriginId(db, bounce.id);
    if (!note || bounce.from !== (note.toAddress ?? note.room)) return;
    const unknown = note.toAddress === null && bounce.condition === 'not-acceptable';
    // It does not know me any more: once I am in again it goes once more.
    if (unknown && note.attempts < MOST_TRIES) {
      requeueNote(db, note.id);
      return o.doubt(note.room);
    }
    o.log(`a vote or a question was refused: ${bounce.condition}`);
    dropNote(db, note.id);
    tell(note);
  };

  connection.listen({
    onReady: ({ held, resumed }) => {
      requeueNotes(db, { held, resumed });
      pump();
    },
    onAcked: taken,
    onBounce: bounced,
  });
  return {
    pump,
    returned: (originId) => {
      const note = noteByOriginId(db, originId);
      if (note && note.toAddress === null) dropNote(db, note.id);
    },
    close: () => {
      closed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** null: there is nothing to say any more. */
function noteNow(db: WritableDb, note: OutgoingNote): RoomNote | null {
  if (note.ref === null) return null;
  if (note.kind !== 'tally') return composeSaid(note, note.ref);
  // As it is now, not as it was when it became due.
  const poll = messageById(db, note.messageId)?.poll ?? null;
  if (poll === null || isOver(db, note, poll.closed)) return null;
  const counts = poll.options.map(({ votes }) => votes);
  return composeSaid({ ...note, body: { counts, voters: poll.voters } }, note.ref);
}

/** What is over was told by the device that made it: one that reads all of it in the archive has nothing to add. */
const isOver = (db: WritableDb, { messageId }: OutgoingNote, closed: boolean): boolean =>
  closed &&
  countsVotes(db, messageId) === 'elsewhere' &&
  !notesOfMessage(db, messageId).some(({ kind }) => kind === 'close');

const messageOf = (note: OutgoingNote, what: RoomNote) => ({
  id: note.originId,
  to: note.toAddress ?? note.room,
  ...(note.toAddress === null ? { room: true } : {}),
  ...{ body: null, file: null, note: what },
  ...{ wantsReceipt: false, markable: false, tellsChatState: false },
});

/** A vote that went to the author alone: here is all that this account keeps of it. */
function keepOwn(db: WritableDb, note: OutgoingNote, ownAddress: string): void {
  if (note.ref === null || note.kind !== 'vote') return;
  addPollNote(db, note.conversationId, note.ref, {
    ...{ kind: 'vote', body: note.body, noteId: note.originId, at: Date.now(), archived: false },
    ...{ who: ownAddress, occupantId: null, nick: '', moderates: false, direct: true },
  });
}
