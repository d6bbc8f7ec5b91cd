import type { MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { QuestionBox } from '../../contract/polls.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { notesOfMessage } from './outgoing-notes.ts';
import { shownName } from './people.ts';
import { closedAt, isBy } from './poll-counts.ts';
import { persons, pollNotes, type PollNote } from './poll-notes.ts';
import { asked, askedFrom, ownAddress, type Asked } from './polls.ts';
import { row, rows, run, value } from './sql.ts';

/** Questions of one person that are shown, and of a whole box. */
const MOST_OF_ONE = 20;
const MOST = 200;

/** A message opens a box for questions. The same one twice is kept once. In the transaction that inserts the message. */
export const addQuestionBox = (db: WritableDb, id: MessageId, title: string): void =>
  void run(
    db,
    `INSERT INTO question_box (message_id, title) SELECT id, ? FROM message WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = message.id)
     ON CONFLICT (message_id) DO NOTHING`,
    title,
    id,
  );

/** null: the message is no box. */
export const questionBoxTitle = (db: ReadableDb, id: MessageId): string | null =>
  value<string>(db, 'SELECT title FROM question_box WHERE message_id = ?', id) ?? null;

type StoredBox = Parameters<typeof asked>[0] & { title: string };

/** The part of messages that open a box for questions. */
export function loadQuestions(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'questions'>> {
  const found = rows<StoredBox>(
    db,
    `${askedFrom('question_box', 'p.title')} WHERE p.message_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return new Map(found.map((stored) => [stored.id, { questions: readBox(db, stored.title, asked(stored)) }]));
}

type Question = QuestionBox['questions'][number];

function readBox(db: ReadableDb, title: string, a: Asked): QuestionBox {
  const own = ownAddress(db);
  const notes = a.ref === null ? [] : pollNotes(db, a.conversationId, a.ref);
  const waiting = notesOfMessage(db, a.id);
  const over = closedAt(notes, a.author, 'close-box');
  const counted = notes.filter((note) => !note.direct && note.at <= (over ?? Infinity));
  const person = persons(db, a.conversationId, counted);
  const votes = upvotes(counted, person);
  const done = answered(notes, a);
  for (const note of waiting) {
    if (note.kind === 'upvote') setIn(votes, note.body.question, own, note.body.on);
    if (note.kind === 'answered') done.set(note.body.question, note.body.answered);
  }
  const questions = notTooMany(counted.filter(isAsk), person).map((note): Question => {
    const who = person(note);
    const voters = votes.get(note.noteId) ?? new Set();
    return {
      ...{ id: note.noteId, text: note.body, at: note.at, votes: voters.size, mine: voters.has(own) },
      by: who === own ? '' : nameOf(db, who, note.nick),
      answered: done.get(note.noteId) ?? false,
    };
  });
  const unsaid = waiting.flatMap((note): Question[] =>
    note.kind === 'ask'
      ? [{ id: '', text: note.body, by: '', at: note.createdAt, votes: 0, mine: false, answered: false }]
      : [],
  );
  const open = over === null && !waiting.some(({ kind }) => kind === 'close-box');
  return {
    ...{ title, open },
    questions: [...questions, ...unsaid].sort(byVotes),
    may: { ask: open && a.speaks, host: a.present && (a.mine || a.moderates) },
  };
}

const isAsk = (note: PollNote): note is Extract<PollNote, { kind: 'ask' }> => note.kind === 'ask';

/** Most votes first, older before newer; answered ones last. */
const byVotes = (x: Question, y: Question): number =>
  Number(x.answered) - Number(y.answered) || y.votes - x.votes || x.at - y.at;

/** One person cannot fill a box. */
function notTooMany<N extends PollNote>(asked: readonly N[], person: (note: PollNote) => string): N[] {
  const of = new Map<string, number>();
  const kept = asked.filter((note) => {
    const count = (of.get(person(note)) ?? 0) + 1;
    of.set(person(note), count);
    return count <= MOST_OF_ONE;
  });
  return kept.slice(0, MOST);
}

/** Who is for each question: the newest that each person said. */
function upvotes(notes: readonly PollNote[], person: (note: PollNote) => string): Map<string, Set<string>> {
  const votes = new Map<string, Set<string>>();
  for (const note of notes)
    if (note.kind === 'upvote') setIn(votes, note.body.question, person(note), note.body.on);
  return votes;
}

function setIn(votes: Map<string, Set<string>>, question: string, who: string, on: boolean): void {
  const voters = votes.get(question) ?? new Set<string>();
  if (on) voters.add(who);
  else voters.delete(who);
  votes.set(question, voters);
}

/** What was answered: the newest word of the host or a moderator, also after the box was closed. */
function answered(notes: readonly PollNote[], a: Asked): Map<string, boolean> {
  const done = new Map<string, boolean>();
  for (const note of notes)
    if (note.kind === 'answered' && !note.direct && (note.moderates || isBy(note, a.author)))
      done.set(note.body.question, note.body.answered);
  return done;
}

function nameOf(db: ReadableDb, who: string, nick: string): string {
  const person = row<{ name: string; nick: string }>(
    db,
    'SELECT name, nick FROM person WHERE address = ?',
    who,
  );
  return shownName(who, person?.name ?? null, person?.nick ?? null, nick);
}
