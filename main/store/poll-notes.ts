import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, rows, run, value } from './sql.ts';

/** What is said about polls and question boxes; `body` is JSON of the part with the same name. */
export interface PollNoteBodies {
  /** The places of the options. */
  readonly vote: readonly number[];
  readonly tally: { readonly counts: readonly number[]; readonly voters: number };
  readonly close: null;
  readonly ask: string;
  readonly upvote: { readonly question: string; readonly on: boolean };
  readonly answered: { readonly question: string; readonly answered: boolean };
  readonly 'close-box': null;
}
export type PollNoteKind = keyof PollNoteBodies;

/** Who said something in a group: their bare address, or `occupant:ID` (XEP-0421) where the room hides it. */
export interface Speaker {
  readonly who: string;
  readonly occupantId: string | null;
  /** What the room calls them. */
  readonly nick: string;
  /** They were an owner or a moderator. */
  readonly moderates: boolean;
}

export type PollNote = Speaker & {
  readonly id: number;
  /** What the room calls this note, or its sender where the room calls it nothing. */
  readonly noteId: string;
  /** It came as a message of two. */
  readonly direct: boolean;
  /** Unix time, ms: the room's. */
  readonly at: number;
} & { [K in PollNoteKind]: { readonly kind: K; readonly body: PollNoteBodies[K] } }[PollNoteKind];

/** So much of one kind somebody says about one message at most; what is older goes. */
const MOST = 300;

/**
 * Keeps what somebody said about the message that the room calls `ref`. The same note twice is kept once, with the time
 * it has in the archive. False when it was known. In a transaction.
 */
export function addPollNote(
  db: WritableDb,
  conversationId: ConversationId,
  ref: string,
  n: Speaker & {
    readonly kind: PollNoteKind;
    /** Of this kind. */
    readonly body: PollNoteBodies[PollNoteKind];
    readonly noteId: string;
    readonly direct: boolean;
    readonly at: number;
    /** Its time is the archive's own. */
    readonly archived: boolean;
  },
): boolean {
  const key = [conversationId, ref, n.kind, n.who, n.noteId];
  const known = value<number>(
    db,
    'SELECT at FROM poll_note WHERE conversation_id = ? AND ref = ? AND kind = ? AND who = ? AND note_id = ?',
    ...key,
  );
  if (known !== undefined && (!n.archived || known === n.at)) return false;
  run(
    db,
    `INSERT INTO poll_note (conversation_id, ref, kind, who, note_id, occupant_id, nick, moderates, direct, at, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, ref, kind, who, note_id) DO UPDATE SET at = excluded.at`,
    ...key,
    n.occupantId,
    n.nick,
    Number(n.moderates),
    Number(n.direct),
    n.at,
    JSON.stringify(n.body),
  );
  run(
    db,
    `DELETE FROM poll_note WHERE id IN (
       SELECT id FROM poll_note WHERE conversation_id = ? AND ref = ? AND kind = ? AND who = ?
        ORDER BY at DESC, id DESC LIMIT -1 OFFSET ${MOST})`,
    conversationId,
    ref,
    n.kind,
    n.who,
  );
  return true;
}

/** All that was said about a message, oldest first. */
export const pollNotes = (db: ReadableDb, conversationId: ConversationId, ref: string): PollNote[] =>
  rows<Record<string, unknown>>(
    db,
    `SELECT id, kind, who, note_id AS noteId, occupant_id AS occupantId, nick, moderates, direct, at, body
       FROM poll_note WHERE conversation_id = ? AND ref = ? ORDER BY at, id`,
    conversationId,
    ref,
  ).map(
    (n) =>
      // Written by `addPollNote` alone, whose types are these.
      ({
        ...n,
        moderates: n['moderates'] === 1,
        direct: n['direct'] === 1,
        body: JSON.parse(n['body'] as string) as unknown,
      }) as PollNote,
  );

/** An anonymous poll of mine, whose votes come to my devices: whether it was made on this one. null: nothing to count. */
export function countsVotes(db: ReadableDb, id: MessageId): 'made here' | 'elsewhere' | null {
  const made = value<number>(
    db,
    `SELECT p.made_here FROM poll p CROSS JOIN message m ON m.id = p.message_id
      WHERE p.message_id = ? AND p.anonymous = 1 AND m.outgoing = 1`,
    id,
  );
  return made === undefined ? null : made === 1 ? 'made here' : 'elsewhere';
}

