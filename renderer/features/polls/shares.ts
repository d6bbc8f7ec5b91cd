import type { Poll } from '../../../contract/polls.ts';

/** Of those who voted, how many chose each option, in whole percent; several choices can come to more than 100. */
export const shares = ({ options, voters }: Pick<Poll, 'options' | 'voters'>): number[] =>
  options.map(({ votes }) => (voters === 0 ? 0 : Math.round((votes / voters) * 100)));

/** When somebody who chose `span` now wants it to end, Unix ms; null: by hand. */
export function endOf(
  span: 'never' | 'hour' | 'day' | 'week' | 'at',
  when: string,
  now: number,
): number | null {
  if (span === 'never') return null;
  if (span === 'hour') return now + 3_600_000;
  if (span === 'at') return new Date(when).getTime();
  const end = new Date(now);
  return end.setDate(end.getDate() + (span === 'day' ? 1 : 7));
}

/** ms; what the core takes. */
const YEAR = 365 * 86_400_000;

/** Whether a poll can end then. */
export const isEnd = (end: number | null, now: number): boolean =>
  end === null || (end > now && end < now + YEAR);
