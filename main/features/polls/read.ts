import {
  addPoll,
  addPollNote,
  addPollNumber,
  addQuestionBox,
  countsVotes,
  groupByAddress,
  isTakenBack,
  messageWithRef,
  noteOwnMessage,
  numbersIn,
  pollsAround,
  queueNote,
  rankIn,
  roomPerson,
  tallyWaits,
  type Speaker,
  type WritableDb,
} from '../../store/index.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { InboundMessage } from '../../xmpp/index.ts';
import type { Changes } from '../changes.ts';
import type { ArrivedNote, ArrivedText, NoteReader } from '../groups/notes.ts';
import type { NoteQueue } from './queue.ts';
import { parseBox, parsePoll, parseSaid, type Said } from './wire.ts';

/** ms that votes are gathered before an anonymous poll's author tells how many there are. */
const GATHER = 1000;
/** The same of the author's other devices, which tell it where the one that made the poll does not. */
const GATHER_ELSEWHERE = 20_000;

/** Reads what a group says of polls and boxes: docs/mechanisms/polls.md. Nothing in a note is believed by itself. */
export function createPollReader(o: {
  db: WritableDb;
  changes: Changes;
  queue: NoteQueue;
  log(line: string): void;
}): NoteReader {
  const { db } = o;
  const changed = new Map<MessageId, ConversationId>();

  const keep = (
    conversationId: ConversationId,
    said: Said,
    about: { message: InboundMessage; speaker: Speaker; direct: boolean },
  ) => {
    const { message, speaker, direct } = about;
    const target = messageWithRef(db, conversationId, said.ref);
    if (target?.unsent) return;
    const noteId = message.stanzaId ?? message.originId ?? message.id ?? '';
    if (said.kind === 'ask' && isTakenBack(db, conversationId, noteId, speaker.who)) return;
    const added = addPollNote(db, conversationId, said.ref, {
      ...speaker,
      kind: said.kind,
      body: said.body,
      noteId,
      direct,
      at: Math.min(message.sentAt, Date.now()),
      archived: message.source === 'archive',
    });
    if (target) changed.set(target.id, conversationId);
    if (message.outgoing && said.kind === 'ask')
      noteOwnMessage(db, conversationId, Math.min(message.sentAt, Date.now()));
    if (added && direct && target) countLater(db, target.id);
  };

  const shown = ({ message, note, messageId }: ArrivedNote) => {
    if (messageId === null || message.room?.byRoom !== false) return;
    const poll = note.family === 'polls' && note.kind === 'poll' ? parsePoll(note) : null;
    const title = note.family === 'questions' && note.kind === 'box' ? parseBox(note) : null;
    if (poll) addPoll(db, messageId, { ...poll, madeHere: false });
    if (title !== null) addQuestionBox(db, messageId, title);
  };

  return {
    apply: (a) => {
      const { message, note, conversationId } = a;
      if (note.kind === 'poll' || note.kind === 'box') return shown(a);
      const said = parseSaid(note);
      const speaker = speakerOf(db, conversationId, message);
      if (said === null || speaker === null)
        return o.log(`refused: a ${note.kind} that says nothing, or of nobody`);
      if (message.outgoing && message.originId !== null) o.queue.returned(message.originId);
      keep(conversationId, said, { message, speaker, direct: false });
    },
    direct: (message, note) => {
      const said = parseSaid(note);
      if (said?.kind !== 'vote' || said.room === null) return;
      const group = groupByAddress(db, said.room);
      if (group === null) return;
      const { conversationId } = group;
      const person = roomPerson(db, conversationId, message.from);
      // Only people of the group; my own come back from my other devices.
      const belongs =
        person !== null && person.rank !== 'banned' && (person.rank !== 'none' || person.present);
      if (!message.outgoing && !belongs) return o.log('refused: a vote of somebody who is not in the group');
      const speaker = { who: message.from, occupantId: null, nick: person?.nick ?? '', moderates: false };
      keep(conversationId, said, { message, speaker, direct: true });
    },
    text: ({ conversationId, message, messageId }: ArrivedText) => {
      if (message.body === null || numbersIn(message.body) === null) return;
      const speaker = speakerOf(db, conversationId, message);
      if (speaker === null) return;
      const at = Math.min(message.sentAt, Date.now());
      addPollNumber(db, messageId, { conversationId, at, who: speaker.who, occupantId: speaker.occupantId });
      for (const poll of pollsAround(db, conversationId, at)) changed.set(poll, conversationId);
    },
    announce: () => {
      for (const [id, conversationId] of changed) o.changes.message(conversationId, id);
      changed.clear();
      o.queue.pump();
    },
  };
}

/** The author's app tells how many voted, once for many votes. In a transaction. */
export function countLater(db: WritableDb, id: MessageId, soon?: 'now'): void {
  const counts = countsVotes(db, id);
  if (counts === null || (soon === undefined && tallyWaits(db, id))) return;
  const wait = soon === 'now' ? 0 : counts === 'made here' ? GATHER : GATHER_ELSEWHERE;
  const notBefore = wait === 0 ? 0 : Date.now() + wait;
  queueNote(db, { messageId: id, kind: 'tally', body: { counts: [], voters: 0 }, notBefore });
}

/** By real address or by occupant id (XEP-0421), never by a nickname; null: nobody, or the room itself. */
function speakerOf(
  db: WritableDb,
  conversationId: ConversationId,
  { from, room, outgoing, to }: InboundMessage,
): Speaker | null {
  if (room === undefined || room.byRoom) return null;
  const address = room.known ? from : outgoing ? to : null;
  const { nick, occupantId, affiliation } = room;
  if (address === null && occupantId === null) return null;
  const rank = address === null || affiliation !== null ? null : rankIn(db, conversationId, address);
  const moderates =
    affiliation === 'owner' || affiliation === 'admin' || rank === 'owner' || rank === 'moderator';
  return { who: address ?? `occupant:${occupantId ?? ''}`, occupantId, nick, moderates };
}
