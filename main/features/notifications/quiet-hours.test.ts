import { describe, expect, it } from 'vitest';
import type { QuietHours } from '../../../contract/settings.ts';
import { isQuiet } from './quiet-hours.ts';

const night = { from: 22 * 60, to: 7 * 60 };
const lunch = { from: 12 * 60, to: 13 * 60 };
const none = null;
const hours = (days: QuietHours['days'], timeZone = 'UTC', on = true): QuietHours => ({ on, timeZone, days });
const everyNight = [night, night, night, night, night, night, night];

describe('quiet hours', () => {
  // 2026-11-23 is a Monday.
  it.each<[string, QuietHours, string, boolean]>([
    ['off', hours(everyNight, 'UTC', false), '2026-11-23T23:00Z', false],
    ['before it begins', hours(everyNight), '2026-11-23T21:59Z', false],
    ['the first minute', hours(everyNight), '2026-11-23T22:00Z', true],
    ['after midnight', hours(everyNight), '2026-11-24T06:59Z', true],
    ['the minute it ends', hours(everyNight), '2026-11-24T07:00Z', false],
    ['only Monday: its night', hours([night, none, none, none, none, none, none]), '2026-11-24T03:00Z', true],
    [
      'only Monday: the night before',
      hours([night, none, none, none, none, none, none]),
      '2026-11-23T03:00Z',
      false,
    ],
    ['Sunday into Monday', hours([none, none, none, none, none, none, night]), '2026-11-23T03:00Z', true],
    ['within a day', hours([lunch, none, none, none, none, none, none]), '2026-11-23T12:30Z', true],
    [
      'within a day, another one',
      hours([lunch, none, none, none, none, none, none]),
      '2026-11-24T12:30Z',
      false,
    ],
    [
      'the whole day',
      hours([{ from: 0, to: 0 }, none, none, none, none, none, none]),
      '2026-11-23T15:00Z',
      true,
    ],
    [
      'the whole day is over',
      hours([{ from: 0, to: 0 }, none, none, none, none, none, none]),
      '2026-11-24T00:00Z',
      false,
    ],
    [
      '24 hours that begin in the evening',
      hours([{ from: 1320, to: 1320 }, none, none, none, none, none, none]),
      '2026-11-24T21:59Z',
      true,
    ],
    [
      '24 hours that are over',
      hours([{ from: 1320, to: 1320 }, none, none, none, none, none, none]),
      '2026-11-24T22:00Z',
      false,
    ],
    ['another zone', hours(everyNight, 'Asia/Tokyo'), '2026-11-23T13:30Z', true],
    ['another zone, by day there', hours(everyNight, 'Asia/Tokyo'), '2026-11-23T23:30Z', false],
    [
      'another day there',
      hours([none, night, none, none, none, none, none], 'Pacific/Auckland'),
      '2026-11-24T10:00Z',
      true,
    ],
    [
      'summer time: the hour that there is twice',
      hours(everyNight, 'Europe/Berlin'),
      '2026-10-25T05:59Z',
      true,
    ],
    ['summer time: over', hours(everyNight, 'Europe/Berlin'), '2026-10-25T06:00Z', false],
  ])('%s', (_name, quiet, at, expected) => expect(isQuiet(quiet, Date.parse(at))).toBe(expected));

  it('takes a zone that nobody knows for the computer’s own', () =>
    expect(
      isQuiet(
        hours(
          [{ from: 0, to: 0 }, { from: 0, to: 0 }, none, none, none, none, none].fill({ from: 0, to: 0 }),
          'Mars/Base',
        ),
        Date.now(),
      ),
    ).toBe(true));
});
