import * as v from 'valibot';
import { method } from './define.ts';
import { conversationId, messageId } from './ids.ts';

/** Stands with the message that asks; its text is what other apps show. Changes come by `messages.changed`. */
export interface Poll {
  readonly question: string;
  readonly options: readonly {
    readonly text: string;
    readonly votes: number;
    /** Who chose it besides me, by name, a hundred at most; [] in an anonymous poll. */
    readonly voters: readonly string[];
    readonly mine: boolean;
  }[];
  /** More than one may be chosen. */
  readonly several: boolean;
  readonly anonymous: boolean;
  /** Unix time, ms; null: until it is closed by hand. */
  readonly endsAt: number | null;
  readonly closed: boolean;
  /** People who voted. */
  readonly voters: number;
  /** A vote of mine that has not left yet. */
  readonly waiting: boolean;
  readonly may: { readonly vote: boolean; readonly close: boolean };
}

/** A question box: people put questions, others vote them up, the host marks what was answered. */
export interface QuestionBox {
  readonly title: string;
  readonly open: boolean;
  /** Most votes first, answered ones last. */
  readonly questions: readonly {
    /** '' for one of mine that has not left yet: nobody can vote for it. */
    readonly id: string;
    readonly text: string;
    /** Name; '' for me. */
    readonly by: string;
    readonly at: number;
    readonly votes: number;
    readonly mine: boolean;
    readonly answered: boolean;
  }[];
  readonly may: { readonly ask: boolean; readonly host: boolean };
}

const text = (most: number) => v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(most));
const questionId = v.pipe(v.string(), v.nonEmpty(), v.maxLength(256));

export const polls = {
  /** Throws `forbidden`, `slow-mode`, `guidelines-first` as any message of a group. */
  'polls.create': method()(
    v.object({
      conversationId,
      question: text(300),
      options: v.pipe(v.array(text(100)), v.minLength(2), v.maxLength(12)),
      several: v.boolean(),
      anonymous: v.boolean(),
      /** Unix time, ms; within a year. */
      endsAt: v.nullable(v.number()),
    }),
  ),
  /** The whole vote: takes the place of an earlier one; [] takes it back. Throws `poll-closed`. */
  'polls.vote': method()(
    v.object({
      id: messageId,
      choices: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.maxLength(12)),
    }),
  ),
  'polls.close': method()(v.object({ id: messageId })),
  'questions.open': method()(v.object({ conversationId, title: text(200) })),
  'questions.ask': method()(v.object({ id: messageId, text: text(500) })),
  'questions.vote': method()(v.object({ id: messageId, question: questionId, on: v.boolean() })),
  'questions.answered': method()(v.object({ id: messageId, question: questionId, answered: v.boolean() })),
  /**
   * Takes one question out of its box for everybody: one of mine, or as a moderator. Throws `forbidden`, `offline`,
   * `moderation-unsupported`.
   */
  'questions.remove': method()(
    v.object({
      id: messageId,
      question: questionId,
      reason: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(500)), ''),
    }),
  ),
  'questions.close': method()(v.object({ id: messageId })),
};