/** Who put a question into a box, and what the room calls the box's message; null where there is no such question. */
export const questionNote = (
  db: ReadableDb,
  conversationId: ConversationId,
  noteId: string,
): { id: number; ref: string; who: string; occupantId: string | null } | null =>
  row(
    db,
    `SELECT id, ref, who, occupant_id AS occupantId FROM poll_note
      WHERE conversation_id = ? AND kind = 'ask' AND note_id = ? AND direct = 0`,
    conversationId,
    noteId,
  ) ?? null;

/** A question is taken back. In a transaction. */
export const forgetQuestion = (db: WritableDb, id: number): void =>
  void run(db, `DELETE FROM poll_note WHERE id = ? AND kind = 'ask'`, id);

/** A text that is a number has come: it may be the vote of another app. In the transaction that stores it. */
export function addPollNumber(
  db: WritableDb,
  id: MessageId,
  n: { conversationId: ConversationId; who: string; occupantId: string | null; at: number },
): void {
  run(
    db,
    `INSERT INTO poll_number (message_id, conversation_id, who, occupant_id, at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (message_id) DO UPDATE SET at = excluded.at`,
    id,
    n.conversationId,
    n.who,
    n.occupantId,
    n.at,
  );
}

/** A text that is, or was, a number. */
export interface PollNumber {
  readonly id: MessageId;
  readonly who: string;
  readonly occupantId: string | null;
  readonly nick: string | null;
  readonly at: number;
  /** As it was at the end of the time asked for. */
  readonly text: string;
  /** The message that it answers, as the room calls it. */
  readonly ref: string | null;
}

/** Those of a group that were said from `from` to `to` (Unix ms), oldest first. */
export const numbersBetween = (
  db: ReadableDb,
  conversationId: ConversationId,
  from: number,
  to: number,
): PollNumber[] =>
  rows<PollNumber>(
    db,
    `SELECT n.message_id AS id, n.who, n.occupant_id AS occupantId, o.nick, n.at, r.ref,
            coalesce((SELECT v.text FROM message_version v
                       WHERE v.message_id = n.message_id AND (v.correction_id IS NULL OR v.at <= ?)
                       ORDER BY v.correction_id IS NOT NULL DESC, v.at DESC, v.id DESC LIMIT 1), m.text) AS text
       FROM poll_number n CROSS JOIN message m ON m.id = n.message_id
       LEFT JOIN message_reply r ON r.message_id = n.message_id
       LEFT JOIN message_occupant o ON o.message_id = n.message_id
      WHERE n.conversation_id = ? AND n.at >= ? AND n.at <= ? ORDER BY n.at LIMIT 5000`,
    to,
    conversationId,
    from,
    to,
  );

/** How often people voted in a group from `from` to before `to` (Unix ms), by bare address; never in secret. */
export const votesBetween = (
  db: ReadableDb,
  conversationId: ConversationId,
  from: number,
  to: number,
): Map<string, number> =>
  new Map(
    rows<{ who: string; votes: number }>(
      db,
      `SELECT who, count(*) AS votes FROM poll_note
        WHERE conversation_id = ? AND kind IN ('vote', 'upvote') AND direct = 0 AND at >= ? AND at < ? GROUP BY who`,
      conversationId,
      from,
      to,
    ).map(({ who, votes }) => [who, votes]),
  );

/** The same person under both names: by address wherever one is known for an occupant id. */
export function persons(
  db: ReadableDb,
  conversationId: ConversationId,
  said: readonly Pick<Speaker, 'who' | 'occupantId'>[],
): (one: Pick<Speaker, 'who' | 'occupantId'>) => string {
  if (!said.some(({ who }) => isHidden(who))) return ({ who }) => who;
  const known = new Map<string, string>();
  const addresses = rows<{ address: string; occupantId: string }>(
    db,
    `SELECT address, occupant_id AS occupantId FROM room_person
      WHERE conversation_id = ? AND occupant_id IS NOT NULL AND address NOT LIKE '%/%'`,
    conversationId,
  );
  for (const { address, occupantId } of addresses) known.set(occupantId, address);
  for (const { who, occupantId } of said)
    if (occupantId !== null && !isHidden(who)) known.set(occupantId, who);
  return ({ who, occupantId }) => (isHidden(who) ? (known.get(occupantId ?? '') ?? who) : who);
}

const isHidden = (who: string): boolean => who.startsWith('occupant:');
