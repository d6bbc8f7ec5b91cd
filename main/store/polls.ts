import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { MessageParts } from '../../contract/messages.ts';
import type { Poll } from '../../contract/polls.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { notesOfMessage } from './outgoing-notes.ts';
import { shownName } from './people.ts';
import { closedAt, isBy, newestVotes, numbersIn, type Vote } from './poll-counts.ts';
import {
  numbersBetween,
  persons,
  pollNotes,
  type PollNote,
  type PollNumber,
  type Speaker,
} from './poll-notes.ts';
import { row, rows, run, value, values } from './sql.ts';

/** What somebody asks; as the contract's `polls.create`. */
export interface PollDefinition {
  readonly question: string;
  readonly options: readonly string[];
  readonly several: boolean;
  readonly anonymous: boolean;
  /** Unix time, ms; null: until it is closed by hand. */
  readonly endsAt: number | null;
}

/** Names that are told for one option. */
const MOST_NAMES = 100;
/** Messages behind a poll among which a number that answers nothing is looked for. */
const NEAR = 500;

/** A message asks something. The same one twice is kept once. In the transaction that inserts the message. */
export function addPoll(
  db: WritableDb,
  id: MessageId,
  poll: PollDefinition & { readonly madeHere: boolean },
): void {
  const added = run(
    db,
    `INSERT INTO poll (message_id, conversation_id, question, several, anonymous, ends_at, made_here)
     SELECT id, conversation_id, ?, ?, ?, ?, ? FROM message WHERE id = ?
        AND NOT EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = message.id)
     ON CONFLICT (message_id) DO NOTHING`,
    poll.question,
    Number(poll.several),
    Number(poll.anonymous),
    poll.endsAt,
    Number(poll.madeHere),
    id,
  );
  if (added === 0) return;
  poll.options.forEach((text, place) =>
    run(db, 'INSERT INTO poll_option (message_id, place, text) VALUES (?, ?, ?)', id, place, text),
  );
}

const optionsOf = (db: ReadableDb, id: MessageId): string[] =>
  values<string>(db, 'SELECT text FROM poll_option WHERE message_id = ? ORDER BY place', id);

/** What a message asks; null: it is no poll. */
export function pollDefinition(db: ReadableDb, id: MessageId): PollDefinition | null {
  const found = row<{ question: string; several: number; anonymous: number; endsAt: number | null }>(
    db,
    'SELECT question, several, anonymous, ends_at AS endsAt FROM poll WHERE message_id = ?',
    id,
  );
  if (!found) return null;
  const { question, endsAt } = found;
  return {
    ...{ question, endsAt, options: optionsOf(db, id) },
    ...{ several: found.several === 1, anonymous: found.anonymous === 1 },
  };
}

/** The message that a room calls this, whether it is a poll or a box; null when there is none. */
export const messageWithRef = (
  db: ReadableDb,
  conversationId: ConversationId,
  ref: string,
): { id: MessageId; unsent: boolean } | null => {
  const found = row<{ id: MessageId; unsent: number }>(
    db,
    `SELECT m.id, EXISTS (SELECT 1 FROM unsent_message u WHERE u.message_id = m.id) AS unsent
       FROM message m WHERE m.stanza_id = ? AND m.conversation_id = ?`,
    ref,
    conversationId,
  );
  return found ? { id: found.id, unsent: found.unsent === 1 } : null;
};

/** Polls of a group that began before `at` (Unix ms) and may be open then: a number may be a vote in one of them. */
export const pollsAround = (db: ReadableDb, conversationId: ConversationId, at: number): MessageId[] =>
  values<MessageId>(
    db,
    `SELECT p.message_id FROM poll p CROSS JOIN message m ON m.id = p.message_id
      WHERE p.conversation_id = ? AND p.anonymous = 0 AND m.sent_at <= ? AND (p.ends_at IS NULL OR p.ends_at >= ?)
      ORDER BY p.message_id DESC LIMIT 50`,
    conversationId,
    at,
    at,
  );

/** A message with something to vote about, where it is and what I am there. */
export interface Asked {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly ref: string | null;
  readonly author: Pick<Speaker, 'who' | 'occupantId'>;
  readonly mine: boolean;
  readonly sentAt: number;
  readonly sortAt: number;
  readonly sortSeq: number;
  /** I can say something there. */
  readonly speaks: boolean;
  /** I am in it and not muted, also where only moderators write. */
  readonly present: boolean;
  readonly moderates: boolean;
}

interface StoredAsked {
  id: MessageId;
  conversationId: ConversationId;
  ref: string | null;
  who: string;
  occupantId: string | null;
  outgoing: number;
  sentAt: number;
  sortAt: number;
  sortSeq: number;
  state: string;
  rank: string;
  muted: number;
  quiet: number;
}

