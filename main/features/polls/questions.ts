import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import type { Message } from '../../../contract/messages.ts';
import type { QuestionBox } from '../../../contract/polls.ts';
import {
  addQuestionBox,
  durably,
  messageById,
  noteOwnMessage,
  queueNote,
  type PollNoteBodies,
  type PollNoteKind,
} from '../../store/index.ts';
import type { AccountConnection } from '../connection.ts';
import { cleanLine, cleanText } from '../plain-text.ts';
import { boxText } from './wire.ts';
import { removeQuestion } from './remove-question.ts';
import { ask, type PollParts } from './write.ts';

type Questions = Pick<Handlers, Extract<keyof Handlers, `questions.${string}`>>;

/** Question boxes: opening, asking, voting up, marking as answered, closing. */
export function questionHandlers(o: PollParts & { connection: AccountConnection }): Questions {
  const { db } = o;
  /** Throws `not-found` for what is no box, `forbidden`, and `poll-closed` where it has to be open. */
  const box = (id: Message['id'], may: 'ask' | 'host', wanted: { open: boolean }): QuestionBox => {
    const questions = messageById(db, id)?.questions;
    if (!questions) throw new PostcardError('not-found');
    if (wanted.open && !questions.open) throw new PostcardError('poll-closed');
    if (!questions.may[may]) throw new PostcardError('forbidden', { what: 'write' });
    return questions;
  };
  const known = (questions: QuestionBox, question: string) => {
    const found = questions.questions.find(({ id }) => id === question);
    if (!found) throw new PostcardError('not-found');
    return found;
  };
  const say = <K extends PollNoteKind>(
    messageId: Message['id'],
    kind: K,
    body: PollNoteBodies[K],
    about = '',
  ) => {
    durably(db, () => queueNote(db, { messageId, kind, body, about }));
    const message = messageById(db, messageId);
    if (message) o.changes.message(message.conversationId, messageId);
    o.queue.pump();
  };

  return {
    'questions.open': ({ conversationId, title }) => {
      const line = cleanLine(title, 200);
      if (line === '') throw new PostcardError('invalid-argument');
      ask(o, conversationId, boxText(line), (_, id) => addQuestionBox(db, id, line));
    },
    'questions.ask': ({ id, text }) => {
      box(id, 'ask', { open: true });
      const line = cleanText(text, 500);
      const conversationId = messageById(db, id)?.conversationId;
      if (line === '' || conversationId === undefined) throw new PostcardError('invalid-argument');
      o.refuse({ conversationId, text: line, media: false });
      // Each is one of its own: none takes another's place.
      say(id, 'ask', line, `${Date.now()} ${line.slice(0, 40)}`);
      // The next message is as far off as behind one.
      noteOwnMessage(db, conversationId, Date.now());
    },
    'questions.vote': ({ id, question, on }) => {
      const found = known(box(id, 'ask', { open: true }), question);
      if (found.mine !== on) say(id, 'upvote', { question, on }, question);
    },
    'questions.answered': ({ id, question, answered }) => {
      const found = known(box(id, 'host', { open: false }), question);
      if (found.answered !== answered) say(id, 'answered', { question, answered }, question);
    },
    'questions.remove': (asked) => removeQuestion(o, asked),
    'questions.close': ({ id }) => {
      const { open } = box(id, 'host', { open: false });
      if (open) say(id, 'close-box', null);
    },
  };
}
