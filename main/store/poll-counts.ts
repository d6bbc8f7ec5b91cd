import type { PollNote, Speaker } from './poll-notes.ts';

/** One vote, by a note or a text that is a number. */
export interface Vote {
  readonly person: string;
  readonly nick: string;
  /** Unix time, ms: the room's. */
  readonly at: number;
  readonly choices: readonly number[];
}

/** "2", and "1, 3" where several may be chosen; numbers count from 1, places from 0. null: it is no vote. */
export function numbersIn(text: string): number[] | null {
  const line = text.trim();
  if (!/^\d{1,2}(?:[\s,;+&]+\d{1,2}){0,11}[.)]?$/.test(line)) return null;
  return (line.match(/\d+/g) ?? []).map((number) => Number(number) - 1);
}

/** Whether a poll can have been answered like that. */
export const isSound = (choices: readonly number[], poll: { options: number; several: boolean }): boolean =>
  (poll.several || choices.length <= 1) &&
  new Set(choices).size === choices.length &&
  choices.every((place) => Number.isInteger(place) && place >= 0 && place < poll.options);

/** Each person's newest vote that is sound and not after the end; of the same time the one that stands later. */
export function newestVotes(
  votes: readonly Vote[],
  poll: { options: number; several: boolean; end: number },
): Map<string, Vote> {
  const newest = new Map<string, Vote>();
  for (const vote of votes) {
    if (vote.at > poll.end || !isSound(vote.choices, poll)) continue;
    const before = newest.get(vote.person);
    if (before === undefined || vote.at >= before.at) newest.set(vote.person, vote);
  }
  return newest;
}

/** Who may say that it is over: whoever asked, and moderators. Unix ms; null: nobody did. */
export function closedAt(
  notes: readonly PollNote[],
  author: Pick<Speaker, 'who' | 'occupantId'>,
  kind: 'close' | 'close-box',
): number | null {
  const times = notes
    .filter((note) => note.kind === kind && !note.direct && (note.moderates || isBy(note, author)))
    .map(({ at }) => at);
  return times.length === 0 ? null : Math.min(...times);
}

/** Whether the author of a message said it. */
export const isBy = (
  note: Pick<Speaker, 'who' | 'occupantId'>,
  author: Pick<Speaker, 'who' | 'occupantId'>,
): boolean =>
  note.who === author.who || (author.occupantId !== null && note.who === `occupant:${author.occupantId}`);