/** Columns and tables of `Asked`, for messages with a row in `table`. */
export const askedFrom = (table: 'poll' | 'question_box', columns: string): string => `
  SELECT m.id, m.conversation_id AS conversationId, m.stanza_id AS ref, m.sender_address AS who,
         o.occupant_id AS occupantId, m.outgoing, m.sent_at AS sentAt, m.sort_at AS sortAt, m.sort_seq AS sortSeq,
         r.state, r.rank, coalesce(r.muted_until > unixepoch() * 1000, 0) AS muted,
         coalesce(json_extract(r.policy, '$.announcementsOnly'), 0) AS quiet, ${columns}
    FROM ${table} p CROSS JOIN message m ON m.id = p.message_id
    LEFT JOIN message_occupant o ON o.message_id = m.id
    CROSS JOIN room r ON r.conversation_id = m.conversation_id`;

export function asked(s: StoredAsked): Asked {
  const present = (s.state === 'joined' || s.state === 'joining') && s.muted === 0 && s.rank !== 'banned';
  const moderates = s.rank === 'owner' || s.rank === 'moderator';
  const { id, conversationId, ref, sentAt, sortAt, sortSeq } = s;
  return {
    ...{ id, conversationId, ref, sentAt, sortAt, sortSeq, present, moderates },
    author: { who: s.who, occupantId: s.occupantId },
    mine: s.outgoing === 1,
    speaks: present && (moderates || s.quiet === 0),
  };
}

interface StoredPoll extends StoredAsked {
  question: string;
  several: number;
  anonymous: number;
  endsAt: number | null;
  madeHere: number;
}

const pollColumns = `p.question, p.several, p.anonymous, p.ends_at AS endsAt, p.made_here AS madeHere`;

