import type { ConversationId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
import { votesBetween } from '../../store/index.ts';
import type { AccountConnection } from '../connection.ts';
import type { Notes } from '../groups/notes.ts';
import { questionHandlers } from './questions.ts';
import { createNoteQueue } from './queue.ts';
import { createPollReader } from './read.ts';
import { pollHandlers } from './votes.ts';
import type { PollParts } from './write.ts';

/** Polls and question boxes of groups: docs/mechanisms/polls.md. */
export interface Polls {
  /** What waits may go. */
  pump(): void;
  /** How often people voted in a while, by bare address. Unix ms. */
  votes(id: ConversationId, from: number, to: number): ReadonlyMap<string, number>;
  close(): void;
  readonly handlers: Pick<Handlers, Extract<keyof Handlers, `polls.${string}` | `questions.${string}`>>;
}

export function createPolls(
  o: Omit<PollParts, 'queue'> & {
    connection: AccountConnection;
    notes: Notes;
    /** Groups that can be written to now. */
    openRooms(): readonly ConversationId[];
    /** Whether a room has to be asked if it still knows me. */
    doubt(room: string): void;
    log(line: string): void;
  },
): Polls {
  const queue = createNoteQueue(o);
  const parts = { ...o, queue };
  const reader = createPollReader({ ...o, queue });
  o.notes.read('polls', reader);
  o.notes.read('questions', { ...reader, text: () => undefined });
  return {
    pump: queue.pump,
    votes: (id, from, to) => votesBetween(o.db, id, from, to),
    close: queue.close,
    handlers: { ...pollHandlers(parts), ...questionHandlers(parts) },
  };
}
