/** Midnight of the day that `time` (Unix ms) falls on in local time, Unix ms. */
export function startOfDay(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Whole local days from `time` to `now`: 0 today, 1 yesterday. Rounded, since days with a clock change differ. */
export const daysBefore = (time: number, now: number): number =>
  Math.round((startOfDay(now) - startOfDay(time)) / 86_400_000);

const systemLocale = (): string => (typeof navigator === 'undefined' ? 'en-GB' : navigator.language);

/**
 * A way to write times, made once a locale: making one costs about 50 µs, and a timeline needs hundreds.
 * Without a locale it is the window's.
 */
function format(options: Intl.DateTimeFormatOptions): (time: number, locale?: string) => string {
  const made = new Map<string | undefined, Intl.DateTimeFormat>();
  return (time, locale) => {
    let written = made.get(locale);
    if (!written) made.set(locale, (written = new Intl.DateTimeFormat(locale ?? systemLocale(), options)));
    return written.format(time);
  };
}

/** The time of day of a message. */
export const formatTime = format({ hour: 'numeric', minute: '2-digit' });

/** The whole date and time, for titles. */
export const formatFull = format({ dateStyle: 'full', timeStyle: 'short' });

/** A month's heading. */
export const formatMonth = format({ month: 'long', year: 'numeric' });

/** A day as a short date with its year. */
export const formatDate = format({ dateStyle: 'medium' });

const weekday = format({ weekday: 'long' });
const dayOfThisYear = format({ day: 'numeric', month: 'long', weekday: 'long' });
const dayOfAnyYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
const shortWeekday = format({ weekday: 'short' });
const shortDay = format({ day: 'numeric', month: 'short' });
const shortDate = format({ dateStyle: 'short' });

export interface DayWords {
  readonly today: string;
  readonly yesterday: string;
}

/** A day's heading: today, yesterday, the weekday within a week, then the date (with its year if another). */
export function formatDay(time: number, now: number, words: DayWords, locale?: string): string {
  const days = daysBefore(time, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  if (days > 1 && days < 7) return weekday(time, locale);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayOfThisYear : dayOfAnyYear)(time, locale);
}

/** The short stamp of an inbox row: the time today, else yesterday, the weekday or the date. */
export function formatStamp(time: number, now: number, words: DayWords, locale?: string): string {
  const days = daysBefore(time, now);
  if (days <= 0) return formatTime(time, locale);
  if (days === 1) return words.yesterday;
  if (days < 7) return shortWeekday(time, locale);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? shortDay : shortDate)(time, locale);
}