/** The part of messages that ask something. */
export function loadPolls(
  db: ReadableDb,
  ids: readonly MessageId[],
): Map<MessageId, Pick<MessageParts, 'poll'>> {
  const found = rows<StoredPoll>(
    db,
    `${askedFrom('poll', pollColumns)} WHERE p.message_id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  );
  return new Map(found.map((stored) => [stored.id, { poll: countPoll(db, stored, asked(stored)) }]));
}

export const ownAddress = (db: ReadableDb): string =>
  value<string>(db, `SELECT address FROM conversation WHERE kind = 'self'`) ?? '';

function countPoll(db: ReadableDb, stored: StoredPoll, a: Asked): Poll {
  const options = optionsOf(db, stored.id);
  const anonymous = stored.anonymous === 1;
  const several = stored.several === 1;
  const notes = a.ref === null ? [] : pollNotes(db, a.conversationId, a.ref);
  const over = closedAt(notes, a.author, 'close');
  const end = Math.min(stored.endsAt ?? Infinity, over ?? Infinity);
  const own = ownAddress(db);
  const said: readonly (Speaker & { at: number; choices: readonly number[] })[] = [
    ...notes.flatMap((n) => (n.kind === 'vote' && n.direct === anonymous ? [{ ...n, choices: n.body }] : [])),
    ...(anonymous ? [] : numberVotes(db, a, end)),
  ];
  const person = persons(db, a.conversationId, said);
  const votes: Vote[] = said.map((one) => ({ ...one, person: person(one) })).sort((x, y) => x.at - y.at);
  const waiting = notesOfMessage(db, stored.id);
  const mineWaiting = waiting.findLast(({ kind }) => kind === 'vote');
  if (mineWaiting?.kind === 'vote')
    // Behind all that is known: it takes the place of what another device of mine said before.
    votes.push({ person: own, nick: '', at: Math.min(end, Date.now()), choices: mineWaiting.body });
  const counted = newestVotes(votes, { options: options.length, several, end });
  const counts = { options: options.length, several, counted };
  const heard = [...counted.values()].filter(({ choices }) => choices.length > 0).length;
  const tally = anonymous && stored.madeHere === 0 ? tallyOf(notes, a, counts) : null;
  // Another device of its author counts too; it may have come later, and then the tally knows of more.
  const told = tally !== null && a.mine && heard >= tally.voters ? null : tally;
  const names = anonymous ? new Map<string, string>() : namesOf(db, counted, own);
  const closed =
    over !== null || (stored.endsAt !== null && stored.endsAt <= Date.now()) || waiting.some(isClosing);
  return {
    question: stored.question,
    options: options.map((text, place) => {
      const chose = [...counted.values()].filter(({ choices }) => choices.includes(place));
      const others = chose.filter((vote) => vote.person !== own);
      return {
        text,
        votes: told?.counts[place] ?? (told ? 0 : chose.length),
        voters: anonymous
          ? []
          : others.slice(0, MOST_NAMES).map((vote) => names.get(vote.person) ?? vote.nick),
        mine: chose.length > others.length,
      };
    }),
    ...{ several, anonymous, closed, endsAt: stored.endsAt },
    voters: told?.voters ?? heard,
    waiting: mineWaiting !== undefined,
    may: { vote: a.present && !closed, close: a.present && !closed && (a.mine || a.moderates) },
  };
}

const isClosing = ({ kind }: { kind: PollNote['kind'] }): boolean => kind === 'close';

/** The newest count that the author told; nobody else's. What cannot be so is none. */
function tallyOf(
  notes: readonly PollNote[],
  a: Asked,
  poll: { options: number; several: boolean },
): { counts: readonly number[]; voters: number } {
  const told = notes.findLast(
    (note) =>
      note.kind === 'tally' &&
      !note.direct &&
      isBy(note, a.author) &&
      note.body.counts.length === poll.options &&
      note.body.counts.every((count) => count <= note.body.voters),
  );
  return told?.kind === 'tally' ? told.body : { counts: [], voters: 0 };
}

/** How each of them is shown; `names` of who is known here. */
function namesOf(db: ReadableDb, votes: ReadonlyMap<string, Vote>, own: string): Map<string, string> {
  const others = [...votes.keys()].filter((who) => who !== own);
  const known = rows<{ address: string; name: string; nick: string }>(
    db,
    'SELECT address, name, nick FROM person WHERE address IN (SELECT value FROM json_each(?))',
    JSON.stringify(others),
  );
  const people = new Map(known.map((person) => [person.address, person]));
  return new Map(
    others.map((who) => {
      const person = people.get(who);
      return [who, shownName(who, person?.name ?? null, person?.nick ?? null, votes.get(who)?.nick ?? null)];
    }),
  );
}

/**
 * Texts that are votes: a number as an answer to the poll, or as the first that its sender wrote behind it, while no other
 * poll was open. As they were at the end: what was changed after it changes no result.
 */
function numberVotes(
  db: ReadableDb,
  a: Asked,
  end: number,
): (Speaker & { at: number; choices: readonly number[] })[] {
  const last = Number.isFinite(end) ? end : Number.MAX_SAFE_INTEGER;
  const found = numbersBetween(db, a.conversationId, a.sentAt, last);
  const bare = found.some(({ ref }) => ref === null) ? openBeside(db, a) : null;
  return found.flatMap((one) => {
    const choices = numbersIn(one.text);
    const counts = one.ref === null ? bare?.(one) === true : one.ref === a.ref;
    if (choices === null || !counts) return [];
    return [{ ...one, nick: one.nick ?? '', moderates: false, choices }];
  });
}

/** Whether a number that answers nothing can only mean this poll. */
function openBeside(db: ReadableDb, a: Asked): (one: PollNumber) => boolean {
  const others = rows<StoredPoll>(
    db,
    `${askedFrom('poll', pollColumns)} WHERE p.conversation_id = ? AND (p.ends_at IS NULL OR p.ends_at >= ?)`,
    a.conversationId,
    a.sentAt,
  )
    .filter((other) => other.id !== a.id)
    .map((other) => {
      const notes = other.ref === null ? [] : pollNotes(db, a.conversationId, other.ref);
      const over = closedAt(notes, { who: other.who, occupantId: other.occupantId }, 'close');
      return { from: other.sentAt, to: Math.min(other.endsAt ?? Infinity, over ?? Infinity) };
    });
  const behind = rows<{ id: MessageId; who: string; occupantId: string | null }>(
    db,
    `SELECT m.id, m.sender_address AS who, o.occupant_id AS occupantId FROM message m
       LEFT JOIN message_occupant o ON o.message_id = m.id
      WHERE m.conversation_id = ? AND (m.sort_at, m.sort_seq) > (?, ?)
      ORDER BY m.sort_at, m.sort_seq LIMIT ${NEAR}`,
    a.conversationId,
    a.sortAt,
    a.sortSeq,
  );
  const first = new Map<string, MessageId>();
  for (const { id, who, occupantId } of behind)
    for (const name of [who, `occupant:${occupantId ?? ''}`]) if (!first.has(name)) first.set(name, id);
  return ({ id, who, at }) => first.get(who) === id && !others.some(({ from, to }) => from <= at && at <= to);
}

/** Nothing stays of what an unsent message asked, of who said what about it, or of a number it was. */
export function forgetPoll(db: WritableDb, id: MessageId): void {
  run(
    db,
    `DELETE FROM poll_note WHERE (conversation_id, ref) IN (
       SELECT conversation_id, stanza_id FROM message WHERE id = ? AND stanza_id IS NOT NULL)`,
    id,
  );
  run(db, 'DELETE FROM poll_option WHERE message_id = ?', id);
  run(db, 'DELETE FROM poll WHERE message_id = ?', id);
  run(db, 'DELETE FROM question_box WHERE message_id = ?', id);
  run(db, 'DELETE FROM poll_number WHERE message_id = ?', id);
  run(db, 'DELETE FROM outgoing_note WHERE message_id = ?', id);
}
