import { expect, it } from 'vitest';
import { endOf, isEnd, shares } from './shares.ts';

const poll = (voters: number, ...votes: number[]) => ({
  voters,
  options: votes.map((count) => ({ text: '', votes: count, voters: [], mine: false })),
});

it('shares are of the people, not of the choices', () => {
  expect(shares(poll(0, 0, 0))).toEqual([0, 0]);
  expect(shares(poll(3, 1, 2))).toEqual([33, 67]);
  expect(shares(poll(2, 2, 1))).toEqual([100, 50]);
});

it('a poll ends in the future and within a year, or by hand', () => {
  const now = new Date(2026, 9, 24, 12).getTime();
  expect(endOf('never', '', now)).toBeNull();
  expect(endOf('hour', '', now)).toBe(now + 3_600_000);
  // The clock goes back in many places that night: the same time of the next day.
  expect(new Date(endOf('day', '', now) ?? 0).getHours()).toBe(12);
  expect(endOf('at', '2026-10-25T08:30', now)).toBe(new Date(2026, 9, 25, 8, 30).getTime());
  expect(isEnd(endOf('at', '', now), now)).toBe(false);
  expect([null, now, now + 1, now + 366 * 86_400_000].map((end) => isEnd(end, now))).toEqual([
    true,
    false,
    true,
    false,
  ]);
});
