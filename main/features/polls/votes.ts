import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import type { Message } from '../../../contract/messages.ts';
import type { Poll } from '../../../contract/polls.ts';
import {
  addPoll,
  addPollNote,
  durably,
  isSound,
  messageById,
  queueNote,
  stanzaIdOfMessage,
  type WritableDb,
} from '../../store/index.ts';
import { cleanLine } from '../plain-text.ts';
import { countLater } from './read.ts';
import { pollText } from './wire.ts';
import { ask, type PollParts } from './write.ts';

/** ms; a year. */
const LONGEST = 366 * 86_400_000;

/** Making polls, voting, closing. What is said is on the disk when these return, and goes as soon as it can. */
export function pollHandlers(o: PollParts): Pick<Handlers, Extract<keyof Handlers, `polls.${string}`>> {
  const { db } = o;
  return {
    'polls.create': ({ conversationId, endsAt, several, anonymous, ...given }) => {
      const question = cleanLine(given.question, 300);
      const options = given.options.map((text) => cleanLine(text, 100));
      const now = Date.now();
      const inTime = endsAt === null || (Number.isInteger(endsAt) && endsAt > now && endsAt < now + LONGEST);
      const distinct = new Set(options).size === options.length && !options.includes('');
      if (question === '' || !distinct || !inTime) throw new PostcardError('invalid-argument');
      const poll = { question, options, several, anonymous, endsAt };
      ask(o, conversationId, pollText(poll), (_, id) => addPoll(db, id, { ...poll, madeHere: true }));
    },
    'polls.vote': ({ id, choices }) => {
      const { message, poll } = existing(db, id);
      if (poll.closed) throw new PostcardError('poll-closed');
      if (!poll.may.vote) throw new PostcardError('forbidden', { what: 'write' });
      if (!isSound(choices, { options: poll.options.length, several: poll.several }))
        throw new PostcardError('invalid-argument');
      durably(db, () => vote(o, message, poll, choices));
      told(o, message);
    },
    'polls.close': ({ id }) => {
      const { message, poll } = existing(db, id);
      if (poll.closed) return;
      if (!poll.may.close) throw new PostcardError('forbidden', { what: 'write' });
      durably(db, () => {
        // The last count stands before the end.
        countLater(db, id, 'now');
        queueNote(db, { messageId: id, kind: 'close', body: null });
      });
      told(o, message);
    },
  };
}

/** Throws `not-found` for what is no poll. */
function existing(db: WritableDb, id: Message['id']): { message: Message; poll: Poll } {
  const message = messageById(db, id);
  if (!message?.poll) throw new PostcardError('not-found');
  return { message, poll: message.poll };
}

/** To the room; in an anonymous poll to its author alone, who counts it, and is told nothing by themselves. */
function vote(o: PollParts, message: Message, poll: Poll, choices: readonly number[]): void {
  const { id } = message;
  if (!poll.anonymous) return queueNote(o.db, { messageId: id, kind: 'vote', body: choices });
  if (!message.outgoing)
    return queueNote(o.db, { messageId: id, kind: 'vote', body: choices, toAddress: message.sender.address });
  const known = stanzaIdOfMessage(o.db, id);
  if (known === null) throw new PostcardError('offline');
  const now = Date.now();
  addPollNote(o.db, message.conversationId, known.stanzaId, {
    ...{ kind: 'vote', body: choices, noteId: `own:${now}`, at: now, archived: false, direct: true },
    ...{ who: o.ownAddress, occupantId: null, nick: '', moderates: false },
  });
  // My other devices count as well: they hear of it as of anybody's.
  queueNote(o.db, { messageId: id, kind: 'vote', body: choices, toAddress: o.ownAddress });
  countLater(o.db, id);
}

function told(o: PollParts, { conversationId, id }: Message): void {
  o.changes.message(conversationId, id);
  o.queue.pump();
}
