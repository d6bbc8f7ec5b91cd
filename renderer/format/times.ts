/** Midnight of the day that `time` (Unix ms) falls on in local time, Unix ms. */
export function startOfDay(time: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Whole local days from `time` to `now`: 0 today, 1 yesterday. Rounded, since days with a clock change differ. */
export const daysBefore = (time: number, now: number): number =>
  Math.round((startOfDay(now) - startOfDay(time)) / 86_400_000);

const formats = new Map<string, Intl.DateTimeFormat>();
/** Making a format costs about 50 µs, and a timeline needs hundreds. */
function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/** `undefined` lets Intl take the system's own conventions (12 or 24 hours). */
const systemLocale = (): string => (typeof navigator === 'undefined' ? 'en-GB' : navigator.language);

/** The time of day of a message. */
export const formatTime = (time: number, locale = systemLocale()): string =>
  format(locale, { hour: 'numeric', minute: '2-digit' }).format(time);

/** The whole date and time, for titles. */
export const formatFull = (time: number, locale = systemLocale()): string =>
  format(locale, { dateStyle: 'full', timeStyle: 'short' }).format(time);

export interface DayWords {
  readonly today: string;
  readonly yesterday: string;
}

/** A day's heading: today, yesterday, the weekday within a week, then the date (with its year if another). */
export function formatDay(time: number, now: number, words: DayWords, locale = systemLocale()): string {
  const days = daysBefore(time, now);
  if (days === 0) return words.today;
  if (days === 1) return words.yesterday;
  if (days > 1 && days < 7) return format(locale, { weekday: 'long' }).format(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return format(locale, {
    day: 'numeric',
    month: 'long',
    ...(sameYear ? { weekday: 'long' as const } : { year: 'numeric' as const }),
  }).format(time);
}

/** The short stamp of an inbox row: the time today, else yesterday, the weekday or the date. */
export function formatStamp(time: number, now: number, words: DayWords, locale = systemLocale()): string {
  const days = daysBefore(time, now);
  if (days <= 0) return formatTime(time, locale);
  if (days === 1) return words.yesterday;
  if (days < 7) return format(locale, { weekday: 'short' }).format(time);
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear();
  return format(locale, sameYear ? { day: 'numeric', month: 'short' } : { dateStyle: 'short' }).format(time);
}
