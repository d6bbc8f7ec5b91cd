import { describe, expect, it } from 'vitest';
import { formatBytes, formatShare } from './bytes.ts';
import { mayHaveLinks, splitLinks } from './links.ts';
import { daysBefore, formatDay, formatStamp, formatTime, startOfDay } from './times.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [410_000, '410 kB'],
    [999_600, '1.0 MB'],
    [8_200_000, '8.2 MB'],
    [12_400_000, '12 MB'],
    [10_000_000_000, '10 GB'],
    [-5, '0 B'],
  ])('%d bytes are %s', (bytes, words) => expect(formatBytes(bytes)).toBe(words));

  it('keeps shares between nothing and everything', () => {
    expect([-1, 0.424, 2].map((share) => formatShare(share))).toEqual(['0%', '42%', '100%']);
  });
});

describe('days and times', () => {
  const words = { today: 'Today', yesterday: 'Yesterday' };
  const now = new Date(2026, 2, 31, 9, 30).getTime();
  const day = (date: number, hour = 12, month = 2, year = 2026) =>
    new Date(year, month, date, hour).getTime();

  it('counts local days, also over a change of the clocks', () => {
    expect(daysBefore(day(31, 0), now)).toBe(0);
    expect(daysBefore(day(30, 23), now)).toBe(1);
    expect(daysBefore(day(28, 1), now)).toBe(3);
    expect(startOfDay(now)).toBe(day(31, 0));
  });

  it('names near days and dates far ones', () => {
    const heading = (time: number) => formatDay(time, now, words, 'en-GB');
    expect(heading(day(31, 1))).toBe('Today');
    expect(heading(day(30))).toBe('Yesterday');
    expect(heading(day(27))).toBe('Friday');
    expect(heading(day(2))).toBe('Monday 2 March');
    expect(heading(day(2, 12, 5, 2024))).toBe('2 June 2024');
  });

  it('gives a message from a clock that is ahead its date, not a weekday', () => {
    expect(formatDay(day(3, 12, 3), now, words, 'en-GB')).toBe('Friday 3 April');
  });

  it('shortens the stamps of the inbox', () => {
    const stamp = (time: number) => formatStamp(time, now, words, 'en-GB');
    expect(stamp(day(31, 8))).toBe(formatTime(day(31, 8), 'en-GB'));
    expect(stamp(day(30))).toBe('Yesterday');
    expect(stamp(day(27))).toBe('Fri');
    expect(stamp(day(2))).toBe('2 Mar');
  });
});

describe('splitLinks', () => {
  it.each([
    'https://a.example',
    'see example.org now',
    'me@a.example',
    'mailto:me@a.example',
    '例え.jp/写真',
  ])('is asked about %s', (text) =>
    expect(mayHaveLinks(text)).toBe(splitLinks(text).some(({ href }) => href !== null)),
  );
  it('is not asked about words with full stops and times', () => {
    expect(['Hello. Yes!', 'until 9: then', 'no dots', ''].map(mayHaveLinks)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  const hrefs = (text: string) => splitLinks(text).flatMap(({ href }) => (href === null ? [] : [href]));

  it('finds web and mail addresses', () => {
    expect(hrefs('see example.org/x, http://a.example/c?d=1. or anna@example.org')).toEqual([
      'https://example.org/x',
      'http://a.example/c?d=1',
      'mailto:anna@example.org',
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ftp://a.example/b',
    '//evil.example/x',
    'data:text/html,x',
  ])('leaves %s as text', (text) => expect(splitLinks(text)).toEqual([{ text, href: null }]));

  it('shows a look-alike domain for what it is', () => {
    expect(hrefs('https://аpple.com/')).toEqual(['https://xn--pple-43d.com/']);
  });

  it('loses no character', () => {
    const text = 'a\u202Eb https://example.org\n\n(c) 🙏 <b>d</b> www.example.org!';
    expect(
      splitLinks(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });
});
